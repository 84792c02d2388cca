package forms

import (
	"context"
	"mime"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/files"
	"platforma.kg/ashar/internal/foundation/web"
)

// MostBytes bounds the bytes of all files that come with one page of a form, for the
// route that takes it (web.Route.Limit; web.Route.Upload is files.Most).
const MostBytes = 3 * files.Most

// Upload is a file given as an answer, checked and without metadata.
type Upload struct {
	Name string `json:"name"`
	Type string `json:"type"`
	Data []byte `json:"data"`
}

// Send answers a request with the file. Who may have it has been decided.
func (u Upload) Send(r *web.Request) error {
	h := r.W.Header()
	h.Set("Content-Type", u.Type)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": u.Name}))
	_, err := r.W.Write(u.Data)
	return err
}

// readUpload takes a PDF or a picture. Invalid at the field for all else, also
// when too many pictures come in for this one to be looked at now.
func readUpload(ctx context.Context, field string, f *web.File) (Upload, error) {
	if f.Fault != nil {
		return Upload{}, fault.At(field, f.Fault.Key, f.Fault.Args)
	}
	c, err := files.Clean(ctx, f.Open(), files.Answer)
	if wrong := fault.Of(err); wrong != nil {
		return Upload{}, fault.At(field, wrong.Key, wrong.Args)
	}
	return Upload{Name: files.SavedAs(f.Name, c.Type), Type: c.Type, Data: c.Data}, err
}

// uploads reads the files that were given to questions; a wrong one is noted at its field.
func uploads(r *web.Request, questions []Question, form *fault.Form) (map[string]Upload, error) {
	out := map[string]Upload{}
	for _, q := range questions {
		chosen := r.Files(q.Field())
		if q.Kind != AskFile || len(chosen) == 0 {
			continue
		}
		up, err := readUpload(r.Context(), q.Field(), chosen[0])
		if err != nil {
			if err := form.Join(err); err != nil {
				return nil, err
			}
			continue
		}
		out[q.Key] = up
	}
	return out, nil
}
