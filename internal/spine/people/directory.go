package people

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"errors"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
)

// directory holds, in memory alone, by what the list of people is searched, sorted and
// narrowed. Names lie in boxes, one key each, so that no engine can sort or search them,
// and to open a hundred thousand for each page takes seconds.
//
// It is made of all boxes when the first list is asked for, and renewed before each
// answer from the records whose mark is new. It never holds contacts, is never written,
// and is let go after an hour in which nobody asked. Whoever is erased leaves it here at
// the commit, on other replicas within a minute (renewEvery) or with the next list; and
// no name is shown out of it: a page opens the boxes of those on it.
type directory struct {
	mu     sync.Mutex
	loaded bool
	byName []*listed // sorted
	byMade []*listed
	byID   map[storage.ID]*listed
	away   map[storage.ID]int64 // records that were merged into others, with their marks
	seen   int64                // marks below are known
	gone   string               // the sign of the last erasure that is known
	asked  time.Time
	timer  *time.Timer
	bytes  int64
	ranked bool          // the ranks are those of byName
	values [ofAll]values // of the fields by which lists are narrowed, never fewer
}

// The fields by which lists are narrowed: the first three the list of people, all of them
// lists of other rooms.
const (
	ofCity = iota
	ofGroup
	ofSex
	ofAge // the band that she told; the year of birth is beside it
	ofLevel
	ofAll

	ofPeople = ofSex + 1
)

// values numbers what stands in a field, in the order in which it was met: numbers are
// kept with a person and compared, not words.
type values struct {
	words []string
	of    map[string]uint32
}

func (v *values) number(word string) uint32 {
	n, ok := v.of[word]
	if !ok {
		if v.of == nil {
			v.of = map[string]uint32{}
		}
		n = uint32(len(v.words))
		v.words, v.of[word] = append(v.words, word), n
	}
	return n
}

// listed is what the directory knows of a person; never changed once it is made, but for
// her rank, which is read and written under the lock alone.
type listed struct {
	id         storage.ID
	words      string // the folded name with a space before each word
	key        []byte // sorts by name
	made, mark int64
	in         [ofAll]uint32 // the numbers of what she told
	born       uint16        // 0: not told
	ways       uint8         // byMail, byPhone, byChat: whether she can be reached so
	rank       int32         // her place by name, as of directory.rank

	told *[ofAll]string // until the directory has numbered them
}

// Ways in which somebody can be reached.
const (
	byMail = 1 << iota
	byPhone
	byChat
)

func waysOf(p Person) (ways uint8) {
	if p.Email != "" {
		ways |= byMail
	}
	if p.Phone != "" {
		ways |= byPhone
	}
	if p.TelegramChat != 0 {
		ways |= byChat
	}
	return ways
}

const (
	renewEvery = time.Minute
	keptFor    = time.Hour
)

// goneSetting names the setting that each erasure changes: a record that is gone has no
// mark by which others would find it.
const goneSetting = "people.gone"

// markExpression is the mark of a record that a statement writes.
//
// On PostgreSQL transactions may end in another order than they began; so the reader
// takes anew all marks from the oldest transaction that ran when it last read. On SQLite
// one writes after the other.
func markExpression(tx *storage.Tx) string {
	if tx.Dialect() == storage.PostgreSQL {
		return `pg_current_xact_id()::text::bigint`
	}
	return `(SELECT COALESCE(MAX(mark), 0) + 1 FROM person)`
}

// signGone tells all directories that somebody is no more.
func signGone(ctx context.Context, tx *storage.Tx) error {
	_, err := tx.Exec(ctx, `INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
		goneSetting, tx.NewID().String())
	return err
}

type marked struct {
	row
	mark int64
}

func scanMarked(sc storage.Scanner) (m marked, err error) {
	err = sc.Scan(&m.id, &m.wrapped, &m.box, &m.mergedInto, &m.demo, &m.made, &m.changed, &m.mark)
	return m, err
}

// DirectorySize is what the directory of names holds now: people, and about how many
// bytes of memory. Both are 0 while nobody reads lists.
func (s *Service) DirectorySize() (people int, bytes int64) {
	d := &s.directory
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.byID), d.bytes
}

// RenewDirectory does what a timer does each minute while the directory is in use: who
// was erased elsewhere leaves it. Without a directory in memory it does nothing.
func (s *Service) RenewDirectory(ctx context.Context) error {
	d := &s.directory
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.loaded {
		return nil
	}
	return s.renew(ctx, d)
}

// names gives the directory as it is now, by name and by the time of the record, and the
// words that the numbers stand for. The slices are never changed; a later renewal makes
// others.
func (s *Service) names(ctx context.Context) (byName, byMade []*listed, words [ofAll][]string, err error) {
	d := &s.directory
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := s.ready(ctx, d); err != nil {
		return nil, nil, words, err
	}
	for field := range words {
		words[field] = d.values[field].words
	}
	return d.byName, d.byMade, words, nil
}

// ready makes the directory what it is now, for who has locked it, and keeps it for a while.
func (s *Service) ready(ctx context.Context, d *directory) error {
	if err := s.renew(ctx, d); err != nil {
		return err
	}
	d.asked = time.Now()
	if d.timer == nil {
		d.timer = time.AfterFunc(renewEvery, s.tend)
	}
	return nil
}

// tend renews the directory, or lets it go when nobody has asked for long, or when the
// database does not answer: what cannot be renewed may hold who was erased.
func (s *Service) tend() {
	d := &s.directory
	d.mu.Lock()
	defer d.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), renewEvery)
	defer cancel()
	if time.Since(d.asked) > keptFor || s.renew(ctx, d) != nil {
		d.empty()
		return
	}
	d.timer.Reset(renewEvery)
}

func (d *directory) empty() {
	d.loaded, d.byName, d.byMade, d.byID, d.away, d.seen, d.gone, d.bytes, d.timer = false, nil, nil, nil, nil, 0, "", 0, nil
	d.values = [ofAll]values{}
}

// drop takes out who was erased here, without waiting for the next renewal.
func (d *directory) drop(ids []storage.ID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.loaded {
		d.change(ids, nil)
	}
}

// renew reads what is new. Its snapshots follow one another, since d is locked.
func (s *Service) renew(ctx context.Context, d *directory) error {
	var rows []marked
	var away []storage.ID
	seen, gone := int64(0), ""
	err := s.store.Read(ctx, func(ctx context.Context, tx *storage.Tx) (err error) {
		if seen, err = nextMark(ctx, tx); err != nil {
			return err
		}
		gone, err = storage.One(ctx, tx, scanText, `SELECT value FROM setting WHERE name = $1`, goneSetting)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		switch {
		case !d.loaded:
			rows, err = storage.All(ctx, tx, scanMarked, markedRows)
		case gone != d.gone: // the marks of who is gone may be given anew, so that all are compared
			rows, away, err = d.compare(ctx, tx)
		default:
			rows, err = storage.All(ctx, tx, scanMarked, markedRows+` WHERE mark >= $1`, d.seen)
		}
		return err
	})
	if err != nil {
		return err
	}
	fresh := make([]marked, 0, len(rows))
	for _, m := range rows {
		if mark, known := d.known(m.id); known && mark == m.mark {
			continue
		}
		away = append(away, m.id)
		fresh = append(fresh, m)
	}
	opened, err := s.openListed(fresh)
	if err != nil {
		return err
	}
	if !d.loaded {
		d.loaded, d.byID, d.away = true, map[storage.ID]*listed{}, map[storage.ID]int64{}
	}
	if len(away) > 0 {
		d.change(away, opened)
		for _, m := range fresh {
			if !m.mergedInto.IsZero() {
				d.away[m.id] = m.mark
			}
		}
	}
	d.seen, d.gone = seen, gone
	return nil
}

const markedRows = `SELECT ` + columns + `, COALESCE(mark, 0) FROM person`

// known gives the mark of a record as the directory has it.
func (d *directory) known(id storage.ID) (mark int64, ok bool) {
	if p := d.byID[id]; p != nil {
		return p.mark, true
	}
	mark, ok = d.away[id]
	return mark, ok
}

// compare finds who is gone, and the records with other marks than the directory's.
func (d *directory) compare(ctx context.Context, tx *storage.Tx) (rows []marked, away []storage.ID, err error) {
	all, err := storage.All(ctx, tx, func(sc storage.Scanner) (m marked, err error) {
		err = sc.Scan(&m.id, &m.mark)
		return m, err
	}, `SELECT id, COALESCE(mark, 0) FROM person`)
	if err != nil {
		return nil, nil, err
	}
	there := make(map[storage.ID]bool, len(all))
	for _, m := range all {
		there[m.id] = true
		if mark, known := d.known(m.id); !known || mark != m.mark {
			found, err := storage.All(ctx, tx, scanMarked, markedRows+` WHERE id = $1`, m.id)
			if err != nil {
				return nil, nil, err
			}
			rows = append(rows, found...)
		}
	}
	for id := range d.byID {
		if !there[id] {
			away = append(away, id)
		}
	}
	for id := range d.away {
		if !there[id] {
			delete(d.away, id)
		}
	}
	return rows, away, nil
}

// nextMark is from which mark on the next renewal reads.
func nextMark(ctx context.Context, tx *storage.Tx) (mark int64, err error) {
	query := `SELECT COALESCE(MAX(mark), 0) + 1 FROM person`
	if tx.Dialect() == storage.PostgreSQL {
		query = `SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint`
	}
	err = tx.QueryRow(ctx, query).Scan(&mark)
	return mark, err
}

func scanText(row storage.Scanner) (text string, err error) {
	err = row.Scan(&text)
	return text, err
}

// openPiece is how many boxes one processor opens at a time.
const openPiece = 512

// openListed opens boxes of those who were not merged into others, on all processors.
func (s *Service) openListed(rows []marked) ([]*listed, error) {
	rows = slices.DeleteFunc(slices.Clone(rows), func(m marked) bool { return !m.mergedInto.IsZero() })
	out := make([]*listed, len(rows))
	pieces := make(chan int)
	failed := make(chan error, runtime.GOMAXPROCS(0))
	var wait sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wait.Go(func() {
			var first error
			for at := range pieces {
				for i := at; i < min(at+openPiece, len(rows)) && first == nil; i++ {
					var p Person
					if p, first = s.open(rows[i].row); first == nil {
						out[i] = &listed{
							id: p.ID, words: folded(p.FullName), key: i18n.CollationKey(p.FullName),
							made: rows[i].made, mark: rows[i].mark, born: uint16(p.BirthYear), ways: waysOf(p),
							told: &[ofAll]string{ofCity: p.City, ofGroup: p.Group, ofSex: p.Sex, ofAge: p.AgeBand, ofLevel: p.Level},
						}
					}
				}
			}
			failed <- first
		})
	}
	for at := 0; at < len(rows); at += openPiece {
		pieces <- at
	}
	close(pieces)
	wait.Wait()
	close(failed)
	for err := range failed {
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// folded is a name as it is searched: " asanova omurkan".
func folded(name string) string {
	if key := i18n.FoldKey(name); key != "" {
		return " " + key
	}
	return ""
}

// change takes people out and puts others in. It makes new slices, so that who reads the
// old ones goes on undisturbed.
func (d *directory) change(away []storage.ID, fresh []*listed) {
	out := make(map[storage.ID]bool, len(away))
	for _, id := range away {
		out[id] = true
		delete(d.away, id)
		if p := d.byID[id]; p != nil {
			d.bytes -= p.size()
			delete(d.byID, id)
		}
	}
	for _, p := range fresh {
		for field, word := range p.told {
			p.in[field] = d.values[field].number(word)
		}
		p.told = nil
		d.byID[p.id] = p
		d.bytes += p.size()
	}
	d.byName = merged(d.byName, fresh, out, func(a, b *listed) int {
		return cmp.Or(bytes.Compare(a.key, b.key), bytes.Compare(a.id[:], b.id[:]))
	})
	d.ranked = false
	d.byMade = merged(d.byMade, fresh, out, func(a, b *listed) int {
		return cmp.Or(cmp.Compare(a.made, b.made), bytes.Compare(a.id[:], b.id[:]))
	})
}

// rank gives everybody her place by name, once after each change.
func (d *directory) rank() {
	if d.ranked {
		return
	}
	for i, p := range d.byName {
		p.rank = int32(i)
	}
	d.ranked = true
}

// size is about what one person takes: her entry, her place in two orders and in the map.
func (p *listed) size() int64 { return int64(128 + len(p.words) + len(p.key) + 2*8 + 48) }

// merged is a sorted list without some and with others.
func merged(list, fresh []*listed, away map[storage.ID]bool, compare func(a, b *listed) int) []*listed {
	fresh = slices.SortedFunc(slices.Values(fresh), compare)
	out := make([]*listed, 0, len(list)+len(fresh))
	for _, p := range list {
		if away[p.id] {
			continue
		}
		for len(fresh) > 0 && compare(fresh[0], p) < 0 {
			out, fresh = append(out, fresh[0]), fresh[1:]
		}
		out = append(out, p)
	}
	return append(out, fresh...)
}

// named reports whether the name holds each word of the folded text; a space before a word
// of the text is the beginning of one of the name.
func (p *listed) named(words []string) bool {
	for _, w := range words {
		if !strings.Contains(p.words, w) {
			return false
		}
	}
	return true
}
