package people

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"platforma.kg/ashar/internal/foundation/seal"
	"platforma.kg/ashar/internal/foundation/storage"
)

// Tombstones is the list of the erased: a file beside the secret, apart from the
// database and its backups. Its lines are keyed names, see erasedName: without
// the secret they tell nobody who was erased.
//
//	ashar erased 1 MARK DATE     first line: whose list, since when
//	NAME DATE                    somebody was erased
//	seen DATE                    until then nobody is missing
//
// A backup from before an erasure may hold the person's wrapped key; when it is
// restored, Bury erases her again, and Blank takes the key out of it.
type Tombstones struct {
	mu     sync.Mutex
	path   string
	before []string // files of before, with clear ids
	keys   *seal.Keyring
}

// ErrForeignList says that the list beside the secret belongs to another installation.
var ErrForeignList = errors.New("the list of the erased belongs to another installation")

// OpenTombstones names the file, and those of before, with an id a line, whose
// lines go into it.
func OpenTombstones(keys *seal.Keyring, path string, before ...string) *Tombstones {
	return &Tombstones{path: path, before: before, keys: keys}
}

// Epitaph is a keyed name with the day it was written; the zero time when that is not known.
type Epitaph struct {
	Name []byte
	At   time.Time
}

// List is what the file of the erased says.
type List struct {
	There bool      // there is one, of today or of before
	Known time.Time // nobody who was erased until then is missing, as far as the file knows
	Names map[[32]byte]time.Time

	whole bool // it begins as a list of today does and holds no clear ids
}

// add notes a name.
func (l *List) add(name []byte, at time.Time) {
	l.Names[[32]byte(name)] = at
	l.know(at)
}

func (l *List) know(at time.Time) {
	if at.After(l.Known) {
		l.Known = at
	}
}

// erasedName is the keyed name of a person in the list of the erased and in
// backups: a person has one in all of them.
func erasedName(keys *seal.Keyring, id []byte) []byte { return keys.Index("erased", string(id)) }

func (t *Tombstones) head(now time.Time) string {
	return "ashar erased 1 " + hex.EncodeToString(t.keys.Index("erased list", "")[:8]) + " " + stamp(now) + "\n"
}

func (e Epitaph) line() string {
	if e.At.IsZero() {
		return hex.EncodeToString(e.Name) + "\n"
	}
	return hex.EncodeToString(e.Name) + " " + stamp(e.At) + "\n"
}

func stamp(at time.Time) string { return at.UTC().Format(time.RFC3339) }

// Read gives what the file says. ErrForeignList when it is of another
// installation. Half a line at the end, of a crash, is left out.
func (t *Tombstones) Read() (List, error) {
	l := List{Names: map[[32]byte]time.Time{}}
	for i, path := range append([]string{t.path}, t.others()...) {
		raw, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return l, fmt.Errorf("list of the erased: %w", err)
		}
		l.There = true
		if i == 0 {
			l.whole = strings.HasPrefix(string(raw), "ashar erased 1 ")
		}
		for n, line := range strings.Split(string(raw), "\n") {
			if n == 0 && i == 0 && l.whole && !strings.HasPrefix(line, strings.Join(strings.Fields(t.head(time.Time{}))[:4], " ")) {
				return l, fmt.Errorf("%w: %s", ErrForeignList, path)
			}
			t.line(&l, line)
		}
		if i > 0 {
			l.whole = false
		}
	}
	return l, nil
}

func (t *Tombstones) line(l *List, line string) {
	words := strings.Fields(line)
	if len(words) == 0 {
		return
	}
	at, _ := time.Parse(time.RFC3339, words[len(words)-1]) // the zero time for a line without one
	if name, err := hex.DecodeString(words[0]); err == nil && len(name) == 32 {
		l.add(name, at)
	} else if id, err := storage.ParseID(words[0]); err == nil {
		l.whole = false
		l.add(erasedName(t.keys, id[:]), time.Time{})
	} else if words[0] == "seen" || words[0] == "ashar" {
		l.know(at)
	}
}

// keep brings the file up to date: makes it when it is not there, writes the names
// that it lacks, and keyed names for clear ids of before. It answers when the disk
// has it. With seen the file says that until now nobody is missing.
func (t *Tombstones) keep(names []Epitaph, now time.Time, seen bool) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	l, err := t.Read()
	if err != nil {
		return err
	}
	var lines strings.Builder
	if !l.whole { // made anew, with all that is known
		for name, at := range l.Names {
			names = append(names, Epitaph{name[:], at})
		}
		clear(l.Names)
		lines.WriteString(t.head(now))
	}
	for _, e := range names {
		if _, known := l.Names[[32]byte(e.Name)]; !known {
			l.Names[[32]byte(e.Name)] = e.At
			if l.whole {
				lines.WriteString("\n") // half a line may stand before
			}
			lines.WriteString(e.line())
		}
	}
	if seen && (now.Sub(l.Known) > time.Hour || !l.whole) {
		lines.WriteString("seen " + stamp(now) + "\n")
	}
	switch {
	case lines.Len() == 0:
		return nil
	case l.whole:
		err = t.append(lines.String())
	default:
		err = t.replace(lines.String())
	}
	if err != nil {
		return fmt.Errorf("list of the erased: %w", err)
	}
	return nil
}

// Copy makes the file with what another list says.
func (t *Tombstones) Copy(l List) error {
	var names []Epitaph
	for name, at := range l.Names {
		names = append(names, Epitaph{name[:], at})
	}
	return t.keep(names, l.Known, false)
}

func (t *Tombstones) append(text string) error {
	f, err := os.OpenFile(t.path, os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// replace writes the file as a whole, and then removes those of before.
func (t *Tombstones) replace(text string) error {
	f, err := os.CreateTemp(filepath.Dir(t.path), ".erased-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString(text)
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), t.path); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(t.path))
	if err != nil {
		return err
	}
	if err := errors.Join(dir.Sync(), dir.Close()); err != nil {
		return err
	}
	for _, path := range t.others() {
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	return nil
}

// others are the files of before that are there and are not the list itself: the
// secret may lie in the data folder.
func (t *Tombstones) others() (paths []string) {
	own, missing := os.Stat(t.path)
	for _, path := range t.before {
		info, err := os.Stat(path)
		if err == nil && (missing != nil || !os.SameFile(own, info)) {
			paths = append(paths, path)
		}
	}
	return paths
}
