package newsroom

import (
	"context"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
)

// MoveKitItem puts a picture one place up (-1) or down (+1) among those of its kind; at the
// end nothing happens. The order is what everybody sees. Forbidden, NotFound.
func (m *Module) MoveKitItem(ctx context.Context, tx *storage.Tx, actor access.Actor, id storage.ID, by int) error {
	if err := m.may(ctx, tx, actor, Release{}, MayPublish); err != nil {
		return err
	}
	if err := holdKit(ctx, tx); err != nil {
		return err
	}
	list, err := kitList(ctx, tx, false)
	if err != nil {
		return err
	}
	for at, i := range list {
		if i.ID != id {
			continue
		}
		to := at + by
		for to >= 0 && to < len(list) && list[to].Kind != i.Kind {
			to += by
		}
		if by == 0 || to < 0 || to >= len(list) {
			return nil
		}
		for _, swap := range []struct {
			id    storage.ID
			place int64
		}{{i.ID, list[to].Place}, {list[to].ID, i.Place}} {
			if _, err := tx.Exec(ctx, `UPDATE news_kit_item SET place = $2 WHERE id = $1`, swap.id, swap.place); err != nil {
				return err
			}
		}
		return nil
	}
	return unknownPicture()
}
