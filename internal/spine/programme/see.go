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
// by invitation only and she was not invited and does not work there.
func (s *Service) See(ctx context.Context, tx *storage.Tx, actor access.Actor, slug string) (Activity, error) {
	a, err := BySlug(ctx, tx, slug)
	if err != nil || a.OpenToStrangers() || actor.May(MayPlan, a.Scope()) {
		return a, err
	}
	if a.State != Draft {
		knows, err := s.Knows(ctx, tx, actor, a)
		if err != nil || knows {
			return a, err
		}
	}
	return Activity{}, UnknownActivity()
}

// Knows reports whether somebody may know of an activity by invitation: who
// prepares it, and whom the modules know there.
func (s *Service) Knows(ctx context.Context, tx *storage.Tx, actor access.Actor, a Activity) (bool, error) {
	if actor.May(MayPrepare, a.Scope()) || s.known == nil {
		return actor.May(MayPrepare, a.Scope()), nil
	}
	return s.known(ctx, tx, actor, a)
}
