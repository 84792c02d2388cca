package seminars

import (
	"context"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/files"
	"platforma.kg/ashar/internal/foundation/web"
)

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
