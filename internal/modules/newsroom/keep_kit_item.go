package newsroom

import (
	"context"
	"encoding/hex"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/files"
	"platforma.kg/ashar/internal/foundation/storage"
)

// KeepKitItem is a picture of the press kit as somebody has written it.
type KeepKitItem struct {
	Actor   access.Actor
	Item    storage.ID // zero for a new one
	Version int64      // the one that she saw
	// Pictures are kept already; empty: they stay.
	Pictures Pictures
	// Write puts what she wrote into the picture as it is. It may run again.
	Write func(KitItem) (KitItem, error)
}

// KeepKitItem keeps a picture of the press kit. A new one is seen by staff alone. A new
// picture in a photo's place is another photo: what was said of those who are seen in it
// is not said of this one, so strangers see it no more until somebody says it anew. A logo
// stays where it is. Forbidden, NotFound, Gone; Invalid at the fields, also when a public
// one would lack what it needs; Conflict when somebody else was faster; Full when there
// are too many.
func (m *Module) KeepKitItem(ctx context.Context, tx *storage.Tx, cmd KeepKitItem) (KitItem, error) {
	before := KitItem{Kind: Photo, State: KitDraft}
	if !cmd.Item.IsZero() {
		var err error
		if before, err = kitByID(ctx, tx, cmd.Item); err != nil {
			return before, err
		}
	}
	if err := m.mayKit(ctx, tx, cmd.Actor, before.State); err != nil {
		return before, err
	}
	if before.State == KitRemoved {
		return before, gonePicture()
	}
	if !cmd.Item.IsZero() && before.Version != cmd.Version {
		return before, fault.New(fault.Conflict, "programme.fault.changed_meanwhile")
	}
	i, err := cmd.Write(before)
	if err != nil {
		return before, err
	}
	// What nobody writes on this page stays as it is.
	i.ID, i.State, i.Place, i.Version, i.Made, i.Pictures = before.ID, before.State, before.Place, before.Version, before.Made, before.Pictures
	i.Texts.Stale = before.Texts.Stale
	if !cmd.Item.IsZero() {
		i.Kind = before.Kind
	}
	i.By = cmd.Actor.Person
	replaced := cmd.Pictures.Whole.File != ""
	if replaced {
		if !cmd.Pictures.sound() {
			return before, fault.At("file", "newsroom.kit.fault.type")
		}
		i.Pictures = cmd.Pictures
		if !cmd.Item.IsZero() && i.Kind == Photo {
			i.Pictured, i.Noted = Unstated, ""
			if i.State == KitPublic {
				i.State = KitClosed
			}
		}
	}
	if i.Pictures.Whole.File == "" {
		return before, fault.At("file", "newsroom.kit.fault.none")
	}
	if err := i.check(); err != nil {
		return before, err
	}
	for _, name := range kitNames {
		i.Texts.Stale = i.Texts.Stale.Note(name, *before.Texts.text(name), *i.Texts.text(name), tx.Now)
	}
	if cmd.Item.IsZero() {
		return m.addKitItem(ctx, tx, i)
	}
	if err := i.update(ctx, tx); err != nil {
		return before, err
	}
	if replaced {
		if err := forget(ctx, tx, before.Pictures.Whole.File, before.Pictures.Small.File); err != nil {
			return before, err
		}
	}
	return i, noteKit(ctx, tx, i)
}

// sound reports whether both files are there and pictures.
func (p Pictures) sound() bool {
	for _, k := range []Kept{p.Whole, p.Small} {
		sum, err := hex.DecodeString(k.Digest)
		if k.File == "" || k.Type != files.JPEG && k.Type != files.PNG || err != nil || len(sum) != 32 {
			return false
		}
	}
	return true
}

func (m *Module) addKitItem(ctx context.Context, tx *storage.Tx, i KitItem) (KitItem, error) {
	if err := holdKit(ctx, tx); err != nil {
		return i, err
	}
	list, err := kitList(ctx, tx, false)
	if err != nil {
		return i, err
	}
	if len(list) >= mostItems {
		return i, fault.New(fault.Full, "newsroom.kit.fault.many", fault.Args{"count": mostItems})
	}
	i.Place = 1
	if n := len(list); n > 0 {
		i.Place = list[n-1].Place + 1
	}
	i.ID, i.Version, i.Made, i.Changed = tx.NewID(), 1, tx.Now, tx.Now
	if err := i.insert(ctx, tx); err != nil {
		return i, err
	}
	return i, noteKit(ctx, tx, i)
}

// mayKit refuses who may not change a picture in a state: what everybody sees is of those
// who publish. The press kit is of the programme, not of one place.
func (m *Module) mayKit(ctx context.Context, tx *storage.Tx, actor access.Actor, s KitState) error {
	needs := MayWrite
	if s == KitPublic {
		needs = MayPublish
	}
	return m.may(ctx, tx, actor, Release{}, needs)
}

// mayWriteKit reports whether somebody may write the press kit.
func (m *Module) mayWriteKit(ctx context.Context, tx *storage.Tx, actor access.Actor) (bool, error) {
	err := m.mayKit(ctx, tx, actor, KitDraft)
	if fault.Is(err, fault.Forbidden) {
		return false, nil
	}
	return err == nil, err
}

func gonePicture() error { return fault.New(fault.Gone, "newsroom.kit.fault.gone") }

func noteKit(ctx context.Context, tx *storage.Tx, i KitItem) error {
	return audit.Record(ctx, tx, audit.Entry{Actor: i.By, Action: "newsroom.audit.kit", Object: i.ID, Detail: string(i.Kind) + " " + string(i.State)})
}
