package storage

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"
)

// Inspected is what a look through a whole backup found.
type Inspected struct {
	Made   time.Time
	Format int   // 1: its keys lie in the body and cannot be blanked
	Slots  int   // of owners, blanked ones included
	Blank  int   // of them blanked
	Rows   int64 // of all tables
	Files  int64
	// Keyless are the ids of the owners whose slots were blanked: their rows are
	// there, and nothing in them opens.
	Keyless [][]byte
}

// Inspect reads a backup to its end and reports whether it is whole, with the
// backup key and the rules of the options. ErrNotBackup, ErrBackupKey,
// ErrForeignBackup or ErrBackupDamaged.
func Inspect(path string, o Options) (found Inspected, err error) {
	err = readBackup(path, o, func(b backup) error {
		found = Inspected{Made: b.heading.Made, Format: b.format, Slots: int(b.count), Blank: b.keys.blank}
		at := -1 // where in the rows of the table of owners the id stands
		return readParts(b.in, func(p part) error {
			if at = -1; b.heading.Slots != nil && p.Table == b.heading.Slots.Table {
				if at = slices.Index(p.Columns, b.heading.Slots.ID); at < 0 {
					return fmt.Errorf("%w: the owners have no ids", ErrBackupDamaged)
				}
			}
			return nil
		}, func(row []any) error {
			found.Rows++
			if at < 0 {
				return nil
			}
			if at >= len(row) {
				return fmt.Errorf("%w: a row of %d values", ErrBackupDamaged, len(row))
			}
			id, err := blobOf(row[at])
			if err != nil {
				return err
			}
			if _, ok := b.keys.of(id); !ok {
				found.Keyless = append(found.Keyless, id)
			}
			return nil
		}, func(p part) error {
			if p.File != "" {
				found.Files++
			}
			return nil
		})
	})
	if err == nil && len(found.Keyless) > found.Blank {
		err = fmt.Errorf("read backup: %w: %d owners have no key, %d slots are blank", ErrBackupDamaged, len(found.Keyless), found.Blank)
	}
	return found, err
}

// restoreFiles puts the files of a backup into a store, each when it is whole.
func restoreFiles(ctx context.Context, in *json.Decoder, into Files) error {
	var name string
	var size int64
	var whole bytes.Buffer
	return readParts(in, func(part) error { return nil }, func([]any) error { return nil }, func(p part) error {
		if p.File != "" {
			name, size = p.File, p.Size
			whole.Reset()
		}
		whole.Write(p.Piece)
		if int64(whole.Len()) < size {
			return nil
		}
		return into.Put(ctx, name, bytes.NewReader(whole.Bytes()), size)
	})
}

// backup is an archive whose body is about to be read.
type backup struct {
	*archive
	heading heading
	keys    slotKeys
	in      *json.Decoder
}

func readBackup(path string, o Options, use func(b backup) error) error {
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("read backup: %w", err)
	}
	defer file.Close()
	var b backup
	if b.archive, err = openArchive(file, o.BackupKey); err != nil {
		return fmt.Errorf("read backup: %w", err)
	}
	if b.keys, err = b.openSlots(o.Rules); err != nil {
		return fmt.Errorf("read backup: %w", err)
	}
	b.in = json.NewDecoder(b.content)
	b.in.UseNumber()
	if err = b.in.Decode(&b.heading); err != nil {
		err = archiveError(err)
	} else if b.heading.Slots != nil && b.keys.name == nil {
		err = fmt.Errorf("%w: it has owners and no slots", ErrBackupDamaged)
	} else {
		err = use(b)
	}
	if err != nil {
		return fmt.Errorf("read backup: %w", err)
	}
	return nil
}

// blobOf gives the bytes that stand in a row.
func blobOf(v any) ([]byte, error) {
	marked, ok := v.(map[string]any)
	text, isText := marked["b"].(string)
	if !ok || !isText {
		return nil, fmt.Errorf("%w: bytes were expected", ErrBackupDamaged)
	}
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBackupDamaged, err)
	}
	return raw, nil
}

// readParts reads what follows the heading and checks the tally. file gets the
// heading of each file and each of its pieces.
func readParts(in *json.Decoder, table func(part) error, row func([]any) error, file func(part) error) error {
	var tally, files, left int64
	for {
		var p part
		if err := in.Decode(&p); err != nil {
			return archiveError(err)
		}
		var err error
		switch {
		case p.Table != "":
			err = table(p)
		case p.File != "":
			if p.Size < 0 || left != 0 {
				return fmt.Errorf("%w: a file of %d bytes, %d of the one before are missing", ErrBackupDamaged, p.Size, left)
			}
			files++
			left = p.Size
			err = file(p)
		case len(p.Piece) > 0:
			if left -= int64(len(p.Piece)); left < 0 {
				return fmt.Errorf("%w: a file is longer than it should be", ErrBackupDamaged)
			}
			err = file(p)
		case p.Tally == nil:
			err = row(p.Row)
			tally++
		case p.Files != files || left != 0:
			err = fmt.Errorf("%w: %d files of %d", ErrBackupDamaged, files, p.Files)
		case *p.Tally != tally:
			err = fmt.Errorf("%w: %d rows of %d", ErrBackupDamaged, tally, *p.Tally)
		default: // to the very end, where the sums are
			if _, err := in.Token(); !errors.Is(err, io.EOF) {
				return fmt.Errorf("%w: something follows the end: %w", ErrBackupDamaged, err)
			}
			return nil
		}
		if err != nil {
			return err
		}
	}
}
