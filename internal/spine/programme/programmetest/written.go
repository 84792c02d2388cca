package programmetest

import (
	"context"
	"testing"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/programme"
)

// Written is an activity as the coordinator wrote it who saw it as it is given.
func Written(a programme.Activity) programme.ChangeActivity {
	return programme.ChangeActivity{
		Actor: Coordinator, Activity: a.ID, Version: a.Version,
		Write: func(programme.Activity) (programme.Activity, error) { return a, nil },
	}
}

// WrittenTemplate is a template as the coordinator wrote it who saw it as it is given.
func WrittenTemplate(t programme.Template, follow ...storage.ID) programme.ChangeTemplate {
	return programme.ChangeTemplate{
		Actor: Coordinator, Template: t.ID, Version: t.Version, Follow: follow,
		Write: func(programme.Template) (programme.Template, error) { return t, nil },
	}
}

// Seen gives the first activity by its address, and its template, as a page has read them.
func Seen(t *testing.T, s *storage.Store) (a programme.Activity, tpl programme.Template) {
	t.Helper()
	Write(t, s, func(ctx context.Context, tx *storage.Tx) error {
		p, err := programme.Current(ctx, tx)
		if err != nil {
			return err
		}
		list, err := programme.Templates(ctx, tx, p.ID)
		if err != nil {
			return err
		}
		for _, tpl = range list {
			copies, err := programme.All(ctx, tx, programme.Filter{Template: tpl.ID})
			if err != nil {
				return err
			}
			for _, a = range copies {
				if a.City != "" && a.State == programme.Published {
					return nil
				}
			}
		}
		t.Fatal("no copy lies in a city")
		return nil
	})
	return a, tpl
}
