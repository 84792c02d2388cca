package messages_test

import (
	"context"
	"maps"
	"testing"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/messages"
	"platforma.kg/ashar/internal/spine/people"
)

// Who sends to each of a list, one record after the other, does not write to her twice when
// two records become one on the way.
func TestWhatOneRecordGotIsSentToTheOtherNoSecondTime(t *testing.T) {
	each(t, messages.Options{}, func(h *house) {
		keep, gone := h.person(people.Details{FullName: "Айгүл Асанова"}, 0), h.person(people.Details{FullName: "Айгүл Асан"}, 0)
		third := h.person(people.Details{FullName: "Бермет Токтоева"}, 0)
		to := func(person storage.ID, of string) messages.Notice {
			n := invitation(person, "")
			n.Key = of + person.String()
			return n
		}
		h.send(to(gone, "release/1/"))
		h.send(to(gone, "release/2/"))
		h.send(to(keep, "release/2/"))
		h.send(to(third, "release/1/"))
		for _, key := range []string{"release/4/", "release/5/", "release/6/"} {
			h.send(to(gone, key))
			h.send(to(keep, key))
		}
		state := func(person storage.ID, key, state string) {
			h.write(func(ctx context.Context, tx *storage.Tx) error {
				_, err := tx.Exec(ctx, `UPDATE message SET state = $2 WHERE dedupe = $1`, key+person.String(), state)
				return err
			})
		}
		state(gone, "release/4/", messages.Sent)   // she has it
		state(keep, "release/5/", messages.Sent)   // again
		state(keep, "release/6/", messages.Failed) // by this one she does not get it
		other := to(gone, "")
		other.Key = "once"
		h.send(other)
		count := func() (n int) {
			h.write(func(ctx context.Context, tx *storage.Tx) error {
				return tx.QueryRow(ctx, `SELECT COUNT(*) FROM message`).Scan(&n)
			})
			return n
		}
		before := count()
		h.write(func(ctx context.Context, tx *storage.Tx) error { return messages.Merge(ctx, tx, gone, keep) })
		h.send(to(keep, "release/1/"))
		h.send(to(keep, "release/2/"))
		h.send(to(third, "release/1/"))
		other.To = keep
		h.send(other)
		if after := count(); before != 11 || after != before {
			t.Errorf("%d letters, %d after the records became one", before, after)
		}
		for release, want := range map[string]map[string]int{
			"release/1/": {messages.Waiting: 2}, // hers and that of another person
			"release/2/": {messages.Waiting: 1, messages.Cancelled: 1},
			"release/4/": {messages.Sent: 1, messages.Cancelled: 1},
			"release/5/": {messages.Sent: 1, messages.Cancelled: 1},
			"release/6/": {messages.Failed: 1, messages.Waiting: 1},
		} {
			got := map[string]int{}
			h.write(func(ctx context.Context, tx *storage.Tx) error {
				list, err := storage.All(ctx, tx, func(row storage.Scanner) (s string, err error) { return s, row.Scan(&s) },
					`SELECT state FROM message WHERE substr(dedupe, 1, $2) = $1`, release, len(release))
				for _, s := range list {
					got[s]++
				}
				return err
			})
			if !maps.Equal(got, want) {
				h.t.Errorf("%s: %v, want %v", release, got, want)
			}
		}
		h.send(to(keep, "release/3/"))
		if after := count(); after != before+1 {
			t.Errorf("another release: %d letters, want %d", after, before+1)
		}
	})
}
