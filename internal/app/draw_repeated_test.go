package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/app/analysis"
	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/modules/seminars/selection"
	"platforma.kg/ashar/internal/spine/people"
)

// Whoever has the files of a draw and its seed draws the same with `ashar select`.
func TestADrawIsRepeatedFromItsFilesByTheCommand(t *testing.T) {
	t.Parallel()
	eachBare(t, func(t *testing.T, h bare) {
		at, staff, room := h.upcoming("osh"), h.everywhere(access.Coordinator), h.rooms.seminars.Chooser
		staff.Person = h.person("Тандоочу Кызматкер", "osh")
		r := rand.New(rand.NewPCG(3, 1))
		pick := func(of ...string) string { return of[r.IntN(len(of))] }
		for i := range 40 {
			h.write(func(ctx context.Context, tx *storage.Tx) error {
				p, err := h.rooms.people.Register(ctx, tx, people.Details{
					FullName: fmt.Sprintf("Арыз Ээси %d", i), Email: fmt.Sprintf("aryz%d@example.kg", i), Sex: pick("female", "male"), City: pick("osh", "naryn", "other"), Village: pick("Кара-Суу", `Ак "Булак", жогорку`, "Ой,Таш"),
					Organisation: pick("", "Кадр", "Мерос", "Салам"), Group: "activists",
				})
				if err == nil {
					_, _, err = h.rooms.seminars.BeginWith(ctx, tx, p, seats.Application{Activity: at.ID, Person: p.ID}, p.ID, "seminars.why.applied")
				}
				return err
			})
		}
		for n, rules := range []selection.Rules{
			{Seats: 12},
			{Seats: 12, Together: selection.ByOrganisation, AtMost: 3, Quotas: []selection.Quota{{By: "sex", Value: "female", Min: 5, Max: 7}, {By: "city", Value: "naryn", Min: 2, Max: -1}, {By: "village", Value: `ак "булак", жогорку`, Min: 1, Max: 9}}},
		} {
			var ask selection.Ask
			h.write(func(ctx context.Context, tx *storage.Tx) (err error) {
				if err := room.SaveRules(ctx, tx, selection.SaveRules{Actor: staff, Activity: at.ID, Rules: rules, Version: int64(n)}); err != nil {
					return err
				}
				ask, err = room.AskDraw(ctx, tx, selection.AskDraw{Actor: staff, Activity: at.ID, After: n, Witness: "it's 3 5", Reason: "Эреже өзгөрдү"})
				return err
			})
			if err := room.DrawAsked(t.Context(), ask.ID, at.ID); err != nil {
				t.Fatal(err)
			}
			var f selection.Files
			var drawn []string
			chances := map[string]float64{}
			h.write(func(ctx context.Context, tx *storage.Tx) (err error) {
				if left, there, err := selection.AskOf(ctx, tx, at.ID); there || err != nil {
					_, v, _ := room.Check(context.Background(), staff, at.ID, rules)
					return fmt.Errorf("not drawn: %s, %+v, %w", left.Fault, v, err)
				}
				if f, err = room.Files(ctx, tx, staff, at.ID, n+1); err != nil {
					return err
				}
				table, err := room.Table(ctx, tx, staff, at)
				if err != nil {
					return err
				}
				drawn = nil
				for _, a := range table.Applicants {
					l, has := table.Lot(a.ID)
					if id := fmt.Sprintf("%05d", l.Number); has {
						chances[id], _ = table.Chance(a.ID)
						if l.Drawn || l.Kept {
							drawn = append(drawn, id)
						}
					}
				}
				return nil
			})
			dir := t.TempDir()
			list, quotas := filepath.Join(dir, "list.csv"), filepath.Join(dir, "quotas.csv")
			for name, text := range map[string][]byte{list: f.List, quotas: f.Quotas} {
				if err := os.WriteFile(name, text, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			o := analysis.SelectOptions{Seats: rules.Seats, Seed: f.Draw.Seed, Selected: "selected", Effort: f.Draw.Effort, Say: func(string) {}}
			if len(rules.Quotas) > 0 {
				o.Quotas, o.Household, o.AtMost = quotas, "together", rules.AtMost
			}
			if word := fmt.Sprintf(" --effort %d ", f.Draw.Effort); f.Draw.Effort != 8_000_000_000 || !strings.Contains(f.Command, word) {
				t.Errorf("the command does not name the effort: %s", f.Command)
			}
			var out bytes.Buffer
			if _, err := analysis.Select(list, o, &out, nil); err != nil {
				t.Fatal(err)
			}
			var again struct {
				Selected []string
				Chances  map[string]float64
			}
			if err := json.Unmarshal(out.Bytes(), &again); err != nil {
				t.Fatal(err)
			}
			slices.Sort(drawn)
			slices.Sort(again.Selected)
			if len(drawn) == 0 || !slices.Equal(drawn, again.Selected) || !maps.Equal(chances, again.Chances) {
				t.Errorf("rules %d: drawn %v, again %v\n%s", n, drawn, again.Selected, f.Command)
			}
		}
	})
}
