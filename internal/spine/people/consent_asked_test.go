package people_test

import (
	"context"
	"testing"
	"testing/fstest"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/people/peopletest"
)

// asking is a module that asks for a consent, in words that may change.
func asking(words string) module.Manifest {
	texts := fstest.MapFS{}
	for _, l := range i18n.Languages {
		texts[string(l)+".json"] = &fstest.MapFile{Data: []byte(`{"choir.list": "` + words + " " + string(l) + `"}`)}
	}
	return module.Manifest{Name: "choir", Texts: texts, Consents: []module.Consent{{Purpose: "choir.list", Text: "choir.list"}}}
}

// What a module asks for stands on her page before she has ever answered, is bound to the
// words that she read, and is asked for anew when they are other ones.
func TestWhatAModuleAsksForIsAskedInItsWords(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		svc := people.New(people.Options{Keys: peopletest.Keys(t), Store: s})
		svc.Attach([]module.Manifest{svc.Manifest(), asking("Singers may see my name")})
		var her people.Person
		in := func(f func(ctx context.Context, tx *storage.Tx) error) {
			t.Helper()
			if err := s.Write(t.Context(), f); err != nil {
				t.Fatal(err)
			}
		}
		now := func() (out map[string]people.Consent) {
			in(func(ctx context.Context, tx *storage.Tx) (err error) {
				out, err = svc.Consents(ctx, tx, her.ID)
				return err
			})
			return out
		}
		last := func() people.Asked {
			list := svc.Asked(now())
			if len(list) != len(people.Purposes)+1 {
				t.Fatalf("%d are asked: %v", len(list), list)
			}
			return list[len(list)-1]
		}
		in(func(ctx context.Context, tx *storage.Tx) (err error) {
			her, err = svc.Register(ctx, tx, people.Details{FullName: "Асанова Айгүл", Lang: i18n.Kyrgyz})
			return err
		})
		words := i18n.Text{Ky: "Singers may see my name ky", Ru: "Singers may see my name ru", En: "Singers may see my name en"}
		if got := last(); got.Purpose != "choir.list" || got.Words != words {
			t.Errorf("asked %v", got)
		}
		page := func() map[string]string { // as it is drawn now
			shown := map[string]string{}
			for _, a := range svc.Asked(now()) {
				shown[a.Purpose] = a.Version()
			}
			return shown
		}
		say := func(shown map[string]string, given ...string) (again []string) {
			in(func(ctx context.Context, tx *storage.Tx) (err error) {
				again, err = svc.SayConsents(ctx, tx, people.SayConsents{By: access.Actor{Person: her.ID}, Lang: i18n.Russian, Given: given, Shown: shown})
				return err
			})
			return again
		}
		before := page()
		say(before, "choir.list")
		if c := now()["choir.list"]; !c.Given || c.Wording != words || !c.Current() || c.Lang != i18n.Russian {
			t.Errorf("she said %+v", c)
		}
		svc.Attach([]module.Manifest{svc.Manifest(), asking("Everybody may see my name")})
		if c := now()["choir.list"]; c.Current() || c.Wording != words || last().Words.En != "Everybody may see my name en" {
			t.Errorf("other words, and she is held to have read them: %+v", c)
		}
		// A page that was drawn with the words of before says yes to nothing but those.
		if again := say(before, "choir.list", people.ForPhoto); len(again) != 1 || again[0] != "choir.list" {
			t.Errorf("to be read again: %v", again)
		}
		if c := now(); c["choir.list"].Current() || !c[people.ForPhoto].Given {
			t.Errorf("by an old page: %+v", c)
		}
		if again := say(map[string]string{"choir.list": ""}, "choir.list"); len(again) != 1 {
			t.Errorf("a page that does not say which words it showed: %v", again)
		}
		say(page(), "choir.list")
		if c := now()["choir.list"]; !c.Given || !c.Current() || c.Wording.Ky != "Everybody may see my name ky" {
			t.Errorf("she said anew %+v", c)
		}
		say(before) // a no is one to all words
		if c := now()["choir.list"]; c.Given {
			t.Errorf("she took it back: %+v", c)
		}
	})
}
