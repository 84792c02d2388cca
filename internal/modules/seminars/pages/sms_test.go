package pages

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/sms"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/mailing"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/modules/seminars/timetable"
	"platforma.kg/ashar/internal/spine/messages"
)

// texted lets text messages go, into the box that it gives.
func (g *group) texted(c *storagetest.Clock) (*messages.Service, *sms.Box) {
	g.Helper()
	letters, ok := g.Mailer.Letters.(*messages.Service)
	if !ok {
		g.Fatal("the mailings have other letters")
	}
	box := sms.NewBox(1000, c.Now)
	letters.SMS, letters.Daily, letters.Price = box, 1000, 250
	letters.Places = func(_ context.Context, _ *storage.Tx, ids []storage.ID) (map[storage.ID]messages.Place, error) {
		out := map[storage.ID]messages.Place{}
		for _, id := range ids {
			out[id] = messages.Place{Title: g.a.Title}
		}
		return out, nil
	}
	g.Carriers = letters.Carriers
	return letters, box
}

// outs are those whom nothing but a call reaches, as each list tells it: applications by list.
func (g *group) outs() map[string]map[storage.ID]bool {
	g.Helper()
	out := map[string]map[storage.ID]bool{"calls": {}, "selection": {}, "move": {}, "person": {}}
	g.write(func(ctx context.Context, tx *storage.Tx) error {
		list, err := g.ToCall(ctx, tx, g.staff, g.a)
		if err != nil {
			return err
		}
		for _, c := range list {
			if c.OutOfReach() {
				out["calls"][c.ID] = true
			}
		}
		all, err := g.Applicants(ctx, tx, g.staff, g.a)
		if err != nil {
			return err
		}
		far, err := g.OutOfReach(ctx, tx, g.a, all)
		if err != nil {
			return err
		}
		of := map[storage.ID]storage.ID{}
		for _, one := range all {
			of[one.Person] = one.ID
			if _, is := far[one.ID]; is {
				out["selection"][one.ID] = true
			}
			must, err := g.MustCall(ctx, tx, one.Person, []seats.Activity{g.a})
			if err != nil {
				return err
			}
			if len(must) > 0 {
				out["person"][one.ID] = true
			}
		}
		moved, err := g.Concerned(ctx, tx, g.staff, g.a)
		for _, c := range moved {
			if !c.Reached() {
				out["move"][of[c.Person]] = true
			}
		}
		return err
	})
	return out
}

func TestWhomATextReachesIsOnNoListOfThoseToCall(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		r := rand.New(rand.NewPCG(4, 58))
		g := newGroup(t, store, c, r, 0)
		deaf := 0
		for i := range 24 {
			far := r.IntN(3) == 0
			if far {
				deaf++
			}
			g.add(i, seats.Confirmed, "osh", far)
		}
		table := timetable.New(g.Service)
		table.Letters = g.Mailer.Letters.(timetable.Letters)
		unreached := func() (n int) {
			g.write(func(ctx context.Context, tx *storage.Tx) error {
				got, err := table.See(ctx, tx, g.staff, g.a)
				for _, row := range got.Timed {
					n += row.Ways[timetable.Unreached]
				}
				return err
			})
			return n
		}
		check := func(when string, want bool) {
			t.Helper()
			for list, out := range g.outs() {
				for _, id := range g.apps {
					if is := out[id]; is != (want && g.deaf[id]) {
						t.Errorf("%s: the list of the %s has her: %v; a number alone: %v", when, list, is, g.deaf[id])
					}
				}
			}
			if n := unreached(); n > 0 != want {
				t.Errorf("%s: the timetable has %d out of reach", when, n)
			}
		}
		if deaf == 0 || deaf == 24 {
			t.Fatalf("%d with a number alone", deaf)
		}
		check("before there were text messages", true)
		letters, _ := g.texted(c)
		check("with text messages", false)
		letters.SMS = nil
		check("with text messages off", true)
	})
}

// TestAMailingCostsWhatWasSaid writes short texts of any length in some languages.
func TestAMailingCostsWhatWasSaid(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		r := rand.New(rand.NewPCG(8, 45))
		g := newGroup(t, store, c, r, 0)
		for i := range 18 {
			g.add(i, seats.Confirmed, "osh", i%2 == 0)
		}
		letters, box := g.texted(c)
		for range 4 {
			words := allWords
			long := func() string {
				out := make([]rune, 1+r.IntN(mailing.MostShort))
				for i := range out {
					out[i] = 'ж'
				}
				return string(out)
			}
			words.Short.Ru = long()
			if r.IntN(2) == 0 {
				words.Short.Ky = long()
			}
			m, err := g.draft(mailing.Chosen{States: []seats.State{seats.Confirmed}}, words)
			if err != nil {
				t.Fatal(err)
			}
			var seen mailing.Sight
			g.write(func(ctx context.Context, tx *storage.Tx) (err error) {
				seen, err = g.Mailer.See(ctx, tx, g.staff, g.a, m.ID, 0)
				return err
			})
			for _, one := range seen.Readers {
				if far := one.Way.Reason != ""; far != (g.deaf[one.ID] && words.ShortFor(one.Lang()) == "") {
					t.Errorf("%s with a number alone %v: %+v", one.Lang(), g.deaf[one.ID], one.Way)
				}
			}
			g.mustPlan(m)
			c.Pass(mailing.UndoFor)
			g.goes(m)
			before := len(box.List())
			g.delivers(letters, c.Now())
			sent := box.List()[:len(box.List())-before]
			parts := 0
			for _, k := range sent {
				parts += sms.Count(k.Text).Parts
			}
			got := g.result(m.ID)
			if parts == 0 || got.Parts != parts || seen.Parts != parts || got.Tariff.Price != 250 {
				t.Errorf("%d parts went, %d were told before and %d after", parts, seen.Parts, got.Parts)
			}
			c.Pass(48 * time.Hour) // a typed number gets three a day
		}
	})
}

// delivers does the jobs of messages that are due.
func (g *group) delivers(letters *messages.Service, now time.Time) {
	g.Helper()
	var list []string
	g.write(func(ctx context.Context, tx *storage.Tx) (err error) {
		list, err = storage.All(ctx, tx, func(row storage.Scanner) (s string, err error) {
			err = row.Scan(&s)
			return s, err
		}, `SELECT payload FROM job WHERE kind = 'messages.deliver' AND state = 'waiting' AND run_at <= $1 ORDER BY run_at, id`, storage.Micros(now))
		return err
	})
	for _, payload := range list {
		if err := letters.Manifest().Jobs[0].Do(g.Context(), g.Store, json.RawMessage(payload)); err != nil {
			g.Fatal(err)
		}
	}
}

func TestAShortTextHasNoPlacesAndIsShort(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		g := newGroup(t, store, c, rand.New(rand.NewPCG(1, 1)), 0)
		chosen := mailing.Chosen{States: []seats.State{seats.Confirmed}}
		for _, short := range []string{"Имя: {name}", "{", longWord(mailing.MostShort + 1)} {
			words := allWords
			words.Short.Ru = short
			if _, err := g.draft(chosen, words); err == nil {
				t.Errorf("%.20q is taken", short)
			}
		}
		words := allWords
		words.Short = i18n.Text{Ru: longWord(mailing.MostShort)}
		if _, err := g.draft(chosen, words); err != nil {
			t.Error(err)
		}
	})
}

func longWord(n int) string {
	out := make([]rune, n)
	for i := range out {
		out[i] = 'ө'
	}
	return string(out)
}
