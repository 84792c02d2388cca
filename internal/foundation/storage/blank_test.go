package storage

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// testRules are those of an installation with such a secret.
func testRules(secret string) *BackupRules {
	r := &BackupRules{Key: []byte(secret)}
	r.Name = func(id []byte) []byte { return r.keyed("name", id) }
	return r
}

// withOwners gives a backup with the keys of so many owners and an empty body.
func withOwners(t *testing.T, rules *BackupRules, passphrase string, count int) []byte {
	t.Helper()
	var owners []owner
	for i := range count {
		owners = append(owners, owner{[]byte("owner " + strconv.Itoa(i)), []byte("the wrapped key of " + strconv.Itoa(i))})
	}
	var file bytes.Buffer
	w, err := newArchiveWriter(&file, passphrase, time.UnixMicro(1), rules, owners)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func keysIn(t *testing.T, rules *BackupRules, passphrase string, body []byte) (slotKeys, error) {
	t.Helper()
	a, err := openArchive(bytes.NewReader(body), passphrase)
	if err != nil {
		t.Fatal(err)
	}
	return a.openSlots(rules)
}

// failing is a file on a disk that dies after so many bytes.
type failing struct {
	*bytes.Reader
	body  []byte
	bytes int
}

var errDied = errors.New("the power went out")

func (f *failing) WriteAt(p []byte, at int64) (int, error) {
	n := min(len(p), f.bytes)
	copy(f.body[at:], p[:n])
	f.bytes -= n
	if n < len(p) {
		return n, errDied
	}
	return n, nil
}

func (f *failing) Sync() error { return nil }

func blankIn(rules *BackupRules, body []byte, bytesLeft int, ids ...string) error {
	names := map[[16]byte]bool{}
	_, h, err := readHeader(bytes.NewReader(body))
	if err != nil {
		return err
	}
	for _, id := range ids {
		names[nameIn(h.salt, rules.Name([]byte(id)))] = true
	}
	_, err = blankSlots(&failing{bytes.NewReader(body), body, bytesLeft}, rules, names)
	return err
}

// whose names the owners that a backup opens.
func whose(keys slotKeys, count int) (out []int) {
	for i := range count {
		if _, ok := keys.of([]byte("owner " + strconv.Itoa(i))); ok {
			out = append(out, i)
		}
	}
	return out
}

func TestABlankingThatIsCutOffAtAnyByteHarmsNobodyElseAndIsFinished(t *testing.T) {
	t.Parallel()
	rules := testRules("a")
	for _, passphrase := range []string{"", "бийик тоо"} {
		whole := withOwners(t, rules, passphrase, 9)
		for died := range 2*slotSize + 1 {
			body := bytes.Clone(whole)
			err := blankIn(rules, body, died, "owner 3", "owner 5")
			if (err != nil) != (died < 2*slotSize) {
				t.Fatalf("died after %d bytes: %v", died, err)
			}
			// Argon2id takes its time: with a passphrase a part of the offsets is looked at.
			if passphrase == "" || died%31 == 0 {
				keys, err := keysIn(t, rules, passphrase, body)
				if err != nil {
					t.Fatalf("after %d bytes the backup is lost: %v", died, err)
				}
				left := 9
				for _, id := range []string{"owner 3", "owner 5"} {
					if _, ok := keys.of([]byte(id)); !ok {
						left--
					}
				}
				if got := whose(keys, 9); len(got) != left || keys.blank != 9-left {
					t.Fatalf("after %d bytes %v are open, %d blank", died, got, keys.blank)
				}
			}
			if err := blankIn(rules, body, 1<<20, "owner 3", "owner 5"); err != nil {
				t.Fatal(err)
			}
			if i := bytes.Count(body[headerSize:headerSize+9*slotSize], make([]byte, slotSize)); i < 2 {
				t.Fatalf("after %d bytes and once more %d slots are blank", died, i)
			}
			// All other bytes are as they were.
			same := 0
			for n := range 9 {
				if bytes.Equal(body[slotOffset(n):slotOffset(n+1)], whole[slotOffset(n):slotOffset(n+1)]) {
					same++
				}
			}
			if same != 7 || !bytes.Equal(body[:headerSize], whole[:headerSize]) || !bytes.Equal(body[slotOffset(9):], whole[slotOffset(9):]) {
				t.Fatalf("after %d bytes and once more %d slots are as they were", died, same)
			}
		}
	}
}

func TestADamagedSlotIsNoticedAndABlankOneIsNot(t *testing.T) {
	t.Parallel()
	rules := testRules("a")
	whole := withOwners(t, rules, "", 3)
	if keys, err := keysIn(t, rules, "", whole); err != nil || len(whose(keys, 3)) != 3 {
		t.Fatalf("whole: %v, %v", whose(keys, 3), err)
	}
	for at := range slotSize {
		body := bytes.Clone(whole)
		body[slotOffset(1)+int64(at)] ^= 0x80
		if _, err := keysIn(t, rules, "", body); !errors.Is(err, ErrBackupDamaged) {
			t.Fatalf("byte %d changed: %v", at, err)
		}
	}
	// One slot in the place of another's, and one of another file.
	body := bytes.Clone(whole)
	copy(body[slotOffset(1):], withOwners(t, rules, "", 3)[slotOffset(0):slotOffset(1)])
	if _, err := keysIn(t, rules, "", body); !errors.Is(err, ErrBackupDamaged) {
		t.Errorf("a slot of another file: %v", err)
	}
	if _, err := keysIn(t, testRules("b"), "", whole); !errors.Is(err, ErrForeignBackup) {
		t.Errorf("with another secret: %v", err)
	}
	if _, err := keysIn(t, nil, "", whole); !errors.Is(err, ErrForeignBackup) {
		t.Errorf("without a secret: %v", err)
	}
}

func TestTheSlotsOfTwoFilesDoNotTellThatTheyAreOfOneOwner(t *testing.T) {
	t.Parallel()
	rules := testRules("a")
	a, b := withOwners(t, rules, "", 5), withOwners(t, rules, "", 5)
	for n := range 5 {
		name := a[slotOffset(n)+slotName : slotOffset(n+1)]
		if bytes.Contains(b[:slotOffset(5)], name) {
			t.Errorf("the name of slot %d is in the other file too", n)
		}
	}
	if bytes.Equal(a[32:64], b[32:64]) {
		t.Error("the mark of the installation is the same in both")
	}
	sealed := withOwners(t, rules, "k", 5)
	if bytes.Contains(sealed, []byte("the wrapped key")) || !bytes.Contains(a, []byte("the wrapped key")) {
		t.Error("the passphrase does not close the slots")
	}
}

func TestBlankingFindsItsOwnBackupsAndLeavesAllElse(t *testing.T) {
	t.Parallel()
	rules := testRules("a")
	dir, other := t.TempDir(), t.TempDir()
	put := func(dir, name string, body []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, body, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	foreign := withOwners(t, testRules("b"), "", 20)
	damaged := withOwners(t, rules, "", 20)
	damaged[70] ^= 1
	put(dir, "own", withOwners(t, rules, "", 20))
	sealed := put(dir, "own sealed", withOwners(t, rules, "k", 20))
	put(dir, "own.part", withOwners(t, rules, "", 20)[:slotOffset(20)-slotSize/2]) // its writing was cut off
	put(other, "own elsewhere", withOwners(t, rules, "", 20))
	left := map[string][]byte{
		put(dir, "foreign", foreign):              foreign,
		put(dir, "damaged", damaged):              damaged,
		put(dir, "old", []byte(magic1+"0old...")): []byte(magic1 + "0old..."),
		put(dir, "letter.txt", []byte("Hello")):   []byte("Hello"),
	}
	left[put(dir, "old whole", append([]byte(magic1), make([]byte, 40)...))] = append([]byte(magic1), make([]byte, 40)...)
	var names [][]byte
	for i := range 11 {
		names = append(names, rules.Name([]byte("owner "+strconv.Itoa(i))))
	}
	for _, c := range []struct {
		names  int
		most   int
		owners int
		waits  bool
	}{{0, 10, 0, false}, {11, 10, 11, true}, {1, 10, 1, false}, {11, 10, 10, false}, {11, 10, 0, false}} {
		b, err := Blank(rules, names[:c.names], c.most, dir, other)
		if err != nil || b.Owners != c.owners || b.Waits != c.waits {
			t.Fatalf("%d names: %d owners, waits %v, %v", c.names, b.Owners, b.Waits, err)
		}
		blanked := 0
		for _, f := range b.Files {
			blanked += f.Blanked
		}
		if want := map[bool]int{true: 0, false: 4 * c.owners}[c.waits]; blanked > want || blanked < want-1 { // the file that was cut off lacks one slot
			t.Errorf("%d names: %d slots were blanked", c.names, blanked)
		}
	}
	for path, body := range left {
		if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, body) {
			t.Errorf("%s was changed: %v", path, err)
		}
	}
	body, err := os.ReadFile(sealed)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := keysIn(t, rules, "k", body)
	if got := whose(keys, 20); err != nil || len(got) != 9 || got[0] != 11 {
		t.Errorf("open are %v, %v", got, err)
	}
	found, err := Backups(rules, dir)
	if err != nil {
		t.Fatal(err)
	}
	count := map[Found]int{}
	for _, f := range found {
		count[f.Found]++
	}
	if count[FoundOwn] != 3 || count[FoundForeign] != 1 || count[FoundDamaged] != 1 || count[FoundOld] != 1 {
		t.Errorf("found %v", count)
	}
}
