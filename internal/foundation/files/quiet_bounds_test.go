package files_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/files"
	"platforma.kg/ashar/internal/foundation/memory/memorytest"
)

// crowded is an object stream of nothing but pairs of numbers.
func crowded(pairs int) string {
	head := strings.Repeat("1 0 ", pairs)
	return stream(fmt.Sprintf("/Type/ObjStm/N %d/First %d/Filter/FlateDecode", pairs, len(head)), packed(head+"<<>>"))
}

// A PDF that is small and tells of much is refused, and takes the memory of what is
// unpacked at most: 64 MB, with the growing of the buffer. Each was seen beyond it, or
// not to end, when its bound was off.
func TestASmallPDFThatTellsOfMuchTakesLittle(t *testing.T) {
	t.Parallel()
	const room = 400 << 20
	open := func(often int, what string) string { return strings.Repeat("/OpenAction"+what, often) }
	for name, made := range map[string]func() string{
		"one stream of pairs": func() string { return pdf("", crowded(15<<20)) },
		"many streams of pairs": func() string {
			var list []string
			for range 165 {
				list = append(list, crowded(99_000))
			}
			return pdf("", list...)
		},
		"many that may be streams of objects": func() string {
			return pdf("", strings.Repeat(stream("/First 4/N 1", "x")+"\n", 150_000))
		},
		"opened often":              func() string { return pdf("", open(400_000, " [3 0 R]")) },
		"opened by what never ends": func() string { return pdf("", open(900, " <</S /GoTo ")+strings.Repeat("<<>>", 2<<20)) },
		"opened behind remarks":     func() string { return pdf("", open(900, "\n%")+strings.Repeat("% \n", 3<<20)) },
		"one number often": func() string {
			return pdf("/OpenAction 7 0 R", strings.Repeat("7 0 obj <</S /GoTo>> endobj\n", 300_000))
		},
	} {
		t.Run(name, func(t *testing.T) {
			peak := memorytest.Peak(t, func() []byte { return []byte(made()) }, func(t *testing.T, raw []byte) {
				t.Helper()
				_, err := files.Clean(context.Background(), bytes.NewReader(raw), files.Handout)
				if f := fault.Of(err); f == nil || f.Key != "fault.file_unread" && f.Key != "fault.file_active" {
					t.Errorf("of %d kB: %v", len(raw)>>10, err)
				}
			})
			if t.Logf("%d MB", peak>>20); peak > room {
				t.Errorf("%d MB, at most %d MB", peak>>20, room>>20)
			}
		})
	}
}

func TestWhatIsDoneAtOpeningIsReadToItsEndOrRefused(t *testing.T) {
	t.Parallel()
	far := strings.Repeat(" ", 5<<10)
	for name, c := range map[string]struct {
		paper string
		taken bool
	}{
		"shows a page":                 {pdf("/OpenAction<</S/GoTo/D[3 0 R /Fit]>>"), true},
		"ends far away":                {pdf("/OpenAction<</S/GoTo" + far + "/Next 7 0 R>>"), false},
		"stands far away":              {pdf("/OpenAction 7 0 R", "x", "7 0 obj"+far+"<</S/URI>>"), false},
		"object behind a long remark":  {pdf("/OpenAction 12 0 R", "1", "2", "%"+strings.Repeat("x", 5<<10)+"\n<</S/URI/URI(x)>>"), false},
		"object behind a short remark": {pdf("/OpenAction 12 0 R", "1", "2", "%x\n<</S/GoTo/D[3 0 R/Fit]>>"), true},
	} {
		_, err := files.Clean(context.Background(), strings.NewReader(c.paper), files.Handout)
		if (err == nil) != c.taken {
			t.Errorf("what %s: %v", name, err)
		}
	}
}
