package storage

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// Found is what a file that looks like a backup is, seen from outside.
type Found string

// What a file can be found to be.
const (
	FoundOwn     Found = "own"     // its slots can be blanked
	FoundOld     Found = "old"     // without slots: what it holds, it holds for good
	FoundForeign Found = "foreign" // of another installation
	FoundDamaged Found = "damaged" // its head or its slots cannot be read
)

// File is a backup found in a folder.
type File struct {
	Path  string
	Found Found
	Made  time.Time // zero when it does not say
	// Of a file of this installation:
	Slots   int // of owners
	Blank   int // of them blank already
	Spoilt  int // of them damaged: Restore refuses the file
	Blanked int // that Blank blanked now

	half  int               // of the blank ones: the blanking was cut off
	names map[[16]byte]bool // of the slots that are to be blanked
}

// Blanking is what Blank found and did.
type Blanking struct {
	Files  []File
	Owners int  // that some file still opened
	Waits  bool // they are more than were allowed: nothing was blanked
}

// Backups lists the backups in folders, also those that are not finished; other
// files are passed over, folders in them too. What cannot be read is in the
// error, all else in the list.
func Backups(rules *BackupRules, folders ...string) (list []File, err error) {
	var failed []error
	seen := map[string]bool{}
	for _, folder := range folders {
		entries, err := os.ReadDir(folder)
		if err != nil {
			failed = append(failed, err)
		}
		for _, e := range entries {
			path := filepath.Join(folder, e.Name())
			real, err := filepath.EvalSymlinks(path)
			if err != nil || seen[real] {
				continue // a link that leads nowhere is no backup
			}
			seen[real] = true
			f, ok, err := look(path, rules)
			if err != nil {
				failed = append(failed, fmt.Errorf("look at %s: %w", path, err))
			} else if ok {
				list = append(list, f)
			}
		}
	}
	return list, errors.Join(failed...)
}

// look tells what a file is; false when it is no backup.
func look(path string, rules *BackupRules) (f File, ok bool, err error) {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return f, false, err
	}
	file, err := os.Open(path)
	if err != nil {
		return f, false, err
	}
	defer file.Close()
	f = File{Path: path}
	head, h, err := readHeader(file)
	switch {
	case errors.Is(err, ErrNotBackup):
		return f, false, nil
	case errors.Is(err, ErrBackupDamaged):
		f.Found = FoundDamaged
		return f, true, nil
	case err != nil:
		return f, false, err
	}
	f.Made = h.made
	switch {
	case h.format == 1:
		f.Found = FoundOld
	case rules == nil || !rules.own(h):
		f.Found = FoundForeign
	default:
		f.Found = FoundOwn
		f.Slots = int(h.count)
		return f, true, eachSlot(file, rules, head, h, func(_ int, _ []byte, state slotState) error {
			switch state {
			case slotBlank:
				f.Blank++
			case slotHalf:
				f.Blank++
				f.half++
			case slotDamaged:
				f.Spoilt++
			case slotWhole:
			}
			return nil
		})
	}
	return f, true, nil
}

// eachSlot gives the slots that a file holds, also one that was cut off among them.
func eachSlot(file io.Reader, rules *BackupRules, head []byte, h header, use func(n int, slot []byte, state slotState) error) error {
	area, err := readSlots(file, h.count)
	if err != nil && !errors.Is(err, ErrBackupDamaged) {
		return err
	}
	for n := range len(area) / slotSize {
		slot := area[n*slotSize:][:slotSize]
		if err := use(n, slot, rules.state(head, slot)); err != nil {
			return err
		}
	}
	return nil
}

// Unblanked looks whom of the named owners, by their keyed names, the backups of
// some folders still open. It changes nothing. What cannot be read is in the error.
func Unblanked(rules *BackupRules, names [][]byte, folders ...string) (out Blanking, err error) {
	var failed []error
	if out.Files, err = Backups(rules, folders...); err != nil {
		failed = append(failed, err)
	}
	owners := map[int]bool{}
	for i := range out.Files {
		if f := &out.Files[i]; f.Found == FoundOwn {
			if err := f.match(rules, names, owners); err != nil {
				failed = append(failed, fmt.Errorf("look at %s: %w", f.Path, err))
			}
		}
	}
	out.Owners = len(owners)
	return out, errors.Join(failed...)
}

// Blank overwrites the slots of the named owners in all backups of some folders,
// and finishes what an earlier run was cut off in. When more than most owners would
// be blanked newly, it blanks nobody and says so; negative: any number. Files that
// cannot be read or written are in the error; the others are done.
func Blank(rules *BackupRules, names [][]byte, most int, folders ...string) (Blanking, error) {
	out, err := Unblanked(rules, names, folders...)
	if most >= 0 && out.Owners > most {
		out.Waits = true
		return out, err
	}
	failed := []error{err}
	for i := range out.Files {
		if f := &out.Files[i]; f.Found == FoundOwn {
			if err := f.blank(rules); err != nil {
				failed = append(failed, fmt.Errorf("blank %s: %w", f.Path, err))
			}
		}
	}
	return out, errors.Join(failed...)
}

// match notes which of the names have a slot that is not blank yet.
func (f *File) match(rules *BackupRules, names [][]byte, owners map[int]bool) error {
	file, err := os.Open(f.Path)
	if err != nil {
		return err
	}
	defer file.Close()
	head, h, err := readHeader(file)
	if err != nil {
		return err
	}
	here := make(map[[16]byte]int, len(names))
	for i, name := range names {
		here[nameIn(h.salt, name)] = i
	}
	f.names = map[[16]byte]bool{}
	return eachSlot(file, rules, head, h, func(_ int, slot []byte, state slotState) error {
		name := [16]byte(slot[slotName:])
		if i, ok := here[name]; ok && state != slotBlank {
			f.names[name] = true
			if state != slotHalf {
				owners[i] = true
			}
		}
		return nil
	})
}

func (f *File) blank(rules *BackupRules) error {
	if len(f.names) == 0 && f.half == 0 {
		return nil
	}
	file, err := os.OpenFile(f.Path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer file.Close()
	f.Blanked, err = blankSlots(file, rules, f.names)
	return errors.Join(err, file.Close())
}

// blankable is a backup in which slots are overwritten.
type blankable interface {
	io.ReadSeeker
	io.WriterAt
	Sync() error
}

// blankSlots writes zeros over the slots with those names, and over what is left
// of slots whose blanking was cut off. It answers when the disk has them.
func blankSlots(file blankable, rules *BackupRules, names map[[16]byte]bool) (count int, err error) {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return 0, err
	}
	head, h, err := readHeader(file)
	if err != nil {
		return 0, err
	}
	var toBlank []int
	err = eachSlot(file, rules, head, h, func(n int, slot []byte, state slotState) error {
		if state == slotHalf || state != slotBlank && names[[16]byte(slot[slotName:])] {
			toBlank = append(toBlank, n)
		}
		return nil
	})
	if err != nil || len(toBlank) == 0 {
		return 0, err
	}
	slices.Sort(toBlank)
	for _, n := range toBlank {
		if _, err := file.WriteAt(make([]byte, slotSize), slotOffset(n)); err != nil {
			return count, errors.Join(err, file.Sync())
		}
		count++
	}
	return count, file.Sync()
}
