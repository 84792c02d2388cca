package web

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/legible"
)

// Bounds of uploads. What is beyond those of a file and of all files is read and let
// go of, so that the rest of the form is there and the page can say at the field
// what was too large. A body that is larger still is refused whole: what stands
// behind the file would be missing, and a form is never judged by a part of it.
const (
	mostSwallowed = 100 << 20 // bytes of a body that are read, kept or not
	mostParts     = mostFields + 100
	mostName      = 1 << 10  // bytes of the name of a file that are looked at
	inMemory      = 64 << 10 // bytes of a file that are kept off the disk
	usualUploads  = 512 << 20
	shareOfOne    = 4 // of all uploads one client may fill the fourth part

	// A village's network may take minutes for a photo; while bytes come in, she
	// is waited for.
	uploadPause = 30 * time.Second
	uploadMost  = 10 * time.Minute
)

// File is a file that came with a form.
type File struct {
	Name  string       // as the browser calls it, a line without hidden characters
	Size  int64        // bytes that are kept
	Fault *fault.Error // why nothing is kept, nil when the file is there
	small []byte
	large *os.File // has no name any more
}

// Open gives the bytes from the beginning; it need not be closed.
func (f *File) Open() io.ReadSeeker {
	if f.large != nil {
		return io.NewSectionReader(f.large, 0, f.Size)
	}
	return bytes.NewReader(f.small)
}

func (f *File) drop(why *fault.Error) {
	if f.large != nil {
		_ = f.large.Close()
	}
	f.small, f.large, f.Size, f.Fault = nil, nil, 0, why
}

// Files are the files that were chosen at a field, also those that were too large.
// A field where none was chosen has none. They go when the request is answered.
func (r *Request) Files(field string) []*File { return r.files[field] }

// filled counts the bytes of all uploads that are being read or worked on.
type filled struct {
	most int64
	mu   sync.Mutex
	all  int64
	by   map[string]int64 // by client
}

func (f *filled) take(who string, n int64) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.all+n > f.most || f.by[who]+n > f.most/shareOfOne {
		return false
	}
	f.all += n
	f.by[who] += n
	return true
}

func (f *filled) giveBack(who string, n int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.all -= n
	if f.by[who] -= n; f.by[who] <= 0 {
		delete(f.by, who)
	}
}

// uploads reads one multipart form.
type uploads struct {
	filled *filled
	who    string
	each   int64 // bytes of a file, 0: files are not kept
	left   int64 // bytes that files may still take together
	limit  int64 // what left began with
	words  int64 // bytes that names of fields and values may still take
	taken  int64 // of filled
	patience
}

// patience moves the deadlines of a connection on while bytes come in.
type patience struct {
	control *http.ResponseController
	until   time.Time
}

func (p patience) more() {
	if p.control == nil {
		return
	}
	now := time.Now()
	if now.Before(p.until) { // where the connection has no deadlines there is nothing to move
		_ = p.control.SetReadDeadline(now.Add(uploadPause))
		_ = p.control.SetWriteDeadline(now.Add(uploadPause + 60*time.Second))
	}
}

// readMultipart reads a form with files into r.Form, r.PostForm and r.Files.
func (s *server) readMultipart(r *Request, route Route, limit int64) error {
	if err := r.ParseForm(); err != nil { // the query alone
		return err
	}
	_, told, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return err
	}
	r.Body = newHeads(r.Body, told["boundary"])
	parts, err := r.MultipartReader()
	if err != nil {
		return err
	}
	u := &uploads{filled: &s.filled, who: s.limiter.Client(r.Request, s.Proxies), each: route.Upload, left: limit, limit: limit, words: usualBody}
	if r.Actor.SignedIn() {
		u.who = r.Actor.Person.String()
	}
	if route.Upload > 0 {
		u.patience = patience{http.NewResponseController(r.W), time.Now().Add(uploadMost)}
	}
	r.files = map[string][]*File{}
	r.release = func() {
		for _, list := range r.files {
			for _, f := range list {
				f.drop(f.Fault)
			}
		}
		s.filled.giveBack(u.who, u.taken)
	}
	for n := 0; ; n++ {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if n == mostParts {
			return fault.New(fault.Invalid, "fault.too_many_fields")
		}
		if err == nil {
			err = u.part(r, part)
		}
		if err != nil {
			return err
		}
	}
}

func (u *uploads) part(r *Request, part *multipart.Part) error {
	field, name := part.FormName(), part.FileName()
	if field == "" {
		return nil
	}
	if err := u.spend(len(field)); err != nil {
		return err
	}
	if !isFile(part) {
		value, err := io.ReadAll(io.LimitReader(part, u.words+1))
		if err != nil {
			return err
		}
		if err := u.spend(len(value)); err != nil {
			return err
		}
		r.PostForm[field] = append(r.PostForm[field], string(value))
		r.Form[field] = append(r.Form[field], string(value))
		return nil
	}
	f := &File{Name: lineOf(name)}
	err := u.keep(f, part)
	if err != nil {
		f.drop(f.Fault)
		return err
	}
	if (name != "" || f.Size > 0 || f.Fault != nil) && u.each > 0 {
		r.files[field] = append(r.files[field], f)
	} else {
		f.drop(nil)
	}
	return nil
}

// spend takes room of what names of fields and values may take together.
func (u *uploads) spend(bytes int) error {
	if u.words -= int64(bytes); u.words < 0 {
		return &refusal{http.StatusRequestEntityTooLarge, tooLarge(usualBody)}
	}
	return nil
}

// lineOf gives what is seen of a file's name, of a very long one the end. Nobody
// is refused for it: she did not type it, and can hardly change it.
func lineOf(name string) string {
	if len(name) > mostName {
		name = strings.ToValidUTF8(name[len(name)-mostName:], "")
	}
	name, _ = legible.Line(legible.Seen(name))
	return name
}

// isFile tells a file, also the field where none was chosen, from a value.
func isFile(part *multipart.Part) bool {
	_, params, err := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
	_, file := params["filename"]
	return err == nil && file
}

// keep reads a file to its end and keeps it if there is room.
func (u *uploads) keep(f *File, part io.Reader) error {
	buffer := make([]byte, 64<<10)
	for {
		n, err := part.Read(buffer)
		if n > 0 {
			u.more()
			if f.Fault == nil && u.each > 0 {
				if err := u.add(f, buffer[:n]); err != nil {
					return err
				}
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// drop drops a file; its room is for those that come after it.
func (u *uploads) drop(f *File, why *fault.Error) {
	u.left += f.Size
	u.taken -= f.Size
	u.filled.giveBack(u.who, f.Size)
	f.drop(why)
}

func (u *uploads) add(f *File, piece []byte) error {
	n := int64(len(piece))
	switch {
	case f.Size+n > u.each:
		u.drop(f, fault.New(fault.Invalid, "fault.file_large", megabytes(u.each)))
		return nil
	case n > u.left:
		u.drop(f, fault.New(fault.Invalid, "fault.files_large", megabytes(u.limit)))
		return nil
	case !u.filled.take(u.who, n):
		u.drop(f, fault.New(fault.Invalid, "fault.file_busy"))
		return nil
	}
	u.left -= n
	u.taken += n
	if f.large == nil && f.Size+n <= inMemory {
		f.small = append(f.small, piece...)
		f.Size += n
		return nil
	}
	if f.large == nil {
		file, err := os.CreateTemp("", "ashar-upload-*")
		if err != nil {
			return err
		}
		f.large = file
		if err := os.Remove(file.Name()); err != nil { // it goes with the process, however that ends
			return err
		}
		if _, err := file.Write(f.small); err != nil {
			return err
		}
		f.small = nil
	}
	_, err := f.large.Write(piece)
	f.Size += n
	return err
}

func megabytes(bytes int64) fault.Args {
	return fault.Args{"megabytes": float64(bytes*10>>20) / 10}
}
