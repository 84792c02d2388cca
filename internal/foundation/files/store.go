package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"time"
)

// Store keeps files by name. A name is a path of lower-case letters, digits,
// hyphens, underscores and dots, "materials/0192.pdf"; no part of it begins with
// a dot. Open gives an error that is fs.ErrNotExist for a file that is not there;
// Delete of such a file is no error.
type Store interface {
	// Put writes a whole file of size bytes or nothing; one of that name is replaced.
	Put(ctx context.Context, name string, r io.Reader, size int64) error
	Open(ctx context.Context, name string) (io.ReadCloser, error)
	Delete(ctx context.Context, name string) error
	// List gives the files whose names begin with prefix, by name.
	List(ctx context.Context, prefix string) ([]Info, error)
}

// Info is what is known of a file without opening it.
type Info struct {
	Name    string
	Size    int64
	Changed time.Time
}

// Folder is where files lie in a data folder when no URL says otherwise.
func Folder(data string) string { return filepath.Join(data, "files") }

// New gives the store of an address, s3://key:secret@host/bucket[?tls=0][&region=…];
// of none, the store of the data folder. Nothing is asked of S3 yet.
func New(address, data string) (Store, error) {
	if address != "" {
		return newS3(address)
	}
	return newFolder(Folder(data))
}

var goodName = regexp.MustCompile(`^[a-z0-9_-][a-z0-9._-]*(/[a-z0-9_-][a-z0-9._-]*)*$`)

// ErrName is the error for a name that no file may have.
var ErrName = errors.New("no name of a file")

func checkName(name string) error {
	if len(name) > 200 || !goodName.MatchString(name) {
		return fmt.Errorf("%w: %q", ErrName, name)
	}
	return nil
}
