package programme

import (
	"context"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
)

// OpenToStrangers reports whether strangers may know of the activity.
func (a Activity) OpenToStrangers() bool { return a.State != Draft && !a.InvitationOnly }

// See finds the activity of an address for whoever asks. NotFound, as for an
// address that there never was, when it is a draft and she does not plan it, or
// by invitation only and she does not work there and no module knows her there (Knows; in
// seminars: an application that was not declined).
func (s *Service) See(ctx context.Context, tx *storage.Tx, actor access.Actor, slug string) (Activity, error) {
	a, err := BySlug(ctx, tx, slug)
	if err != nil {
		return a, err
	}
	sees, err := s.Sees(ctx, tx, actor, a)
	if err == nil && !sees {
		a, err = Activity{}, UnknownActivity()
	}
	return a, err
}

// Sees reports whether See would find an activity for whoever asks.
func (s *Service) Sees(ctx context.Context, tx *storage.Tx, actor access.Actor, a Activity) (bool, error) {
	if a.OpenToStrangers() || actor.May(MayPlan, a.Scope()) {
		return true, nil
	}
	if a.State == Draft {
		return false, nil
	}
	return s.Knows(ctx, tx, actor, a)
}

// Knows reports whether somebody may know of an activity by invitation: who
// prepares it, and whom the modules know there.
func (s *Service) Knows(ctx context.Context, tx *storage.Tx, actor access.Actor, a Activity) (bool, error) {
	if actor.May(MayPrepare, a.Scope()) || s.known == nil {
		return actor.May(MayPrepare, a.Scope()), nil
	}
	return s.known(ctx, tx, actor, a)
}
