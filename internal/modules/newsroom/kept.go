package newsroom

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"image"
	_ "image/jpeg" // the sizes of pictures
	_ "image/png"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"slices"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/files"
	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
)

// Kept is a clean file in the store of files.
type Kept struct {
	File   string `json:"file"` // name in the store; empty for none
	Type   string `json:"type"`
	Size   int64  `json:"size"`   // bytes
	Digest string `json:"digest"` // SHA-256 of the bytes, hexadecimal
	Width  int    `json:"width,omitempty"`
	Height int    `json:"height,omitempty"`
}

// TidyJob deletes files of the newsroom that no row names.
const TidyJob = "newsroom.tidy"

// spare is how long a file without a row lies on: until an upload that was broken off has
// surely ended, and a backup that read the row has the file too.
const spare = time.Hour

// ofFile is the payload of the job that tidies up.
type ofFile struct {
	File string `json:"file"`
}

// Keep puts a clean upload into the store of files. Before that it asks for a look at the
// file later, so that none stays there which no row names.
func (m *Module) Keep(ctx context.Context, c files.Cleaned) (Kept, error) {
	if m.Files == nil {
		return Kept{}, errors.New("newsroom: there is no store of files")
	}
	sum := sha256.Sum256(c.Data)
	k := Kept{Type: c.Type, Size: int64(len(c.Data)), Digest: hex.EncodeToString(sum[:])}
	if size, _, err := image.DecodeConfig(bytes.NewReader(c.Data)); err == nil { // a paper has none
		k.Width, k.Height = size.Width, size.Height
	}
	if err := m.Store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
		k.File = "newsroom/" + tx.NewID().String() + c.Ending()
		return forget(ctx, tx, k.File)
	}); err != nil {
		return Kept{}, err
	}
	return k, m.Files.Put(ctx, k.File, bytes.NewReader(c.Data), k.Size)
}

// KeepPicture keeps a picture as it may be printed, and smaller for the page. Invalid
// when it is none.
func (m *Module) KeepPicture(ctx context.Context, r io.Reader) (p Pictures, err error) {
	both, err := cleanPicture(ctx, r)
	if err != nil {
		return p, err
	}
	return m.keepPicture(ctx, both)
}

// sizes are a picture as it may be printed, and smaller for the page.
type sizes struct{ whole, small files.Cleaned }

func cleanPicture(ctx context.Context, r io.Reader) (both sizes, err error) {
	if both.whole, err = files.Clean(ctx, r, printed); err != nil {
		return both, err
	}
	if both.whole.Type != files.JPEG && both.whole.Type != files.PNG {
		return both, fault.New(fault.Invalid, "newsroom.kit.fault.type")
	}
	both.small, err = files.Clean(ctx, bytes.NewReader(both.whole.Data), onPress)
	return both, err
}

func (m *Module) keepPicture(ctx context.Context, both sizes) (p Pictures, err error) {
	if p.Whole, err = m.Keep(ctx, both.whole); err != nil {
		return p, err
	}
	p.Small, err = m.Keep(ctx, both.small)
	return p, err
}

// forget asks for a look at a file after a while: it goes when no row names it then.
func forget(ctx context.Context, tx *storage.Tx, list ...string) error {
	for _, file := range list {
		if file == "" {
			continue
		}
		if err := jobs.Enqueue(ctx, tx, jobs.Job{Kind: TidyJob, Payload: ofFile{file}, After: tx.Now.Add(spare)}); err != nil {
			return err
		}
	}
	return nil
}

// tidy deletes a file that no row names.
func (m *Module) tidy(ctx context.Context, store *storage.Store, payload json.RawMessage) error {
	var p ofFile
	if err := json.Unmarshal(payload, &p); err != nil {
		return err
	}
	var named int
	if err := store.Read(ctx, func(ctx context.Context, tx *storage.Tx) error {
		return tx.QueryRow(ctx, `SELECT (SELECT COUNT(*) FROM news_kit_item WHERE file = $1 OR small_file = $1)
			+ (SELECT COUNT(*) FROM news_mention WHERE file = $1)`, p.File).Scan(&named)
	}); err != nil || named > 0 {
		return err
	}
	return m.Files.Delete(ctx, p.File)
}

// upload cleans and keeps what was chosen at a field, in the way that take does it; false
// when nothing was chosen. What is wrong with it is a fault at the field.
func upload[T any](r *web.Request, field string, take func(context.Context, io.Reader) (T, error)) (kept T, chosen bool, err error) {
	list := r.Files(field)
	if len(list) == 0 || list[0].Size == 0 && list[0].Fault == nil {
		return kept, false, nil
	}
	if list[0].Fault != nil {
		err = list[0].Fault
	} else {
		kept, err = take(r.Context(), list[0].Open())
	}
	if f := fault.Of(err); f != nil {
		err = fault.At(field, f.Key, f.Args)
	}
	return kept, true, err
}

// inline are the types that browsers show in a page.
var inline = []string{files.JPEG, files.PNG}

// sendFile sends the bytes of a file, or the part of them that is asked for. Who may read it
// has been decided; public says that everybody may. A name makes it one that is saved.
func (m *Module) sendFile(r *web.Request, k Kept, name string, public bool, changed time.Time) error {
	if m.Files == nil {
		return fault.New(fault.Unavailable, "newsroom.fault.lost")
	}
	file, err := m.Files.Open(r.Context(), k.File)
	if errors.Is(err, fs.ErrNotExist) {
		return fault.New(fault.Unavailable, "newsroom.fault.lost")
	}
	if err != nil {
		return err
	}
	defer file.Close()
	body, ok := file.(io.ReadSeeker)
	if !ok {
		raw, err := io.ReadAll(file)
		if err != nil {
			return err
		}
		body = bytes.NewReader(raw)
	}
	h := r.W.Header()
	h.Set("Content-Type", k.Type)
	h.Set("X-Content-Type-Options", "nosniff")
	if name != "" || !slices.Contains(inline, k.Type) {
		h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	}
	// If a browser opened it, then as nobody and without script.
	h.Set("Content-Security-Policy", "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox")
	if k.Digest != "" {
		h.Set("ETag", `"`+k.Digest[:32]+`"`)
	}
	// Whoever has it asks whether it is still the same, and so learns at once that it is gone.
	h.Set("Cache-Control", "public, no-cache")
	if !public {
		h.Set("Cache-Control", "private, no-store")
	}
	http.ServeContent(r.W, r.Request, "", changed, body)
	return nil
}
