package i18n

import (
	"bytes"
	"cmp"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"

	"platforma.kg/ashar/internal/foundation/legible"
)

// folds maps letters to the Latin letters under which they are found. People
// type Kyrgyz on Russian keyboards (Ө as О, Ү as У, Ң as Н), and names on
// Latin ones in several ways: Жылдыз is Jyldyz and Zhyldyz, Айгүл is Aigul and Aygul.
var folds = map[rune]string{
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'д': "d", 'е': "e", 'ё': "e", 'ж': "j", 'з': "z", 'и': "i", 'й': "i",
	'к': "k", 'л': "l", 'м': "m", 'н': "n", 'ң': "n", 'о': "o", 'ө': "o", 'п': "p", 'р': "r", 'с': "s", 'т': "t",
	'у': "u", 'ү': "u", 'ф': "f", 'х': "h", 'ц': "ts", 'ч': "ch", 'ш': "sh", 'щ': "sh", 'ъ': "", 'ы': "i", 'ь': "",
	'э': "e", 'ю': "iu", 'я': "ia",
	// Uzbek, Kazakh, Tajik, Dungan and Ukrainian letters in names of the country.
	'ў': "u", 'қ': "k", 'ғ': "g", 'ҳ': "h", 'һ': "h", 'ә': "a", 'і': "i", 'ї': "i", 'ұ': "u", 'җ': "j", 'ҷ': "j",
	'ӱ': "u", 'ӧ': "o", 'ӣ': "i", 'ӯ': "u", 'є': "e", 'ґ': "g",
	'y': "i", 'w': "v", 'q': "k", 'ı': "i", 'ß': "ss", 'ə': "a",
	'\'': "", '’': "", '‘': "", 'ʻ': "", 'ʼ': "", '`': "",
}

// pairs are Latin spellings of one Cyrillic letter, longest first.
var pairs = strings.NewReplacer("shch", "sh", "sch", "sh", "dzh", "j", "dj", "j", "zh", "j", "kh", "h", "ph", "f", "tz", "ts")

// FoldKey gives the form under which a name is searched: lower case, Latin,
// one letter for what people mix up, words parted by one space. Two spellings
// of one name have one key. It is made for finding, not for showing or sorting.
func FoldKey(s string) string {
	var b strings.Builder
	for _, c := range norm.NFC.String(strings.ToLower(legible.Seen(s))) {
		if f, ok := folds[c]; ok {
			b.WriteString(f)
			continue
		}
		switch {
		case unicode.IsLetter(c):
			// Marks of other alphabets fall off: é is found as e.
			for _, d := range norm.NFD.String(string(c)) {
				if !unicode.Is(unicode.Mn, d) {
					b.WriteRune(d)
				}
			}
		case unicode.IsDigit(c):
			b.WriteRune(c)
		case unicode.Is(unicode.Mn, c):
		default:
			b.WriteByte(' ')
		}
	}
	key := once(strings.Join(strings.Fields(b.String()), " "))
	for {
		next := once(pairs.Replace(key))
		if next == key {
			return key
		}
		key = next
	}
}

// once writes a doubled letter once: уулу, uulu and ulu are found alike.
func once(s string) string {
	var b strings.Builder
	var last rune
	for _, c := range s {
		if c != last || unicode.IsDigit(c) {
			b.WriteRune(c)
		}
		last = c
	}
	return b.String()
}

// A collator keeps a buffer, so that each is used by one caller at a time.
var collators = sync.Pool{New: func() any { return collate.New(language.Und) }}

// CollationKey gives bytes whose order is that of names in Kyrgyz: the root collation of
// Unicode has the 36 Kyrgyz letters and the Russian ones in their places (Н Ң О Ө, У Ү; Ё
// beside Е, behind it where nothing else tells two names apart), and Cyrillic stands before
// all other scripts, as CLDR has it for Kyrgyz ("[reorder Cyrl]"): names in Latin letters
// come after those in Cyrillic. Figures and signs come before letters. Byte order of the
// text itself is wrong for Ё, Ң, Ө and Ү on both engines.
func CollationKey(s string) []byte {
	return cyrillicFirst(rootKey(s))
}

// CompareNames orders two names, or any words that people read, as CollationKey does, and
// those that it does not tell apart by their bytes.
func CompareNames(a, b string) int {
	return cmp.Or(bytes.Compare(CollationKey(a), CollationKey(b)), strings.Compare(a, b))
}

func rootKey(s string) []byte {
	c, ok := collators.Get().(*collate.Collator)
	if !ok {
		c = collate.New(language.Und)
	}
	defer collators.Put(c)
	var buffer collate.Buffer
	key := c.KeyFromString(&buffer, norm.NFC.String(s))
	return append([]byte(nil), key...)
}

// scripts are weights of the root collation at which scripts begin: Latin, Cyrillic, and
// the first behind Cyrillic, which is Georgian.
var scripts = sync.OnceValue(func() (at [3]uint16) {
	for i, first := range [...]string{"a", "а", "ა"} {
		key := rootKey(first)
		at[i] = uint16(key[0])<<8 | uint16(key[1])
	}
	return at
})

// cyrillicFirst changes the places of Cyrillic and of what stands from Latin up to it, in a
// key of the root collation, which begins with a weight of two bytes for each letter, three
// for rare ones that set their highest bit, and two noughts behind the last.
func cyrillicFirst(key []byte) []byte {
	latin, cyrillic, behind := scripts()[0], scripts()[1], scripts()[2]
	for i := 0; i+1 < len(key); {
		weight := uint16(key[i])<<8 | uint16(key[i+1])
		switch {
		case weight == 0:
			return key
		case weight > 0x7fff:
			i++
		case weight >= cyrillic && weight < behind:
			weight -= cyrillic - latin
		case weight >= latin && weight < cyrillic:
			weight += behind - cyrillic
		}
		if weight <= 0x7fff {
			key[i], key[i+1] = byte(weight>>8), byte(weight)
		}
		i += 2
	}
	return key
}
