package legible_test

import (
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"platforma.kg/ashar/internal/foundation/legible"
)

func TestWhatNobodySeesIsTakenOut(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ in, text, line string }{
		"a mark behind an address":       {"a@mail.kg\u200e", "a@mail.kg", "a@mail.kg"},
		"a soft hyphen in a name":        {"Белги\u00adева", "Белгиева", "Белгиева"},
		"a space without width":          {"Ая\u200bна\ufeff\u2060", "Аяна", "Аяна"},
		"a line separator":               {"бир\u2028эки\u2029үч", "бир\nэки\nүч", "бир эки үч"},
		"a vertical tab, a form feed":    {"бир\vэки\fүч\u0085төрт", "бир\nэки\nүч\nтөрт", "бир эки үч төрт"},
		"line ends":                      {"a\r\nb\rc\n", "a\nb\nc\n", "a b c"},
		"control characters":             {"А\x00я\x07\x1b\x7f\u009f", "Ая", "Ая"},
		"embeddings around a number":     {"\u202a+996 555 123 456\u202c", "+996 555 123 456", "+996 555 123 456"},
		"isolates around words":          {"\u2068Айгүл\u2069 \u2066Асанова\u2069", "Айгүл Асанова", "Айгүл Асанова"},
		"in brackets":                    {"(\u202d0555\u202c)", "(0555)", "(0555)"},
		"behind a colon and a point":     {"тел.\u202a0555\u202c, почта:\u202aa@b.kg", "тел.0555, почта:a@b.kg", "тел.0555, почта:a@b.kg"},
		"spaces that do not break":       {"Асанова\u00a0Ая\u202f\u2007", "Асанова\u00a0Ая\u202f\u2007", "Асанова Ая"},
		"spaces of print":                {"\u3000Асанова\u2003Ая\u2800", "\u3000Асанова\u2003Ая ", "Асанова Ая"},
		"a letter of two parts":          {"Айнура и\u0306", "Айнура й", "Айнура й"},
		"parts with a joiner between":    {"и\u034f\u0306", "й", "й"},
		"letters that are not seen":      {"\u3164\u115f\uffa0\u17b4", "", ""},
		"a place of a picture":           {"Ая\ufffc", "Ая", "Ая"},
		"selectors behind letters":       {"А\ufe0fя\ufe00\U000e0101", "Ая", "Ая"},
		"joiners between letters":        {"Ай\u200dгү\u200cл", "Айгүл", "Айгүл"},
		"a joiner at the end":            {"Ая \U0001f469\u200d", "Ая \U0001f469", "Ая \U0001f469"},
		"a family":                       {"\U0001f469\u200d\U0001f469\u200d\U0001f467", "\U0001f469\u200d\U0001f469\u200d\U0001f467", "\U0001f469\u200d\U0001f469\u200d\U0001f467"},
		"a colour and a sex":             {"\U0001f937\U0001f3fd\u200d\u2640\ufe0f", "\U0001f937\U0001f3fd\u200d\u2640\ufe0f", "\U0001f937\U0001f3fd\u200d\u2640\ufe0f"},
		"a heart on fire":                {"❤\ufe0f\u200d\U0001f525", "❤\ufe0f\u200d\U0001f525", "❤\ufe0f\u200d\U0001f525"},
		"a keycap, and a selector alone": {"1\ufe0f\u20e3 1\ufe0f", "1\ufe0f\u20e3 1", "1\ufe0f\u20e3 1"},
		"a flag of a region":             {"\U0001f3f4\U000e0067\U000e0062\U000e007f", "\U0001f3f4\U000e0067\U000e0062\U000e007f", "\U0001f3f4\U000e0067\U000e0062\U000e007f"},
		"tags that hide a text":          {"Ая\U000e0041\U000e0042\U0001f3f4\U000e0041", "Ая\U0001f3f4", "Ая\U0001f3f4"},
		"Persian":                        {"می\u200cخواهم ه\u200d", "می\u200cخواهم ه\u200d", "می\u200cخواهم ه\u200d"},
		"Hindi":                          {"क्\u200dष क्\u200cष", "क्\u200dष क्\u200cष", "क्\u200dष क्\u200cष"},
		"a sign of China":                {"葛\U000e0100", "葛\U000e0100", "葛\U000e0100"},
		"Arabic signs that are seen":     {"\u0600\u06dd", "\u0600\u06dd", "\u0600\u06dd"},
		"what was lost stays":            {"А\ufffdя", "А\ufffdя", "А\ufffdя"},
		"ASCII":                          {"  a\tb\nc ", "  a\tb\nc ", "a b c"},
	} {
		if got, wrong := legible.Text(c.in); wrong != nil || got != c.text {
			t.Errorf("%s: text %+q, %v, want %+q", name, got, wrong, c.text)
		}
		if got, wrong := legible.Line(c.in); wrong != nil || got != c.line {
			t.Errorf("%s: line %+q, %v, want %+q", name, got, wrong, c.line)
		}
	}
}

func TestOnlyWhatTurnsAWordAroundIsRefusedAndNamed(t *testing.T) {
	t.Parallel()
	for in, want := range map[string][2]string{
		"кел photo\u202egnp.exe да":   {"U+202E", "photognp.exe"},
		"fdp.\u202eagenda.pdf":        {"U+202E", "fdp.agenda.pdf"},
		"Асан\u2067ова":               {"U+2067", "Асанова"},
		"Асан\u00ad\u202d\u200bова":   {"U+202D", "Асанова"},
		"0555\u202c123456":            {"U+202C", "0555123456"},
		"aya@\u202email.kg":           {"U+202E", "aya@mail.kg"},
		"paypal\u202e.com":            {"U+202E", "paypal.com"},
		"a\u202eb \u0301\u202e\u0301": {"U+202E", "ab"},
	} {
		for _, read := range []func() (string, map[string]any){
			func() (string, map[string]any) {
				_, f := legible.Text(in)
				if f == nil {
					return "", nil
				}
				return f.Key, f.Args
			},
			func() (string, map[string]any) {
				_, f := legible.Line(in)
				if f == nil {
					return "", nil
				}
				return f.Key, f.Args
			},
		} {
			if key, args := read(); key != "fault.turned" || args["code"] != want[0] || args["word"] != want[1] {
				t.Errorf("%+q: %s %v, want %v", in, key, args, want)
			}
		}
	}
	if _, wrong := legible.Text("А\xff"); wrong == nil || wrong.Key != "fault.not_text" {
		t.Errorf("what is no text: %v", wrong)
	}
	if got := legible.Seen("Аса\u202eнова\xff\u00ad"); got != "Асанова\ufffd" {
		t.Errorf("seen is %+q", got)
	}
}

// sample draws the letters and signs of the three languages among everything that hides.
func sample() *rapid.Generator[string] {
	return rapid.Map(rapid.SliceOfN(rapid.OneOf(
		rapid.SampledFrom([]rune("АяйЁөүңaz09 .,-@\n\t😀👩❤क्")),
		rapid.SampledFrom([]rune{
			0, '\r', '\v', 0x85, 0xa0, 0xad, 0x306, 0x34f, 0x61c, 0x180b, 0x180e, 0x200b, 0x200c, 0x200d, 0x200e, 0x2028, 0x202a, 0x202c, 0x202e,
			0x2060, 0x2066, 0x2069, 0x2800, 0x3164, 0xfe0e, 0xfe0f, 0xfeff, 0xfff9, 0xfffc, 0xfffe, 0x1f3f4, 0x1f3fd, 0xe0041, 0xe007f, 0xe0100,
		}),
		rapid.Rune(),
	), 0, 12), func(r []rune) string { return string(r) })
}

func TestWhatIsKeptIsCleanAndStaysAsItIs(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := sample().Draw(t, "in")
		text, wrong := legible.Text(in)
		if wrong != nil {
			return
		}
		if again, wrong := legible.Text(text); wrong != nil || again != text {
			t.Fatalf("%+q becomes %+q, and that %+q, %v", in, text, again, wrong)
		}
		if !norm.NFC.IsNormalString(text) {
			t.Fatalf("%+q is not in NFC", text)
		}
		for _, c := range text {
			if c != '\n' && c != '\t' && (unicode.IsControl(c) || c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069 || c == 0xad || c == 0x200b || c == 0xfeff) {
				t.Fatalf("%+q keeps %U", text, c)
			}
		}
		line, wrong := legible.Line(in)
		if wrong != nil || line != strings.Join(strings.Fields(text), " ") {
			t.Fatalf("%+q: the line is %+q, %v, the text %+q", in, line, wrong, text)
		}
	})
}

func FuzzAnyTextIsCleanedOrRefused(f *testing.F) {
	f.Add("Ая\u202eна\u200d😀\xff")
	f.Fuzz(func(t *testing.T, s string) {
		text, wrong := legible.Text(s)
		if again, w := legible.Text(text); wrong == nil && (w != nil || again != text) {
			t.Fatalf("%+q becomes %+q, and that %+q", s, text, again)
		}
		legible.Seen(s)
	})
}
