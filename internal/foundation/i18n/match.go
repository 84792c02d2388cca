package i18n

import "golang.org/x/text/language"

// near leads the languages of the neighbours to the one of ours that most of
// their speakers in the country read.
var near = map[string]Language{
	"ky": Kyrgyz, "ru": Russian, "en": English,
	"kk": Kyrgyz, // Kazakh is close to Kyrgyz and written in the same letters
	"uz": Russian, "tg": Russian, "tk": Russian, "tt": Russian, "ba": Russian, "uk": Russian, "be": Russian, "ug": Russian, "dng": Russian,
}

// Match chooses a language for the header Accept-Language: the first in the
// order of the person's wishes that we have or that is near to one of ours;
// English for a stranger's browser, Kyrgyz for one that says nothing.
func Match(acceptLanguage string) Language {
	if len(acceptLanguage) > 500 {
		acceptLanguage = ""
	}
	tags, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil || len(tags) == 0 {
		return Kyrgyz
	}
	strange := false
	for _, tag := range tags {
		base, _ := tag.Base()
		if l, ok := near[base.String()]; ok {
			return l
		}
		strange = strange || base.String() != "mul" && base.String() != "und"
	}
	if strange {
		return English
	}
	return Kyrgyz
}
