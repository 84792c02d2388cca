package module_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/programme"
)

// teller is a module that notes what it is told and asked.
func teller(name string, told *[]string, knows map[storage.ID]bool, stop error) module.Manifest {
	part := templ.Raw(name)
	return module.Manifest{
		Name: name,
		ActivityChanged: func(_ context.Context, _ *storage.Tx, before, after programme.Activity) error {
			*told = append(*told, name+" "+before.State+" "+after.State)
			return stop
		},
		TakesPart: func(_ context.Context, _ *storage.Tx, person, _ storage.ID) (bool, error) {
			return knows[person], stop
		},
		Knows: func(_ context.Context, _ *storage.Tx, actor access.Actor, _ programme.Activity) (bool, error) {
			return knows[actor.Person], stop
		},
		Marks: func(_ context.Context, _ *storage.Tx, r *web.Request) (map[storage.ID]module.Mark, error) {
			if !knows[r.Actor.Person] {
				return nil, stop
			}
			return map[storage.ID]module.Mark{{7}: {Says: name}, r.Actor.Person: {Says: name}}, stop
		},
		Panels: map[string]module.Panel{
			name: func(context.Context, *storage.Tx, *web.Request, programme.Activity) (templ.Component, error) {
				return part, stop
			},
			"both": func(context.Context, *storage.Tx, *web.Request, programme.Activity) (templ.Component, error) {
				return part, nil
			},
			"none": func(context.Context, *storage.Tx, *web.Request, programme.Activity) (templ.Component, error) {
				return nil, nil
			},
		},
	}
}

// What one module would be told or asked, every one is, in the order of the list; what
// says nothing of itself is passed over.
func TestEveryModuleIsToldAndAskedInOrder(t *testing.T) {
	t.Parallel()
	var told []string
	aizada, burul, none := storage.ID{1}, storage.ID{2}, storage.ID{3}
	var h module.House
	changed, takes := h.ActivityChanged, h.TakesPart // handed out before the rooms are made
	h.Furnish(module.Manifest{Name: "silent"}, teller("first", &told, map[storage.ID]bool{aizada: true}, nil))
	h.Furnish(teller("second", &told, map[storage.ID]bool{burul: true}, nil))

	ctx := t.Context()
	if err := changed(ctx, nil, programme.Activity{State: programme.Draft}, programme.Activity{State: programme.Published}); err != nil {
		t.Fatal(err)
	}
	if want := []string{"first draft published", "second draft published"}; !slices.Equal(told, want) {
		t.Errorf("told %q, want %q", told, want)
	}
	for person, want := range map[storage.ID]bool{aizada: true, burul: true, none: false} {
		if got, err := takes(ctx, nil, person, storage.ID{7}); got != want || err != nil {
			t.Errorf("%v takes part: %v, %v; want %v", person, got, err, want)
		}
		if got, err := h.Knows(ctx, nil, access.Actor{Person: person}, programme.Activity{}); got != want || err != nil {
			t.Errorf("%v knows: %v, %v; want %v", person, got, err, want)
		}
	}
	for person, want := range map[storage.ID]string{aizada: "first", burul: "second", none: "", {}: ""} {
		marks, err := h.Marks(ctx, nil, &web.Request{Actor: access.Actor{Person: person}})
		if marks[storage.ID{7}].Says != want || marks[person].Says != want || err != nil {
			t.Errorf("%v is marked %v, %v; want %q", person, marks, err, want)
		}
	}
	for kind, want := range map[string]int{"first": 1, "second": 1, "both": 2, "none": 0, "unheard": 0} {
		panels, err := h.Panels(ctx, nil, nil, programme.Activity{Kind: kind})
		if len(panels) != want || err != nil || slices.Contains(panels, nil) {
			t.Errorf("panels of %s: %d, %v; want %d", kind, len(panels), err, want)
		}
	}
}

// A fault of one module ends the change: those behind it are not asked, and nobody is
// taken for somebody who takes part.
func TestTheFaultOfAModuleStopsAllBehindIt(t *testing.T) {
	t.Parallel()
	var told []string
	stop := errors.New("seats are held")
	var h module.House
	h.Furnish(teller("first", &told, nil, stop), teller("second", &told, map[storage.ID]bool{{}: true}, nil))
	ctx := t.Context()
	if err := h.ActivityChanged(ctx, nil, programme.Activity{}, programme.Activity{}); !errors.Is(err, stop) || len(told) != 1 {
		t.Errorf("the change: %v, told %q", err, told)
	}
	if takes, err := h.TakesPart(ctx, nil, storage.ID{}, storage.ID{}); takes || !errors.Is(err, stop) {
		t.Errorf("takes part: %v, %v", takes, err)
	}
	if knows, err := h.Knows(ctx, nil, access.Actor{}, programme.Activity{}); knows || !errors.Is(err, stop) {
		t.Errorf("knows: %v, %v", knows, err)
	}
	if panels, err := h.Panels(ctx, nil, nil, programme.Activity{Kind: "first"}); panels != nil || !errors.Is(err, stop) {
		t.Errorf("panels: %v, %v", panels, err)
	}
}

// The parts of a demo come in the order of their places, whatever the order of the
// modules; the first that fails ends it and is named.
func TestTheDemoIsToldInTheOrderOfPlaces(t *testing.T) {
	t.Parallel()
	var told []string
	part := func(name string, order int, fails error) module.Manifest {
		return module.Manifest{Name: name, Demo: module.Demo{Order: order, Seed: func(_ context.Context, s module.Stage) error {
			told = append(told, name+" as "+s.Staff(access.Coordinator).Person.String())
			return fails
		}}}
	}
	who := storage.ID{15: 7}
	stage := module.Stage{Staff: func(access.Role) access.Actor { return access.Actor{Person: who} }}
	var h module.House
	h.Furnish(part("late", 300, nil), module.Manifest{Name: "silent"}, part("early", 100, nil), part("between", 200, nil))
	if err := h.Seed(t.Context(), stage); err != nil {
		t.Fatal(err)
	}
	if want := []string{"early as " + who.String(), "between as " + who.String(), "late as " + who.String()}; !slices.Equal(told, want) {
		t.Errorf("told %q, want %q", told, want)
	}
	told = nil
	stop := errors.New("no such template")
	h.Furnish(part("broken", 150, stop))
	if err := h.Seed(t.Context(), stage); !errors.Is(err, stop) || !strings.Contains(err.Error(), "broken") || len(told) != 2 {
		t.Errorf("%v, told %q", err, told)
	}
}

// The first module in which people count on an activity says why it stays published.
func TestTheFirstModuleThatBindsAnActivitySaysWhy(t *testing.T) {
	t.Parallel()
	binds := func(err error) module.Manifest {
		return module.Manifest{Binds: func(context.Context, *storage.Tx, programme.Activity) error { return err }}
	}
	why := errors.New("people have applied")
	for _, c := range []struct {
		list []module.Manifest
		want error
	}{
		{nil, nil},
		{[]module.Manifest{{}, binds(nil)}, nil},
		{[]module.Manifest{{}, binds(nil), binds(why), binds(errors.New("rooms are booked"))}, why},
	} {
		var h module.House
		h.Furnish(c.list...)
		if err := h.Binds(t.Context(), nil, programme.Activity{}); !errors.Is(err, c.want) {
			t.Errorf("%d modules: %v, want %v", len(c.list), err, c.want)
		}
	}
}
