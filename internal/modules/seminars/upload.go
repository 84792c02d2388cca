package seminars

import (
	"mime/multipart"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/files"
)

// maxUpload is the greatest file that may be an answer, in bytes.
const maxUpload = 2 << 20

// readUpload takes a PDF or a picture. Invalid at the field for all else.
func readUpload(field string, h *multipart.FileHeader) (Upload, error) {
	f, err := h.Open()
	if err != nil {
		return Upload{}, err
	}
	defer f.Close()
	c, err := files.Clean(f, maxUpload)
	if wrong := fault.Of(err); wrong != nil {
		wrong.Field = field
	}
	return Upload{Name: files.SafeName(h.Filename), Type: c.Type, Data: c.Data}, err
}
