package materials

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"time"

	"platforma.kg/ashar/internal/foundation/files"
	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
)

// Kept is an upload that lies in the store of files, not yet named by any row.
type Kept struct {
	File   string // name in the store; empty for none
	Type   string
	Size   int64
	Digest string
}

// spare is how long a file without a row lies on: until an upload that was
// broken off has surely ended, and a backup that read the row has the file too.
const spare = time.Hour

// ofFile is the payload of the job that tidies up.
type ofFile struct {
	File string `json:"file"`
}

const tidyKind = "programme.tidy_file"

// Keep puts a clean upload into the store of files. Before that it asks for a
// look at the file later, so that none stays there which no row names.
func (s *Service) Keep(ctx context.Context, c files.Cleaned) (Kept, error) {
	if s.files == nil {
		return Kept{}, errors.New("programme: there is no store of files")
	}
	sum := sha256.Sum256(c.Data)
	k := Kept{Type: c.Type, Size: int64(len(c.Data)), Digest: hex.EncodeToString(sum[:])}
	if err := s.store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
		k.File = "materials/" + tx.NewID().String() + c.Ending()
		return forget(ctx, tx, k.File)
	}); err != nil {
		return Kept{}, err
	}
	return k, s.files.Put(ctx, k.File, bytes.NewReader(c.Data), k.Size)
}

// forget asks for a look at a file after a while: it goes when no row names it then.
func forget(ctx context.Context, tx *storage.Tx, file string) error {
	return jobs.Enqueue(ctx, tx, jobs.Job{Kind: tidyKind, Payload: ofFile{file}, After: tx.Now.Add(spare)})
}

// tidy deletes a file that no material names.
func (s *Service) tidy(ctx context.Context, store *storage.Store, payload json.RawMessage) error {
	var p ofFile
	if err := json.Unmarshal(payload, &p); err != nil {
		return err
	}
	var named int
	if err := store.Read(ctx, func(ctx context.Context, tx *storage.Tx) error {
		return tx.QueryRow(ctx, `SELECT COUNT(*) FROM material WHERE file = $1`, p.File).Scan(&named)
	}); err != nil || named > 0 {
		return err
	}
	return s.files.Delete(ctx, p.File)
}
