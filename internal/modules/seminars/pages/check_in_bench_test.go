package pages

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/door"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/ledger"
)

// BenchmarkCheckInBatch uploads scans of distinct tickets through HTTP, fifty
// in a batch, and stores beside it the same rows by group commit alone: no
// HTTP, no signature, no rule, nothing read. Each scan makes six rows: scan,
// attendance, application, move, fact, audit. The share of the one in the other
// is what the door keeps of the storage's speed.
func BenchmarkCheckInBatch(b *testing.B) {
	const size = 50
	var rows, scans float64
	b.Run("rows-of-group-commit", func(b *testing.B) {
		g := benchGate(b)
		rows = g.run(b, size, func(ctx context.Context, guests []int) error {
			return g.m.Store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
				for _, n := range guests {
					if err := g.plainRows(ctx, tx, n); err != nil {
						return err
					}
				}
				return nil
			})
		})
		b.ReportMetric(rows, "scans/s")
	})
	b.Run("through-http", func(b *testing.B) {
		g := benchGate(b)
		client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
		defer client.CloseIdleConnections()
		scans = g.run(b, size, func(ctx context.Context, guests []int) error {
			list := make([]wire, len(guests))
			for i, n := range guests {
				list[i] = g.scan(storage.RandomID(start).String(), n)
			}
			req, err := http.NewRequestWithContext(ctx, http.MethodPost, g.url+"/api/v1/checkins", strings.NewReader(batchOf(b, list...)))
			if err != nil {
				return err
			}
			req.Header.Set("Content-Type", "application/json")
			req.Header.Set("Staff", "yes")
			res, err := client.Do(req)
			if err != nil {
				return err
			}
			defer res.Body.Close()
			raw, err := io.ReadAll(res.Body)
			var got struct{ Results []door.Outcome }
			if err == nil {
				err = json.Unmarshal(raw, &got)
			}
			for _, r := range got.Results {
				if r.Result != "accepted" {
					b.Errorf("%+v", r)
				}
			}
			return err
		})
		b.ReportMetric(scans, "scans/s")
		if rows > 0 {
			b.ReportMetric(100*scans/rows, "%-of-group-commit")
		}
	})
}

const benchGuests = 2000

func benchGate(b *testing.B) gate {
	b.Helper()
	c := storagetest.NewClock(start)
	return openGate(b, storagetest.Open(b, c.Option()), c, benchGuests)
}

// run gives every guest to work once, in parallel batches, again and again
// until b.N batches are done, and gives guests a second.
func (g gate) run(b *testing.B, size int, work func(ctx context.Context, guests []int) error) float64 {
	b.Helper()
	for done := 0; done < b.N; {
		b.StopTimer()
		g.empty(b)
		b.StartTimer()
		batches := min(b.N-done, benchGuests/size)
		var next atomic.Int64
		wait := make(chan error)
		for range 16 {
			go func() {
				for {
					n := int(next.Add(1)) - 1
					if n >= batches {
						wait <- nil
						return
					}
					guests := make([]int, size)
					for i := range guests {
						guests[i] = n*size + i
					}
					if err := work(b.Context(), guests); err != nil {
						wait <- err
						return
					}
				}
			}()
		}
		for range 16 {
			if err := <-wait; err != nil {
				b.Error(err)
			}
		}
		done += batches
	}
	return float64(size*b.N) / b.Elapsed().Seconds()
}

// empty makes it morning: nobody has come.
func (g gate) empty(b *testing.B) {
	b.Helper()
	write(b, g.m, func(ctx context.Context, tx *storage.Tx) error {
		for _, q := range []string{
			`DELETE FROM scan`, `DELETE FROM attendance`, `DELETE FROM application_move WHERE to_state = 'attended'`,
			`UPDATE application SET state = 'confirmed', facts = facts - 8 WHERE state = 'attended'`,
		} {
			if _, err := tx.Exec(ctx, q); err != nil {
				return err
			}
		}
		return nil
	})
}

// plainRows writes what a check-in leaves, as it would be written by somebody
// who knows it all beforehand.
func (g gate) plainRows(ctx context.Context, tx *storage.Tx, guest int) error {
	app, at := g.apps[guest], storage.Micros(tx.Now)
	for _, q := range []struct {
		sql  string
		args []any
	}{
		{`INSERT INTO attendance (application_id, activity_id, first_in, inside, turn) VALUES ($1, $2, $3, TRUE, 1)`, []any{app.ID, app.Activity, at}},
		{`INSERT INTO scan (id, device, nonce, activity_id, application_id, code, kind, at, received_at, valid, result, reason)
			VALUES ($1, $2, $3, $4, $5, $6, 'in', $7, $7, TRUE, 'accepted', '')`, []any{tx.NewID(), "phone", tx.NewID().String(), app.Activity, app.ID, g.codes[guest], at}},
		{`UPDATE application SET state = 'attended', facts = facts + 8, version = version + 1, changed_at = $1 WHERE id = $2`, []any{at, app.ID}},
		{`INSERT INTO application_move (id, application_id, from_state, to_state, by_person, why, at) VALUES ($1, $2, 'confirmed', 'attended', $3, $4, $5)`, []any{tx.NewID(), app.ID, app.Person, seats.ReasonDoor, at}},
		{`INSERT INTO fact (id, day, kind, activity_id, subject, value, sex, age_band, city, person_group, level)
			VALUES ($1, $2, 'seminars.attended', $3, $4, 1, 'female', '25-34', 'osh', 'activists', '')`, []any{tx.NewID(), string(ledger.DayOf(tx.Now)), app.Activity, tx.NewID()}},
		{`INSERT INTO audit_entry (id, at, actor_id, person_id, action, object_id, detail) VALUES ($1, $2, $3, $3, 'seminars.audit.attended', $4, '')`, []any{tx.NewID(), at, app.Person, app.Activity}},
	} {
		if _, err := tx.Exec(ctx, q.sql, q.args...); err != nil {
			return err
		}
	}
	return nil
}
