package programme

import (
	"context"

	"platforma.kg/ashar/internal/foundation/storage"
)

// activity has a name that no other room can write, see Public.
type activity = Activity

// Public is an activity that strangers may know of. No other room can make one,
// and here ForStrangers alone does: what draws lists, maps, feeds and pictures
// for everybody takes Public, so that it cannot be given an activity by
// invitation, whose very title, address and city would say when and where
// people meet who are not to be found.
type Public struct{ activity }

// ForStrangers lists what strangers may know of: published, or cancelled and so
// marked, and never by invitation only.
func ForStrangers(ctx context.Context, tx *storage.Tx, f Filter) ([]Public, error) {
	all, err := All(ctx, tx, f)
	var out []Public
	for _, a := range all {
		if a.OpenToStrangers() {
			out = append(out, Public{a})
		}
	}
	return out, err
}
