package public

import (
	"context"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/programme"
)

// activity has a name that no other room can write, see Activity.
type activity = programme.Activity

// Activity is one that strangers may know of. No other room can make one,
// and here ForStrangers alone does: what draws lists, maps, feeds and pictures
// for everybody takes Activity, so that it cannot be given an activity by
// invitation, whose very title, address and city would say when and where
// people meet who are not to be found.
type Activity struct{ activity }

// ForStrangers lists what strangers may know of: published, or cancelled and so
// marked, and never by invitation only.
func ForStrangers(ctx context.Context, tx *storage.Tx, f programme.Filter) ([]Activity, error) {
	all, err := programme.All(ctx, tx, f)
	var out []Activity
	for _, a := range all {
		if a.OpenToStrangers() {
			out = append(out, Activity{a})
		}
	}
	return out, err
}
