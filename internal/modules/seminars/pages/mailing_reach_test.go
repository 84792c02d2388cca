package pages

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/mail"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/mailing"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/messages"
	"platforma.kg/ashar/internal/spine/people"
)

// Whom a mailing reaches and whom nothing reaches is one number each on the page on which is
// chosen, on the draft, while it waits, and when it has gone.
func TestOneNumberSaysWhomAMailingReachesFromTheChoiceToTheResult(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		seed := uint64(time.Now().UnixNano())
		g := newGroup(t, store, c, rand.New(rand.NewPCG(seed, 1)), 40)
		states := map[seats.State][2]int{} // reached, not reached
		for _, id := range g.apps {
			n := states[g.states[id]]
			if g.deaf[id] {
				n[1]++
			} else {
				n[0]++
			}
			states[g.states[id]] = n
		}
		chosen := []seats.State{seats.Applied, seats.Confirmed}
		var want [2]int
		for _, s := range chosen {
			want[0], want[1] = want[0]+states[s][0], want[1]+states[s][1]
		}
		m := g.mustDraft(mailing.Chosen{States: chosen})
		tells := func(when string, d mailingData) {
			t.Helper()
			if got := [2]int{d.reaches(), d.missed()}; got != want {
				t.Errorf("seed %d, %s: %v, want %v", seed, when, got, want)
			}
		}
		var d mailingData
		g.write(func(ctx context.Context, tx *storage.Tx) (err error) {
			all, err := g.Mailer.Everybody(ctx, tx, g.staff, g.a, mailing.Words{})
			if err != nil {
				return err
			}
			var got [2]int
			for _, r := range all.Readers {
				for _, s := range chosen {
					if r.State == s && r.Way.Reason == "" {
						got[0]++
					} else if r.State == s {
						got[1]++
					}
				}
			}
			if got != want {
				t.Errorf("seed %d, on the choice: %v, want %v", seed, got, want)
			}
			d.Mailing = m
			d.Sight, err = g.Mailer.See(ctx, tx, g.staff, g.a, m.ID, 0)
			return err
		})
		tells("the draft", d)
		read := func() (d mailingData) {
			g.write(func(ctx context.Context, tx *storage.Tx) (err error) {
				d = mailingData{}
				d.Result, err = g.Mailer.Result(ctx, tx, g.staff, g.a, m.ID)
				d.Mailing = d.Result.Mailing
				return err
			})
			return d
		}
		g.mustPlan(m)
		tells("while it waits", read())
		c.Pass(24 * time.Hour)
		g.goes(m)
		tells("when it has gone", read())
	})
}

// A trial is wholly in the language that it is named for, whichever its sender reads.
func TestATrialIsWhollyInItsLanguage(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		g := newGroup(t, store, c, rand.New(rand.NewPCG(7, 2)), 3)
		box := mail.NewBox(100)
		letters := g.Mailer.Letters.(*messages.Service)
		letters.Mail = box
		m := g.mustDraft(mailing.Chosen{States: seats.States[:]})
		for _, reads := range i18n.Languages {
			g.write(func(ctx context.Context, tx *storage.Tx) error {
				if _, err := tx.Exec(ctx, `DELETE FROM job WHERE kind = 'messages.deliver'`); err != nil {
					return err
				}
				p, err := g.People.Register(ctx, tx, people.Details{FullName: "Кызматкер", Email: string(reads) + "@example.kg", Lang: reads})
				if err != nil {
					return err
				}
				me := g.staff
				me.Person = p.ID
				return g.Mailer.Try(ctx, tx, me, g.a, m.ID)
			})
			before := len(box.List())
			var payloads []string
			g.write(func(ctx context.Context, tx *storage.Tx) (err error) {
				payloads, err = storage.All(ctx, tx, func(row storage.Scanner) (s string, err error) { return s, row.Scan(&s) }, `SELECT payload FROM job WHERE kind = 'messages.deliver'`)
				return err
			})
			for _, k := range letters.Manifest().Jobs {
				for _, p := range payloads {
					if k.Name == "messages.deliver" {
						if err := k.Do(t.Context(), store, json.RawMessage(p)); err != nil {
							t.Fatal(err)
						}
					}
				}
			}
			got := box.List()[:len(box.List())-before]
			if len(got) != 3 {
				t.Fatalf("who reads %s gets %d trials", reads, len(got))
			}
			for _, l := range got {
				in := map[string][]string{
					"ky": {"Сынак (кыргызча)", "Саламатсызбы", "Барагыңыз"}, "ru": {"Проба (русский)", "Здравствуйте", "Страница"}, "en": {"Trial (English)", "Hello", "Page"},
				}
				for lang, words := range in {
					for i, w := range words {
						stands := strings.Contains(l.Subject+"\n"+l.Text, w)
						if stands != (lang == l.Lang) {
							t.Errorf("read in %s, a trial in %s: %q stands there %v (%d):\n%s\n%s", reads, l.Lang, w, stands, i, l.Subject, l.Text)
						}
					}
				}
			}
		}
	})
}
