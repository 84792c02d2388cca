package sheet

import (
	"encoding/xml"
	"regexp"
	"strconv"
	"strings"
)

const maxStyles = 100_000

// styles tell which looks of an XLSX file show a number as a date.
type styles struct {
	dates []bool // by the number of the look
}

func (s styles) isDate(look int) bool { return look >= 0 && look < len(s.dates) && s.dates[look] }

// readStyles reads the number formats of a file; there may be none.
func (b *workbook) readStyles(name string) error {
	formats, inside := map[int]bool{}, false
	return b.tokens(name, func(token xml.Token) error {
		switch e := token.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "numFmt":
				if id, err := strconv.Atoi(attribute(e, "numFmtId")); err == nil && len(formats) < maxStyles {
					formats[id] = datePattern(attribute(e, "formatCode"))
				}
			case "cellXfs":
				inside = true
			case "xf":
				if !inside {
					break
				}
				if len(b.styles.dates) == maxStyles {
					return beyond(0, 0, "this XLSX file holds more than %d looks of cells", maxStyles)
				}
				id, _ := strconv.Atoi(attribute(e, "numFmtId"))
				custom, there := formats[id]
				b.styles.dates = append(b.styles.dates, there && custom || !there && dateFormat(id))
			}
		case xml.EndElement:
			inside = inside && e.Name.Local != "cellXfs"
		}
		return nil
	})
}

// dateFormat tells the formats for dates that have a number and no pattern, with
// those of the languages of East Asia and of Thai. Times without a day are none.
func dateFormat(id int) bool {
	return id >= 14 && id <= 17 || id == 22 || id >= 27 && id <= 31 || id == 36 || id >= 50 && id <= 54 || id == 57 || id == 58 || id >= 71 && id <= 74 || id == 81
}

// What of a pattern is no letter of a format: text in quotes, an escaped
// character, a filling one, and conditions, colours and languages in brackets.
var notFormat = regexp.MustCompile(`"[^"]*"|\\.|[_*].|\[[^\]]*\]`)

// datePattern tells whether a pattern shows the day or the year of a number. Some
// programs write the letters of a Russian one.
func datePattern(pattern string) bool {
	pattern, _, _ = strings.Cut(pattern, ";")
	pattern = strings.ToLower(notFormat.ReplaceAllString(pattern, " "))
	if strings.Contains(pattern, "general") || strings.Contains(pattern, "основной") {
		return false
	}
	return strings.ContainsAny(pattern, "yd") || strings.Contains(pattern, "гг") || strings.Contains(pattern, "дд")
}
