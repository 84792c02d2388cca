package qti

import (
	"archive/zip"
	"bytes"
	"io"
	"io/fs"
	"net/url"
	"path"
	"strings"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/modules/learning/bank"
	"platforma.kg/ashar/internal/modules/learning/bank/tree"
)

// Bounds of a package.
const (
	LargestPackage  = 50 << 20 // bytes
	LargestUnpacked = 50 << 20 // bytes of all files that are read
	MostFiles       = 30_000
)

const manifest = "imsmanifest.xml"

// mostOfManifest is how many nodes the manifest may have: each item is described in it.
const mostOfManifest = 20 * tree.MostNodes

// Read reads an item, or the items of a package, that are written in a language. The error
// is a bank.Finding: the file cannot be read at all.
func Read(raw []byte, l i18n.Language) (bank.Read, error) {
	r := reader{language: l}
	if bytes.HasPrefix(raw, []byte("PK")) {
		return r.unpack(raw)
	}
	err := r.item("", raw)
	return r.out, err
}

type reader struct {
	language i18n.Language
	out      bank.Read
	files    map[string]*zip.File
	left     int64 // bytes that may still be read
}

func refuse(file, key string, args ...fault.Args) bank.Finding {
	return bank.Finding{File: bank.Brief(file), Fault: fault.New(fault.Invalid, key, args...)}
}

func (r *reader) unpack(raw []byte) (bank.Read, error) {
	if len(raw) > LargestPackage {
		return r.out, refuse("", "learning.file.too_large", fault.Args{"megabytes": LargestPackage >> 20})
	}
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return r.out, refuse("", "learning.file.not_zip")
	}
	if len(z.File) > MostFiles {
		return r.out, refuse("", "learning.file.too_many_files", fault.Args{"most": MostFiles})
	}
	r.files, r.left = map[string]*zip.File{}, LargestUnpacked
	for _, f := range z.File {
		if strings.HasSuffix(f.Name, "/") {
			continue
		}
		if !fs.ValidPath(f.Name) || strings.Contains(f.Name, `\`) {
			return r.out, refuse(f.Name, "learning.file.path")
		}
		if r.files[f.Name] != nil {
			return r.out, refuse(f.Name, "learning.file.path_twice")
		}
		r.files[f.Name] = f
	}
	list, err := r.open(manifest)
	if err != nil {
		return r.out, err
	}
	root, err := tree.Whole(list, mostOfManifest)
	if err != nil {
		return r.out, in(manifest, err)
	}
	for _, n := range root.Child("resources").All("resource") {
		if err := r.resource(n); err != nil {
			return r.out, err
		}
	}
	if len(r.out.Questions)+len(r.out.Findings) == 0 {
		return r.out, refuse(manifest, "learning.file.no_items")
	}
	return r.out, nil
}

// in names the file of a finding.
func in(file string, err error) error {
	if f, ok := err.(bank.Finding); ok {
		f.File = bank.Brief(file)
		return f
	}
	return err
}

// resource reads what the manifest names, if it is an item. The error means that no more
// can be read.
func (r *reader) resource(n *tree.Node) error {
	kind := n.Get("type")
	if !strings.HasPrefix(kind, "imsqti_item") {
		if strings.HasPrefix(kind, "imsqti_") {
			r.out.Find(bank.Finding{File: manifest, Line: n.Line, Column: n.Column, Fault: fault.New(fault.Invalid, "learning.file.element", fault.Args{"text": bank.Brief(kind)})})
		}
		return nil
	}
	href, err := url.PathUnescape(n.Get("href"))
	name := path.Clean(href)
	if err != nil || !fs.ValidPath(name) || r.files[name] == nil {
		r.out.Find(bank.Finding{File: manifest, Line: n.Line, Column: n.Column, Fault: fault.New(fault.Invalid, "learning.file.missing", fault.Args{"text": bank.Brief(href)})})
		return nil
	}
	raw, err := r.open(name)
	if err != nil {
		return err
	}
	if err := r.item(name, raw); err != nil {
		f, ok := err.(bank.Finding)
		if !ok {
			return err
		}
		r.out.Find(f)
	}
	return nil
}

// open unpacks one file in memory, however large it says that it is.
func (r *reader) open(name string) ([]byte, error) {
	f := r.files[name]
	if f == nil {
		return nil, refuse(name, "learning.file.missing", fault.Args{"text": bank.Brief(name)})
	}
	in, err := f.Open()
	if err != nil {
		return nil, refuse(name, "learning.file.not_zip")
	}
	defer in.Close()
	most := min(r.left, bank.LargestFile)
	raw, err := io.ReadAll(io.LimitReader(in, most+1))
	switch {
	case int64(len(raw)) > most:
		return nil, refuse(name, "learning.file.too_large", fault.Args{"megabytes": most >> 20})
	case err != nil:
		return nil, refuse(name, "learning.file.not_zip")
	}
	r.left -= int64(len(raw))
	return raw, nil
}
