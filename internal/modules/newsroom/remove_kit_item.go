package newsroom

import (
	"context"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

// RemoveKitItem removes a picture from the press kit at once, and its files a while later.
// Of one that strangers could see a shell stays, without words: its address says that it
// is gone. Forbidden, NotFound, Gone; Conflict when somebody else has changed it meanwhile.
func (m *Module) RemoveKitItem(ctx context.Context, tx *storage.Tx, actor access.Actor, id storage.ID) error {
	i, err := kitByID(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := m.mayKit(ctx, tx, actor, i.State); err != nil {
		return err
	}
	was := i.State
	if was == KitRemoved {
		return gonePicture()
	}
	if err := forget(ctx, tx, i.Pictures.Whole.File, i.Pictures.Small.File); err != nil {
		return err
	}
	i.State, i.By = KitRemoved, actor.Person
	i.Texts, i.Pictured, i.Noted, i.Pictures = KitTexts{}, Unstated, "", Pictures{}
	if was == KitDraft {
		var gone int64
		gone, err = tx.Exec(ctx, `DELETE FROM news_kit_item WHERE id = $1 AND version = $2`, id, i.Version)
		if err == nil && gone == 0 { // strangers may see it now
			err = fault.New(fault.Conflict, "programme.fault.changed_meanwhile")
		}
	} else {
		err = i.update(ctx, tx)
	}
	if err != nil {
		return err
	}
	return noteKit(ctx, tx, i)
}
