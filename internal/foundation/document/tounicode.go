package document

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"strings"
	"sync"
)

// toUnicode is the object that leads from the codes of a font back to letters. Codes are
// those of Unicode; a range may not run over the first byte of its codes, as the one of
// fpdf does, so there is one for each byte that letters begin with.
var toUnicode = sync.OnceValue(func() []byte {
	var ranges []string
	for high := range 0x100 {
		first, last := high<<8, high<<8|0xFF
		switch high {
		case 0:
			first = 1
		case 0xFE:
			last = 0xFEFE
		case 0xFF:
			last = 0xFFFD
		}
		if high < 0xD8 || high >= 0xE0 {
			ranges = append(ranges, fmt.Sprintf("<%04X> <%04X> <%04X>\n", first, last, first))
		}
	}
	var b strings.Builder
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	for len(ranges) > 0 {
		n := min(len(ranges), 100)
		fmt.Fprintf(&b, "%d beginbfrange\n%sendbfrange\n", n, strings.Join(ranges[:n], ""))
		ranges = ranges[n:]
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	_, _ = z.Write([]byte(b.String())) // a buffer takes all
	_ = z.Close()
	return append(append(fmt.Appendf(nil, "<</Filter /FlateDecode /Length %d>>\nstream\n", packed.Len()), packed.Bytes()...), "\nendstream"...)
})
