package people

import (
	"sort"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// fold writes a name so that spellings of one name meet: Kyrgyz letters typed on
// a Russian keyboard (ө as о, ү as у, ң as н, ё as е), Latin transliteration,
// case and punctuation make no difference. Words are separated by one space.
func fold(name string) string {
	var b strings.Builder
	space := false
	for _, r := range strings.ToLower(norm.NFC.String(name)) {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			if r != '\'' && r != '’' && r != 'ʼ' && !unicode.Is(unicode.Mn, r) {
				space = b.Len() > 0
			}
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		if s, ok := latin[r]; ok {
			b.WriteString(s)
		} else {
			b.WriteRune(r)
		}
	}
	return digraphs.Replace(b.String())
}

// latin maps the Kyrgyz and Russian letters to Latin ones, several to one where
// people spell them differently.
var latin = map[rune]string{
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'ғ': "g", 'д': "d", 'е': "e", 'ё': "e", 'ж': "j", 'җ': "j", 'з': "z",
	'и': "i", 'й': "i", 'к': "k", 'қ': "k", 'л': "l", 'м': "m", 'н': "n", 'ң': "n", 'о': "o", 'ө': "o", 'п': "p",
	'р': "r", 'с': "s", 'т': "t", 'у': "u", 'ү': "u", 'ў': "u", 'ф': "f", 'х': "h", 'ҳ': "h", 'ц': "c", 'ч': "ch",
	'ш': "sh", 'щ': "sh", 'ъ': "", 'ы': "y", 'ь': "", 'э': "e", 'ю': "iu", 'я': "ia",
	'ö': "o", 'ü': "u", 'ñ': "n", 'ç': "ch", 'ş': "sh", 'ğ': "g", 'ı': "y",
}

// digraphs bring the usual Latin spellings of one sound together.
var digraphs = strings.NewReplacer("dzh", "j", "zh", "j", "dj", "j", "kh", "h", "ts", "c", "yu", "iu", "ya", "ia", "yo", "e",
	"ay", "ai", "ey", "ei", "oy", "oi", "uy", "ui")

// nameKey is the folded name with its words sorted, since the order of given
// name and father's name varies.
func nameKey(name string) string {
	words := strings.Fields(fold(name))
	sort.Strings(words)
	return strings.Join(words, " ")
}

// part is what of a folded word goes into the search index: its first three letters.
func part(word string) string {
	n := 0
	for i := range word {
		if n == 3 {
			return word[:i]
		}
		n++
	}
	return word
}

// matches reports whether each word of the folded query begins a word of the folded name.
func matches(name, query string) bool {
	words := strings.Fields(name)
	for _, q := range strings.Fields(query) {
		found := false
		for _, w := range words {
			if strings.HasPrefix(w, q) {
				found = true
				break
			}
		}
		if !found {
			return false
		}
	}
	return true
}

func splitWords(name string) []string { return strings.Fields(fold(name)) }
