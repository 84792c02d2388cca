package programme

import (
	"context"

	"platforma.kg/ashar/internal/foundation/access"
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

// open reports whether strangers may know of the activity.
func (a Activity) open() bool { return a.State != Draft && !a.InvitationOnly }

// ForStrangers lists what strangers may know of: published, or cancelled and so
// marked, and never by invitation only.
func ForStrangers(ctx context.Context, tx *storage.Tx, f Filter) ([]Public, error) {
	all, err := All(ctx, tx, f)
	var out []Public
	for _, a := range all {
		if a.open() {
			out = append(out, Public{a})
		}
	}
	return out, err
}

// see finds the activity of an address for whoever asks. NotFound, as for an
// address that there never was, when it is a draft and she does not plan it, or
// by invitation only and she was not invited and does not work there.
func (s *Service) see(ctx context.Context, tx *storage.Tx, actor access.Actor, slug string) (Activity, error) {
	a, err := BySlug(ctx, tx, slug)
	if err != nil || a.open() || actor.May(MayPlan, scope(a)) {
		return a, err
	}
	if a.State != Draft {
		knows, err := s.knows(ctx, tx, actor, a)
		if err != nil || knows {
			return a, err
		}
	}
	return Activity{}, unknownActivity()
}

// knows reports whether somebody may know of an activity by invitation: who
// prepares it, and whom the modules know there.
func (s *Service) knows(ctx context.Context, tx *storage.Tx, actor access.Actor, a Activity) (bool, error) {
	if actor.May(MayPrepare, scope(a)) || s.known == nil {
		return actor.May(MayPrepare, scope(a)), nil
	}
	return s.known(ctx, tx, actor, a)
}
