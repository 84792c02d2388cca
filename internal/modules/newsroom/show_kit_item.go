package newsroom

import (
	"context"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

// ShowKitItem puts a picture on the page for the press, or takes it back from there.
type ShowKitItem struct {
	Actor   access.Actor
	Item    storage.ID
	Version int64 // the one that she saw
	Public  bool
}

// ShowKitItem is the use case. Forbidden, NotFound, Gone; Conflict when somebody else was
// faster; Invalid at the fields when something is missing without which nobody may see it.
func (m *Module) ShowKitItem(ctx context.Context, tx *storage.Tx, cmd ShowKitItem) (KitItem, error) {
	i, err := kitByID(ctx, tx, cmd.Item)
	if err != nil {
		return i, err
	}
	if err := m.may(ctx, tx, cmd.Actor, Release{}, MayPublish); err != nil {
		return i, err
	}
	if i.State == KitRemoved {
		return i, gonePicture()
	}
	if i.Version != cmd.Version {
		return i, fault.New(fault.Conflict, "programme.fault.changed_meanwhile")
	}
	if cmd.Public == (i.State == KitPublic) {
		return i, nil
	}
	i.State, i.By = KitClosed, cmd.Actor.Person
	if cmd.Public {
		i.State = KitPublic
	}
	if err := i.check(); err != nil {
		return i, err
	}
	if err := i.update(ctx, tx); err != nil {
		return i, err
	}
	return i, noteKit(ctx, tx, i)
}
