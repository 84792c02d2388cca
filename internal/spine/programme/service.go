package programme

import (
	"context"
	"embed"
	"io/fs"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/profile"
)

//go:embed text/*.json
var texts embed.FS

// MayPlan is the permission to set up activities and templates.
const MayPlan access.Permission = "programme.plan"

// MayPrepare is the permission to read what is for staff, and what is in drafts.
const MayPrepare access.Permission = "programme.prepare"

// MayReword is the permission to write the texts of an activity in each language, and
// nothing else of it.
const MayReword access.Permission = "programme.reword"

// Options are what the room needs of the house.
type Options struct {
	// Changed is called in the transaction that changes an activity which was
	// there before; its fault stops the change. Nil: nobody wants to know.
	Changed func(ctx context.Context, tx *storage.Tx, before, after Activity) error
	// Binds is the fault that tells why a published activity cannot be a draft again. Nil:
	// it always can.
	Binds func(ctx context.Context, tx *storage.Tx, a Activity) error
	// Moved lets the modules tell people, after a wait, that an activity was moved. Nil: nobody
	// is told.
	Moved Moved
	// Concerned lists whom a move would concern. Nil: nobody.
	Concerned ConcernedBy
	// Hangs tells what hangs on the day of an activity. Nil: nothing does.
	Hangs HangsOn
	// Facilitators lists who may be chosen to lead what lies in a place, of the
	// zero scope everybody. Nil: nobody.
	Facilitators func(ctx context.Context, tx *storage.Tx, at access.Scope) ([]Facilitator, error)
	// Knows reports whether somebody was invited to an activity by invitation, or
	// works there. Nil: only who prepares it.
	Knows func(ctx context.Context, tx *storage.Tx, actor access.Actor, a Activity) (bool, error)
	// Book holds the lists of the house. Nil: those with which a house begins.
	Book *profile.Book
	// Night is when moves are told.
	Night Night
}

// Facilitator is somebody who leads activities.
type Facilitator struct {
	ID   storage.ID
	Name string
}

// Service changes the programme, and says who may know of what is in it.
type Service struct {
	changed      func(ctx context.Context, tx *storage.Tx, before, after Activity) error
	moved        Moved
	concerned    ConcernedBy
	hangs        HangsOn
	binds        func(ctx context.Context, tx *storage.Tx, a Activity) error
	facilitators func(ctx context.Context, tx *storage.Tx, at access.Scope) ([]Facilitator, error)
	known        func(ctx context.Context, tx *storage.Tx, actor access.Actor, a Activity) (bool, error)
	book         *profile.Book
	night        Night
}

// Lists gives the cities, groups, age bands and levels as a transaction sees them.
func (s *Service) Lists(ctx context.Context, tx *storage.Tx) (*profile.Lists, error) {
	return s.book.In(ctx, tx)
}

// Night is when messages go that nobody asked for in that minute.
func (s *Service) Night() Night { return s.night }

// Book holds the lists of the house.
func (s *Service) Book() *profile.Book { return s.book }

// New opens the room.
func New(o Options) *Service {
	return &Service{changed: o.Changed, moved: o.Moved, concerned: o.Concerned, hangs: o.Hangs, binds: o.Binds, facilitators: o.Facilitators, known: o.Knows, book: o.Book, night: o.Night}
}

// Texts are the texts of the room and of all its sub-rooms: ky.json, ru.json, en.json.
func Texts() fs.FS {
	text, err := fs.Sub(texts, "text")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return text
}

// Permissions says who may do what in the room and in its sub-rooms.
func Permissions() map[access.Permission][]access.Role {
	return map[access.Permission][]access.Role{
		MayPlan:    {access.Coordinator, access.Admin},
		MayPrepare: append([]access.Role{access.Facilitator, access.Coordinator, access.Admin}, access.Helpers[:]...),
		MayReword:  {access.Translator, access.Editor, access.Coordinator, access.Admin},
	}
}
