package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
)

// All is a store whose files go into a backup one after the other.
type All struct{ Store }

// Each opens every file in the order of the names. One that was deleted since
// the list was read is left out.
func (a All) Each(ctx context.Context, use func(name string, size int64, r io.Reader) error) error {
	list, err := a.List(ctx, "")
	if err != nil {
		return err
	}
	for _, info := range list {
		file, err := a.Open(ctx, info.Name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return fmt.Errorf("open %s: %w", info.Name, err)
		}
		err = use(info.Name, info.Size, file)
		if err := errors.Join(err, file.Close()); err != nil {
			return err
		}
	}
	return nil
}
