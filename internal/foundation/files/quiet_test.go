package files_test

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"codeberg.org/go-pdf/fpdf"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/files"
)

// pdf is a paper of one page with these objects besides, and these entries in its catalog.
func pdf(catalog string, objects ...string) string {
	var b strings.Builder
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type/Catalog/Pages 2 0 R " + catalog + ">>\nendobj\n" +
		"2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>\nendobj\n")
	for i, o := range objects {
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", 10+i, o)
	}
	b.WriteString("trailer\n<</Root 1 0 R/Size 20>>\nstartxref\n0\n%%EOF\n")
	return b.String()
}

func packed(text string) string {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	_, _ = w.Write([]byte(text))
	_ = w.Close()
	return b.String()
}

func stream(entries, data string) string {
	return fmt.Sprintf("<<%s/Length %d>>\nstream\n%s\nendstream", entries, len(data), data)
}

// objects is an object stream of one object, number 30.
func objects(filter, object string) string {
	const head = "30 0 "
	data := head + object
	if filter != "" {
		return stream(fmt.Sprintf("/Type/ObjStm/N 1/First %d/Filter/%s", len(head), filter), packed(data))
	}
	return stream(fmt.Sprintf("/Type/ObjStm/N 1/First %d", len(head)), data)
}

func TestAPDFThatDoesMoreThanBeReadIsRefused(t *testing.T) {
	t.Parallel()
	const script = "<</S/JavaScript/JS(app.alert(1))>>"
	for name, c := range map[string]struct{ raw, key string }{
		"script at opening":                  {pdf("/OpenAction 10 0 R", script), "active"},
		"script in the catalog":              {pdf("/OpenAction" + script), "active"},
		"script among the names":             {pdf("/Names<</JavaScript<</Names[(a) 10 0 R]>>>>", script), "active"},
		"script under an escaped name":       {pdf("/OpenAction 10 0 R", "<</S/J#61vaScript/#4aS(app.alert(1))>>"), "active"},
		"script under a name all escaped":    {pdf("", "<</S/#4A#61#76#61#53#63#72#69#70#74>>"), "active"},
		"script in an object stream":         {pdf("/OpenAction 30 0 R", objects("FlateDecode", script)), "active"},
		"script in one that is not packed":   {pdf("", objects("", script)), "active"},
		"script in one under a short filter": {pdf("", objects("Fl", script)), "active"},
		"script in one with escaped names":   {pdf("", stream("/#54ype/Obj#53tm/N 1/F#69rst 5/Filter/#46lateDecode", packed("30 0 "+script))), "active"},
		"a link at opening under many zeros": {
			pdf("/OpenAction 7 0 R", stream("/Type/ObjStm/N 1/First 27/Filter/FlateDecode", packed("000000000000000000000007 0 <</S/URI/URI(https://x.example)>>"))), "active",
		},
		"a link at opening with a sign and zeros": {
			pdf("/OpenAction 7 0 R", stream("/Type/ObjStm/N 1/First 28/Filter/FlateDecode", packed("+000000000000000000000007 0 <</S/URI/URI(https://x.example)>>"))), "unread",
		},
		"script in one without its type":   {pdf("", stream("/N 1/First 5/Filter/FlateDecode", packed("30 0 "+script))), "active"},
		"script in one behind a remark":    {pdf("", "<</Type/ObjStm/N 1/First 5/Filter/FlateDecode>>% >>stream\n\nstream\n"+packed("30 0 "+script)+"\nendstream"), ""},
		"script in one after a spare word": {pdf("", "<</Type/ObjStm/N 1/First 5/Filter/FlateDecode>>stream x y\n"+packed("30 0 "+script)+"\nendstream"), "active"},
		"script in one with a text like an object": {
			pdf("", stream("/Type/ObjStm/N 1/First 5/Filter/FlateDecode/X(1 0 obj)", packed("30 0 "+script))), "active",
		},
		"script in one with a text like a stream": {
			pdf("", stream("/X(>>stream\n)/Type/ObjStm/N 1/First 5/Filter/FlateDecode", packed("30 0 "+script))), "unread",
		},
		"script in one under other filters": {pdf("", stream("/Type/ObjStm/N 1/First 5/Filter[/ASCIIHexDecode/FlateDecode]", fmt.Sprintf("%x>", packed("30 0 "+script)))), "unread"},
		"the same with a text like an object": {
			pdf("", stream("/Type/ObjStm/N 1/First 5/Filter[/A85/Fl]/X(1 0 obj)", "9jqo^BlbD-BleB1DJ+*+F(f,q")), "unread",
		},
		"an object stream that is damaged":          {pdf("", stream("/Type/ObjStm/N 1/First 5/Filter/FlateDecode", packed("30 0 " + script)[:20])), "unread"},
		"an object stream of the greatest size":     {pdf("", stream("/Type/ObjStm/N 1/First 5/Filter/FlateDecode", packed("30 0 "+strings.Repeat(" ", 70<<20)))), "unread"},
		"script in an object within a stream":       {pdf("", stream("", "11 0 obj "+script+" endobj")), "unread"},
		"script in a part added later":              {pdf("") + "10 0 obj\n" + script + "\nendobj\ntrailer<</Root 1 0 R/Prev 0>>\n%%EOF\n", "active"},
		"script behind the first mark of its end":   {pdf("") + "%%EOF\n<<" + script + ">>\n%%EOF", "active"},
		"a program that is started":                 {pdf("/OpenAction<</S/Launch/F(cmd.exe)>>"), "active"},
		"a program behind a link":                   {pdf("", "<</Subtype/Link/A<</S/Launch/Win<</F(cmd.exe)>>>>>>"), "active"},
		"what happens by itself":                    {pdf("/AA<</WC 10 0 R>>", "<</S/Named/N/Print>>"), "active"},
		"an address that is opened":                 {pdf("/OpenAction<</S/URI/URI(https://example.com)>>"), "active"},
		"an address that is opened, elsewhere":      {pdf("/OpenAction 10 0 R", "<</S/URI/URI(https://example.com)>>"), "active"},
		"an address in an object stream":            {pdf("/OpenAction 30 0 R", objects("FlateDecode", "<</S/URI/URI(https://example.com)>>")), "active"},
		"where its objects begin is hidden":         {pdf("/OpenAction 30 0 R", stream("/Type/ObjStm/N 1/First 12 0 R/Filter/FlateDecode", packed("30 0 <</S/URI>>"))), "unread"},
		"an address behind a place":                 {pdf("/OpenAction<</S/GoTo/D[3 0 R/Fit]/Next<</S/URI/URI(https://example.com)>>>>"), "active"},
		"printing by itself":                        {pdf("/OpenAction<</S/Named/N/Print>>"), "active"},
		"a file inside":                             {pdf("/Names<</EmbeddedFiles<</Names[(a.exe) 10 0 R]>>>>", "<</Type/Filespec/F(a.exe)/EF<</F 11 0 R>>>>", stream("/Type/EmbeddedFile", "MZ")), "active"},
		"a file on a page":                          {pdf("", "<</Subtype/FileAttachment/FS 11 0 R>>"), "active"},
		"a collection of files":                     {pdf("/Collection<</View/D>>"), "active"},
		"a film":                                    {pdf("", "<</Subtype/RichMedia/RichMediaContent<<>>>>"), "active"},
		"sound":                                     {pdf("", "<</S/Rendition/OP 0>>"), "active"},
		"a form of the other kind":                  {pdf("/AcroForm<</XFA 10 0 R/Fields[]>>", stream("", "<xdp/>")), "active"},
		"a form that is sent away":                  {pdf("", "<</S/SubmitForm/F(https://example.com)>>"), "active"},
		"another file that is opened":               {pdf("", `<</S/GoToR/F(\\\\example.com\\share\\a.pdf)>>`), "active"},
		"a locked paper":                            {strings.Replace(pdf(""), "trailer\n<<", "trailer\n<</Encrypt 12 0 R", 1), "locked"},
		"a locked paper whose table is a stream":    {pdf("", stream("/Type/XRef/Encrypt 12 0 R/W[1 2 1]", "x")), "locked"},
		"a locked paper, escaped":                   {strings.Replace(pdf(""), "trailer\n<<", "trailer\n<</Encr#79pt 12 0 R", 1), "locked"},
		"opening in more ways than can be followed": {pdf(strings.Repeat("/OpenAction 10 0 R", 3) + "/OpenAction 11 0 R/OpenAction 12 0 R/OpenAction 13 0 R/OpenAction 14 0 R/OpenAction 15 0 R/OpenAction 16 0 R/OpenAction 17 0 R/OpenAction 18 0 R"), "unread"},
	} {
		got, err := files.Clean(t.Context(), strings.NewReader(c.raw), files.Answer)
		f := fault.Of(err)
		if f == nil || f.Code != fault.Invalid || !strings.HasPrefix(f.Key, "fault.file_"+c.key) || f.Key == "fault.file_type" || got.Data != nil {
			t.Errorf("%s: %v, %d bytes kept", name, err, len(got.Data))
		}
	}
}

func TestAPDFThatIsOnlyReadIsTaken(t *testing.T) {
	t.Parallel()
	noise := make([]byte, 3<<20)
	for i, r := 0, rand.NewChaCha8([32]byte{1}); i < len(noise); i += 8 {
		v := r.Uint64()
		for k := range 8 {
			noise[i+k] = byte(v >> (8 * k))
		}
	}
	noise = bytes.ReplaceAll(noise, []byte("endstream"), nil)
	for name, raw := range map[string]string{
		"a plain one":                      pdf(""),
		"opened at its first page":         pdf("/OpenAction[3 0 R/XYZ null null 0]"),
		"opened at a place by its name":    pdf("/OpenAction(start)"),
		"opened at a place elsewhere":      pdf("/OpenAction 10 0 R", "[3 0 R/Fit]"),
		"opened by an action to a place":   pdf("/OpenAction 10 0 R", "<</Type/Action/S/GoTo/D[3 0 R/FitH 800]>>"),
		"the same in an object stream":     pdf("/OpenAction 30 0 R", objects("FlateDecode", "<</S/GoTo/D[3 0 R/Fit]>>")),
		"with links":                       pdf("", "<</Subtype/Link/A<</S/URI/URI(https://example.com)>>>>"),
		"with a form to fill in":           pdf("/AcroForm<</Fields[10 0 R]>>", "<</FT/Tx/T(name)>>"),
		"with an object stream":            pdf("", objects("FlateDecode", "<</Type/Font/BaseFont/AAAAAA+Serif>>")),
		"with packed text":                 pdf("", stream("/Filter/FlateDecode", packed("BT /F1 12 Tf (a) Tj ET"))),
		"with packed text of a drawing":    pdf("", "<</Type/Outlines/First 12 0 R/Last 12 0 R>>", stream("/Filter/FlateDecode", packed("1 0 0 -1 0 842 cm q Q"))),
		"with an image behind its outline": pdf("", "<</Type/Outlines/First 12 0 R/Last 12 0 R>>", stream("/Subtype/Image/Filter/DCTDecode", string(noise))),
		"with bytes of every kind":         pdf("", stream("/Subtype/Image/Filter/DCTDecode", string(noise))),
		"with words about such things":     pdf("", "<</Title(JavaScript, Launch and EmbeddedFiles in a live stream)>>"),
	} {
		if got, err := files.Clean(t.Context(), strings.NewReader(raw), files.Answer); err != nil || string(got.Data) != raw {
			t.Errorf("%s: %v, %d bytes of %d", name, err, len(got.Data), len(raw))
		}
	}
	own := fpdf.New("P", "mm", "A5", "")
	own.SetDisplayMode("fullwidth", "continuous")
	own.AddPage()
	own.SetFont("Helvetica", "", 12)
	own.Bookmark("Agenda", 0, -1)
	own.WriteLinkString(8, "example", "https://example.com")
	var b bytes.Buffer
	if err := own.Output(&b); err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(b.Bytes(), []byte("/OpenAction")) {
		t.Error("the paper does not open at a place: the test proves less")
	}
	if _, err := files.Clean(t.Context(), &b, files.Answer); err != nil {
		t.Errorf("a paper of our own: %v", err)
	}
}

func FuzzPDF(f *testing.F) {
	f.Add("/OpenAction 10 0 R", "<</S/URI>>")
	f.Add("/OpenAction 30 0 R", objects("FlateDecode", "<</S/GoTo>>"))
	f.Add("%", "<</First")
	f.Fuzz(func(t *testing.T, catalog, object string) {
		raw := pdf(catalog, object)
		got, err := files.Clean(t.Context(), strings.NewReader(raw), files.Answer)
		if err != nil && fault.Of(err) == nil {
			t.Fatalf("no fault: %v", err)
		}
		if err == nil && strings.Contains(raw, "/JavaScript(") {
			t.Fatal("a script was taken")
		}
		if err == nil && len(got.Data) != len(raw) {
			t.Fatal("bytes were moved")
		}
	})
}
