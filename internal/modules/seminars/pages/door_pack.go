package pages

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/modules/seminars/door"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

const (
	// packHeader tells a device what to do with a pack that it has: "stands", or "wipe" to who
	// may have none any more.
	packHeader = "Ashar-Pack"
	// longestHave bounds the tags that a device sends.
	longestHave = 512
)

// packRate lets twenty phones behind one address of a hall ask every minute, several times over.
var packRate = web.Rate{Count: 120, Per: time.Minute}

// sendPack gives a pack to a device that stands at a door: a phone by its secret, or
// somebody of the staff. What it has already, by "have" or by ETag, is not sent again.
func (m *Module) sendPack(r *web.Request) error {
	var packed door.Packed
	var keeper door.Keeper
	var a seats.Activity
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		tellTime(r, tx.Now)
		if a, keeper, err = m.stand(ctx, tx, r); err != nil {
			return err
		}
		packed, err = m.Pack(ctx, tx, keeper, a)
		return err
	}); err != nil {
		if f := fault.Of(err); f != nil && f.Code != fault.TooEarly {
			r.W.Header().Set(packHeader, "wipe")
		}
		return err
	}
	tag, err := packed.ETag()
	if err != nil {
		return err
	}
	have := r.URL.Query().Get("have")
	if len(have) > longestHave {
		have = ""
	}
	r.W.Header().Set(packHeader, "stands")
	r.W.Header().Set("Cache-Control", "no-store") // the script keeps it, and nobody else
	r.W.Header().Set("ETag", tag)
	unchanged := r.Header.Get("If-None-Match") == tag
	pack, persons := packed.For(have)
	if !unchanged {
		if err := m.noteLooks(r, keeper.Reader(), a, "seminars.audit.packed", persons); err != nil {
			return err
		}
	}
	if err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		return door.NoteContact(ctx, tx, keeper)
	}); err != nil {
		return err
	}
	if unchanged {
		r.W.WriteHeader(http.StatusNotModified)
		return nil
	}
	r.W.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(r.W).Encode(pack)
}
