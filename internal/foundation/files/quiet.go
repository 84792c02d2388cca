package files

import (
	"bytes"
	"compress/flate"
	"errors"
	"io"
	"iter"
	"regexp"
	"strconv"

	"platforma.kg/ashar/internal/foundation/fault"
)

// A PDF is taken when it does nothing but be read. Readers differ in how they
// find its objects: by the table at its end, or by looking for them. Therefore no
// table is believed: all bytes of the file are looked through, those between the
// streams as they are, and those of object streams unpacked (ISO 32000-2, 7.5).
// What cannot be looked into is refused.

// active are the names that make a PDF act by itself, or carry another file.
var active = map[string]bool{
	"JavaScript": true, "JS": true, "Launch": true, "AA": true, "XFA": true, // programs and what starts them
	"GoToR": true, "GoToE": true, "SubmitForm": true, "ImportData": true, // go to other files and sites
	"EmbeddedFile": true, "EF": true, "FileAttachment": true, "Collection": true,
	"RichMedia": true, "RichMediaContent": true, "RichMediaSettings": true, "Rendition": true, "Movie": true, "Sound": true, "3D": true,
}

// odd are filters that no program writes before an object stream.
var odd = map[string]bool{
	"LZWDecode": true, "LZW": true, "ASCII85Decode": true, "A85": true, "ASCIIHexDecode": true, "AHx": true, "RunLengthDecode": true, "RL": true,
	"Crypt": true, "FFilter": true,
}

// unpackedMost bounds the bytes of all object streams of a PDF.
const unpackedMost = 64 << 20

const space = `[\x00\t\n\f\r ]`

var (
	beginsStream = regexp.MustCompile(`>>(?:` + space + `|%[^\r\n]*[\r\n])*stream`)
	beginsObject = regexp.MustCompile(`[0-9]` + space + `+[0-9]+` + space + `+obj`)
	beginsPairs  = regexp.MustCompile(`^(?:` + space + `|%[^\r\n]*[\r\n])*[0-9]+` + space + `+[0-9]+`)
	reference    = regexp.MustCompile(`^([0-9]+)` + space + `+[0-9]+` + space + `+R`)
	number       = regexp.MustCompile(`^` + space + `*([0-9]+)` + space + `*[/>]`)
	escapedName  = regexp.MustCompile(`#[0-9A-Fa-f]{2}`)
)

func activePDF() error     { return fault.New(fault.Invalid, "fault.file_active") }
func lockedPDF() error     { return fault.New(fault.Invalid, "fault.file_locked") }
func unreadablePDF() error { return fault.New(fault.Invalid, "fault.file_unread") }

// quiet refuses a PDF that does more than be read, or that cannot be looked into.
func quiet(raw []byte) error {
	p := paper{left: unpackedMost}
	rest := raw // not looked at yet
	for {
		at := beginsStream.FindIndex(rest)
		if at == nil {
			break
		}
		before, body := rest[:at[1]], rest[at[1]:]
		p.text(before)
		after := []byte{}
		if i := bytes.Index(body, []byte("endstream")); i >= 0 {
			body, after = body[:i], body[i:]
		}
		if err := p.stream(before, body); err != nil {
			return err
		}
		rest = after
	}
	p.text(rest)
	return p.judge()
}

// paper is what was found in a PDF so far.
type paper struct {
	left    int64    // bytes that may still be unpacked
	texts   [][]byte // what is not in streams
	inside  []pack   // the object streams
	pairs   int      // of numbers and places in them
	looked  int      // streams that may have been object streams
	blind   bool     // there may be more inside
	acts    bool
	locked  bool
	opening [][]byte // what follows the names of what is done at opening, up to openingMost
}

// pack is an object stream, unpacked: pairs of an object's number and its place
// behind first, then the objects.
type pack struct {
	data  []byte
	first int
}

// text looks through what may hold objects.
func (p *paper) text(b []byte) {
	p.texts = append(p.texts, b)
	p.look(b)
}

func (p *paper) look(b []byte) {
	for name, after := range names(b) {
		switch {
		case active[name]:
			p.acts = true
		case name == "Encrypt":
			p.locked = true
		case name == "OpenAction":
			if len(p.opening) <= openingMost { // one more tells that there are too many
				p.opening = append(p.opening, after)
			}
		}
	}
}

// names passes the names in a text, their escaped characters written out, and
// what follows each.
func names(b []byte) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		for {
			i := bytes.IndexByte(b, '/')
			if i < 0 {
				return
			}
			b = b[i+1:]
			end := bytes.IndexAny(b, "\x00\t\n\f\r ()<>[]{}/%")
			if end < 0 {
				end = len(b)
			}
			name := b[:end]
			if bytes.IndexByte(name, '#') >= 0 {
				name = escapedName.ReplaceAllFunc(name, func(code []byte) []byte {
					n, _ := strconv.ParseUint(string(code[1:]), 16, 8)
					return []byte{byte(n)}
				})
			}
			if !yield(string(name), b[end:]) {
				return
			}
		}
	}
}

// stream looks into a stream; before is the text that ends with its dictionary.
func (p *paper) stream(before, body []byte) error {
	if beginsObject.Match(body) || beginsStream.Match(body) {
		return unreadablePDF() // an object where only some readers look
	}
	// The data begin with the next line.
	if i := bytes.IndexAny(body, "\r\n"); i >= 0 {
		if bytes.HasPrefix(body[i:], []byte("\r\n")) {
			i++
		}
		body = body[i+1:]
	}
	own := before // the dictionary, if no text in it looks like the beginning of an object
	if all := beginsObject.FindAllIndex(before, -1); all != nil {
		own = before[all[len(all)-1][1]:]
	}
	first, surely := objectStream(own)
	_, perhaps := objectStream(before)
	if !perhaps {
		return nil
	}
	filtered := false
	for name := range names(before) {
		if odd[name] {
			return unreadablePDF()
		}
		filtered = filtered || name == "Filter"
	}
	if p.looked++; p.looked > mostLooked {
		return unreadablePDF()
	}
	data, packed := body, false
	if begin, _ := unpack(body, 64); beginsPairs.Match(begin) {
		packed = true
	}
	switch {
	case packed:
		var err error
		data, err = unpack(body, p.left+1)
		if p.left -= int64(len(data)); err != nil || p.left < 0 {
			return unreadablePDF()
		}
	case beginsPairs.Match(body):
	case surely:
		return unreadablePDF()
	default:
		return nil // another stream, behind a dictionary with such a name
	}
	if surely && filtered && !packed {
		return unreadablePDF()
	}
	p.look(data)
	if !surely { // another stream, most likely
		p.blind = true
		return nil
	}
	return p.objects(data, first)
}

// objectStream reports whether a dictionary has the names of an object stream,
// and where its objects begin, -1 when that is not said plainly.
func objectStream(dictionary []byte) (first int, is bool) {
	for name, after := range names(dictionary) {
		switch name {
		case "ObjStm":
			is = true
		case "First":
			is = true
			if at := number.FindSubmatch(after[:min(len(after), 64)]); at != nil && first == 0 {
				first, _ = strconv.Atoi(string(at[1]))
			} else {
				first = -1
			}
		}
	}
	return first, is
}

// unpack gives at most so many bytes of a packed stream.
func unpack(body []byte, most int64) ([]byte, error) {
	if len(body) < 2 || body[0]&0x0F != 8 { // the head of zlib
		return nil, errors.New("not packed")
	}
	return io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(body[2:])), most))
}

// Bounds of what is looked into and followed, each far above what programs write.
const (
	mostLooked   = 20_000  // streams that may be object streams
	mostPairs    = 500_000 // objects in all object streams
	mostOpenings = 8       // a file that was changed often says it anew each time
	openingMost  = 1_000   // times that something at opening is named
	dictionary   = 4 << 10 // bytes of a dictionary of what is done at opening
)

// objects notes the objects of an object stream.
func (p *paper) objects(data []byte, first int) error {
	if first <= 0 || first > len(data) {
		return unreadablePDF()
	}
	for range pairs(data[:first]) {
		if p.pairs++; p.pairs > mostPairs {
			return unreadablePDF()
		}
	}
	p.inside = append(p.inside, pack{data, first})
	return nil
}

// pairs passes two numbers after the other, -1 for what is none; nothing is kept of
// them, so that a stream of nothing but pairs takes no memory.
func pairs(head []byte) iter.Seq2[int, int] {
	next := func() (n int, there bool) {
		head = bytes.TrimLeft(head, "\x00\t\n\f\r ")
		if len(head) == 0 {
			return 0, false
		}
		end := bytes.IndexAny(head, "\x00\t\n\f\r ")
		if end < 0 {
			end = len(head)
		}
		number := bytes.TrimLeft(bytes.TrimPrefix(head[:end], []byte("+")), "0")
		n, err := strconv.Atoi("0" + string(number[:min(len(number), 20)])) // zeros before it say nothing
		if head = head[end:]; err != nil {
			n = -1
		}
		return n, true
	}
	return func(yield func(int, int) bool) {
		for {
			number, _ := next()
			place, both := next()
			if !both || !yield(number, place) {
				return
			}
		}
	}
}

// judge says what is wrong with what was found.
func (p *paper) judge() error {
	switch {
	case p.locked:
		return lockedPDF()
	case p.acts:
		return activePDF()
	}
	if len(p.opening) > openingMost {
		return unreadablePDF()
	}
	followed := map[int]bool{}
	for _, what := range p.opening {
		near := trim(what[:min(len(what), dictionary)])
		if len(near) == 0 && len(what) > dictionary {
			return unreadablePDF() // it stands behind more than anybody writes there
		}
		what = near
		if at := reference.FindSubmatch(what[:min(len(what), 64)]); at != nil {
			number, err := strconv.Atoi(string(at[1]))
			if err != nil || followed[number] {
				continue
			}
			if followed[number] = true; len(followed) > mostOpenings {
				return unreadablePDF()
			}
			list := p.object(number)
			if len(list) == 0 && p.blind || len(list) > openingMost {
				return unreadablePDF()
			}
			for _, object := range list {
				if !shows(object) {
					return activePDF()
				}
			}
		} else if !shows(what) {
			return activePDF()
		}
	}
	return nil
}

// object gives what stands under a number, wherever it does; a little more than
// openingMost where that is often.
func (p *paper) object(number int) [][]byte {
	var out [][]byte
	for _, in := range p.inside {
		for n, place := range pairs(in.data[:in.first]) {
			if len(out) > openingMost {
				return out
			}
			if n == number && place >= 0 && place <= len(in.data)-in.first {
				out = append(out, in.data[in.first+place:])
			}
		}
	}
	begins := regexp.MustCompile(`(?:^|[^0-9])0*` + strconv.Itoa(number) + space + `+[0-9]+` + space + `+obj`)
	for _, text := range p.texts {
		for _, at := range begins.FindAllIndex(text, openingMost+1) {
			out = append(out, text[at[1]:])
		}
	}
	return out
}

// trim leaves out the spaces and remarks before an object.
func trim(b []byte) []byte {
	for {
		b = bytes.TrimLeft(b, "\x00\t\n\f\r ")
		if !bytes.HasPrefix(b, []byte("%")) {
			return b
		}
		i := bytes.IndexAny(b, "\r\n")
		if i < 0 {
			return nil
		}
		b = b[i:]
	}
}

// shows reports whether what is done at opening does no more than show a place
// of this paper: an array, a name or a text is a place, a dictionary may be.
func shows(object []byte) bool {
	whole := len(object) <= dictionary
	object = trim(object[:min(len(object), dictionary)])
	if !bytes.HasPrefix(object, []byte("<<")) {
		return len(object) == 0 && whole || len(object) > 0 && bytes.ContainsAny(object[:1], "[/(<n") // n of null
	}
	end, depth := 0, 0
	for i := 0; i+1 < len(object); i++ {
		switch string(object[i : i+2]) {
		case "<<":
			depth++
			i++
		case ">>":
			depth--
			i++
		}
		if depth == 0 {
			end = i + 1
			break
		}
	}
	if end == 0 { // it does not end, or far away
		return false
	}
	action, goes := false, false
	for name := range names(object[:end]) {
		switch name {
		case "Next", "URI", "Named":
			return false
		case "S":
			action = true
		case "GoTo":
			goes = true
		}
	}
	return goes || !action
}
