package team

import (
	"context"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/programme"
)

// seed lets the deputy of the demo speak at the next seminar for people of the media, and
// write its texts.
func (m *Module) seed(ctx context.Context, s module.Stage) error {
	return m.Store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
		list, err := programme.All(ctx, tx, programme.Filter{Kind: programme.Seminar, State: programme.Published, From: s.Now})
		if err != nil {
			return err
		}
		for _, a := range list {
			if a.Group != "media" {
				continue
			}
			for _, role := range []access.Role{access.Speaker, access.Translator} {
				h := people.Help{Person: s.Staff(access.Deputy).Person, Activity: a.ID, Role: role, Begins: tx.Now, Ends: lastDay(a, tx.Now)}
				if err := m.People.GiveHelpAwake(ctx, tx, h); err != nil {
					return err
				}
			}
			return nil
		}
		return nil
	})
}
