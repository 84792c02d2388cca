package demostory

import (
	"context"
	"fmt"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
	seminars "platforma.kg/ashar/internal/modules/seminars/pages"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/messages"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/people/demopeople"
)

// heard is how far back the demo still sends what its story has to say; older news would
// only flood the mailbox.
const heard = 30 * time.Hour

// Options are what the story needs of the house.
type Options struct {
	Store    *storage.Store
	People   *people.Service
	Seminars *seminars.Module

	Applicants int // for the seminar that waits for its selection; 0: some three for each seat
}

// Manifest tells the house that seminars have a part in the demo.
func Manifest(o Options) module.Manifest {
	return module.Manifest{Name: "demostory", Demo: module.Demo{Order: 200, Seed: o.seed}}
}

// seed brings applicants to the activities.
func (o Options) seed(ctx context.Context, s module.Stage) error {
	year := s.Now.Year()
	crowd := append(demopeople.Generate(max(1000, 4*o.Applicants), s.Random, year), demopeople.Members(40, s.Random, year)...)
	for i := range crowd {
		if i%40 == 7 && crowd[i].Email != "" {
			crowd[i].Email = fmt.Sprintf("reader%d@%s", i, demopeople.Nowhere)
		}
	}
	quiet := *o.Seminars
	quiet.Messages = lately{quiet.Messages, s.Now.Add(-heard)}
	story := Story{
		Store: o.Store, People: o.People, Seminars: &quiet, Staff: s.Staff(access.Coordinator),
		Guest: s.Staff(access.Participant).Person, Deputy: s.Staff(access.Deputy).Person, Seed: s.Random, Applicants: o.Applicants,
	}
	return story.Tell(ctx, crowd, s.Now)
}

// lately sends only what is newer than an instant.
type lately struct {
	seats.Messenger
	after time.Time
}

func (l lately) Send(ctx context.Context, tx *storage.Tx, n messages.Notice) error {
	if tx.Now.Before(l.after) {
		return nil
	}
	return l.Messenger.Send(ctx, tx, n)
}
