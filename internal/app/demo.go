package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/people/demopeople"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme"
)

// demoSeed makes the invented people the same in every demo.
const demoSeed = 20220901

// DemoLinks are the links that sign in, one for each role.
type DemoLinks map[access.Role]string

// LoadDemo fills an empty house with the programme and invented people, and
// gives the links that sign in. In a house that holds the demo already it only
// makes new links.
func (a *App) LoadDemo(ctx context.Context) (DemoLinks, error) {
	if !a.options.Demo {
		return nil, errors.New("the demo is loaded only into a demo house")
	}
	if err := a.demoProgramme(ctx); err != nil {
		return nil, fmt.Errorf("load the demo programme: %w", err)
	}
	cast, err := a.demoCast(ctx)
	if err != nil {
		return nil, fmt.Errorf("invent the people of the demo: %w", err)
	}
	if cast.fresh {
		stage := module.Stage{Now: a.options.Clock(), Random: demoSeed, Staff: func(role access.Role) access.Actor {
			return access.Actor{Person: cast.staff[role], Grants: []access.Grant{{Role: role}}, Table: a.table}
		}}
		if err := a.house.Seed(ctx, stage); err != nil {
			return nil, err
		}
	}
	links := DemoLinks{}
	err = a.store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
		for _, role := range access.Roles {
			token, err := a.rooms.people.DemoSignIn(ctx, tx, cast.staff[role])
			if err != nil {
				return err
			}
			links[role] = a.config.Base() + "/demo/in/" + token
		}
		return nil
	})
	return links, err
}

// settleLimit is how long AtRest waits at most: the letters of the demo need a second.
const settleLimit = time.Minute

// AtRest waits until no job is due and none runs, so that who opens the demo first sees
// what everybody sees after her. It waits a minute at most and ends with ctx.
func (a *App) AtRest(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, settleLimit)
	defer cancel()
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for {
		busy := false
		err := a.store.Read(ctx, func(ctx context.Context, tx *storage.Tx) error {
			counts, err := jobs.Count(ctx, tx)
			if err != nil {
				return err
			}
			oldest, err := jobs.OldestDue(ctx, tx)
			busy = counts[jobs.Running] > 0 || !oldest.IsZero() && !oldest.After(tx.Now)
			return err
		})
		if err != nil || !busy {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-look.C:
		}
	}
}

// cast is who plays in the demo.
type cast struct {
	staff map[access.Role]storage.ID
	fresh bool // just invented: the story is still to be told
}

// demoCast invents a person for each role, marked as a demo person.
func (a *App) demoCast(ctx context.Context) (cast, error) {
	c := cast{staff: map[access.Role]storage.ID{}}
	err := a.store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
		c.staff = map[access.Role]storage.ID{}
		invented := demopeople.Generate(len(access.Roles), demoSeed+1, tx.Now.Year())
		p, err := programme.Current(ctx, tx)
		if err != nil {
			return err
		}
		for i, role := range access.Roles {
			d := invented[i]
			d.Email = string(role) + "@demo.invalid"
			d.Phone = ""
			d.Lang = i18n.Kyrgyz
			if role == access.Participant {
				d.Group, d.Level, d.City = profile.Activists, "", "osh"
			}
			if role == access.Deputy {
				d.Group, d.Level, d.Sex = profile.Deputies, profile.CityKenesh, profile.Female
			}
			person, created, err := a.invent(ctx, tx, d)
			if err != nil {
				return err
			}
			c.staff[role] = person.ID
			if created && role != access.Participant {
				g := access.Grant{Role: role, Scope: access.Scope{Programme: p.ID}}
				if role == access.Admin {
					g.Scope = access.Scope{}
				}
				if err := a.rooms.people.Grant(ctx, tx, person.ID, g); err != nil {
					return err
				}
			}
			if created {
				c.fresh = true
			}
		}
		return nil
	})
	return c, err
}

// invent gives the demo's person with an address, and makes her when she is not there.
func (a *App) invent(ctx context.Context, tx *storage.Tx, d people.Details) (p people.Person, created bool, err error) {
	have, err := a.rooms.people.WithContact(ctx, tx, people.EmailContact, d.Email)
	if err != nil {
		return p, false, err
	}
	for _, p := range have {
		if p.Demo {
			return p, false, nil
		}
	}
	d.Demo = true
	if p, err = a.rooms.people.Register(ctx, tx, d); err != nil {
		return p, false, err
	}
	return p, true, a.rooms.people.Vouch(ctx, tx, p.ID)
}
