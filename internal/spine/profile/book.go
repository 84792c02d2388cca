package profile

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
)

// Book keeps the lists of one house in memory, where reading them costs nothing. They
// lie in the database, which several processes share:
//
//   - who changes them renews the book of this process after the commit;
//   - other processes look whether the mark is another, before a request or a job and at
//     most once a second (Renew);
//   - what a use case judges by, it reads with In, in its own transaction.
//
// The mark counts the changes. Each change counts it up first, which keeps the row for it
// until its commit: so marks come in the order of commits, and no mark is missed.
//
// A nil Book has the lists with which a house begins.
type Book struct {
	store *storage.Store
	now   atomic.Pointer[Lists]
	asked atomic.Int64 // when the database was last asked, in microseconds
	mu    sync.Mutex   // one renewal at a time
}

// renewAfter is how long a process believes its lists without asking.
const renewAfter = time.Second

// NewBook opens the book of a database. It begins with the lists of a new house; Open or
// Renew reads those of the database.
func NewBook(store *storage.Store) *Book {
	b := &Book{store: store}
	b.now.Store(begin)
	return b
}

// Open writes the lists with which a house begins into a database that has none yet,
// once, whoever else opens it at the same time, and reads those that are there.
func (b *Book) Open(ctx context.Context) error {
	if err := b.read(ctx); err != nil || b.now.Load().mark > 0 {
		return err
	}
	err := b.store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
		n, err := tx.Exec(ctx, `INSERT INTO list_mark (id, mark) VALUES (1, 1) ON CONFLICT (id) DO NOTHING`)
		if err != nil || n == 0 { // another process has begun
			return err
		}
		for _, e := range seeds() {
			if err := Insert(ctx, tx, e); err != nil {
				return err
			}
		}
		return InsertBands(ctx, tx, seedBands())
	})
	if err != nil {
		return err
	}
	return b.read(ctx)
}

// Now gives the lists as this process knows them, with the names that hold today.
func (b *Book) Now() *Lists {
	if b == nil {
		return nil
	}
	l := b.now.Load()
	if today := Day(b.store.Now()); l.today != today {
		anew := l.on(today)
		b.now.CompareAndSwap(l, anew)
		l = anew
	}
	return l
}

// Renew reads the lists anew when they have changed. Within a second it asks nothing.
func (b *Book) Renew(ctx context.Context) error {
	if time.Now().UnixMicro()-b.asked.Load() < renewAfter.Microseconds() {
		return nil
	}
	return b.read(ctx)
}

func (b *Book) read(ctx context.Context) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	asked := time.Now().UnixMicro()
	var l *Lists
	err := b.store.Read(ctx, func(ctx context.Context, tx *storage.Tx) (err error) {
		l, err = b.in(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	if l.mark != b.now.Load().mark {
		b.now.Store(l)
	}
	b.asked.Store(asked)
	return nil
}

// In gives the lists as a transaction sees them.
func (b *Book) In(ctx context.Context, tx *storage.Tx) (*Lists, error) {
	if b == nil {
		return nil, nil
	}
	return b.in(ctx, tx)
}

func (b *Book) in(ctx context.Context, tx *storage.Tx) (*Lists, error) {
	mark, err := markIn(ctx, tx)
	if err != nil {
		return nil, err
	}
	if now := b.Now(); now.mark == mark {
		return now, nil
	}
	entries, err := storage.All(ctx, tx, scanEntry, `SELECT `+entryColumns+` FROM list_entry`)
	if err != nil {
		return nil, err
	}
	sets, err := storage.All(ctx, tx, scanBands, `SELECT day, bands FROM age_band_set`)
	if err != nil {
		return nil, err
	}
	return newLists(mark, entries, sets).on(Day(tx.Now)), nil
}

// Change begins a change: nobody else changes the lists before the transaction ends, and
// all processes renew theirs after it. It gives the lists as they are now.
func (b *Book) Change(ctx context.Context, tx *storage.Tx) (*Lists, error) {
	if _, err := tx.Exec(ctx, `UPDATE list_mark SET mark = mark + 1 WHERE id = 1`); err != nil {
		return nil, err
	}
	tx.AfterCommit(func() { _ = b.read(context.Background()) }) // else the next Renew
	return b.in(ctx, tx)
}

func markIn(ctx context.Context, tx *storage.Tx) (mark int64, err error) {
	err = tx.QueryRow(ctx, `SELECT mark FROM list_mark WHERE id = 1`).Scan(&mark)
	if errors.Is(err, sql.ErrNoRows) { // nobody has opened the database as a house yet
		return 0, nil
	}
	return mark, err
}

const entryColumns = `list, code, place, closed, version, document`

func scanEntry(row storage.Scanner) (e Entry, err error) {
	var list, document string
	if err = row.Scan(&list, &e.Code, &e.Place, &e.Closed, &e.Version, &document); err != nil {
		return e, err
	}
	e.List = Name(list)
	return e, json.Unmarshal([]byte(document), &e)
}

// Insert writes a new entry. Violates list_entry_code when the code is taken.
func Insert(ctx context.Context, tx *storage.Tx, e Entry) error {
	document, err := json.Marshal(e)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO list_entry (`+entryColumns+`, made_at, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7)`,
		string(e.List), e.Code, e.Place, e.Closed, 1, string(document), storage.Micros(tx.Now))
	return err
}

// Update writes an entry as it was changed, when it still has the version that it was read
// with; ok is false when somebody else has changed it.
func Update(ctx context.Context, tx *storage.Tx, e Entry) (ok bool, err error) {
	document, err := json.Marshal(e)
	if err != nil {
		return false, err
	}
	n, err := tx.Exec(ctx, `UPDATE list_entry SET place = $4, closed = $5, document = $6, version = version + 1, changed_at = $7 WHERE list = $1 AND code = $2 AND version = $3`,
		string(e.List), e.Code, e.Version, e.Place, e.Closed, string(document), storage.Micros(tx.Now))
	return n == 1, err
}

func scanBands(row storage.Scanner) (s BandSet, err error) {
	var bands string
	err = row.Scan(&s.From, &bands)
	s.Bands = strings.Fields(bands)
	return s, err
}

// InsertBands writes a set of age bands. Violates age_band_set_day when there is one from
// that day.
func InsertBands(ctx context.Context, tx *storage.Tx, s BandSet) error {
	_, err := tx.Exec(ctx, `INSERT INTO age_band_set (day, bands, made_at) VALUES ($1, $2, $3)`, s.From, strings.Join(s.Bands, " "), storage.Micros(tx.Now))
	return err
}

// DeleteBands takes back the set of age bands from a day; ok is false when there is none.
func DeleteBands(ctx context.Context, tx *storage.Tx, from string) (ok bool, err error) {
	n, err := tx.Exec(ctx, `DELETE FROM age_band_set WHERE day = $1`, from)
	return n == 1, err
}
