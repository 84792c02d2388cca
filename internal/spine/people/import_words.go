package people

import (
	"regexp"
	"strings"

	"platforma.kg/ashar/internal/foundation/sheet"
	"platforma.kg/ashar/internal/spine/profile"
)

// headings maps names of columns in three languages, by their keys, to fields, and to the
// parts of a name that a list may have in columns of their own.
var headings = keyed()

var partHeadings = map[string][]string{
	"surname":    {"surname", "last name", "family name", "фамилия", "фамилиясы", "тегиңиз"},
	"given":      {"first name", "given name", "имя", "аты", "ысымы", "өз аты"},
	"patronymic": {"patronymic", "father's name", "middle name", "second name", "отчество", "атасынын аты", "атасынын ысымы", "ата-тегинин аты"},
}

// namesAlone are headings of whole names that stand for given names beside surnames.
var namesAlone = []string{headingKey("name"), headingKey("имя"), headingKey("аты-жөнү")}

func keyed() map[string]string {
	out := map[string]string{}
	add := func(field string, names []string) {
		for _, n := range names {
			out[headingKey(n)] = field
		}
	}
	for _, f := range profile.Fields {
		add(string(f.Name), f.Headings)
	}
	for part, names := range partHeadings {
		add(part, names)
	}
	return out
}

var inBrackets = regexp.MustCompile(`\([^)]*\)|\[[^\]]*\]`)

// headingKey is what makes two headings one: neither capitals, signs and spaces
// matter, nor what stands in brackets behind, nor Kyrgyz letters typed as Russian ones.
func headingKey(h string) string {
	if short := strings.TrimSpace(inBrackets.ReplaceAllString(h, " ")); short != "" {
		h = short
	}
	return strings.NewReplacer("ө", "о", "ү", "у", "ң", "н").Replace(sheet.Key(h))
}
