package people

import (
	"strings"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/legible"
)

// nameParts are the parts of a name, in the order in which they are joined.
var nameParts = []string{"surname", "given", "patronymic"}

// wholeNames refuses a list that has only a part of the names. A column of a part
// alone holds whole names when each has two words, as in many lists headed "Имя".
func wholeNames(rows []listRow, l *listing) error {
	if _, whole := l.columns["name"]; whole {
		return nil
	}
	var have []string
	for _, part := range nameParts {
		if c, ok := l.columns[part]; ok {
			have = append(have, l.names[c])
		}
	}
	_, surname := l.columns["surname"]
	_, given := l.columns["given"]
	if surname && given {
		return nil
	}
	if len(have) == 1 && len(rows) > 0 && !patronymicAlone(l) {
		whole := true
		for _, r := range rows {
			name := r.joined()
			whole = whole && (name == "" || len(strings.Fields(name)) > 1)
		}
		if whole {
			return nil
		}
	}
	key := "people.fault.import_given"
	switch {
	case !surname && !given:
		key = "people.fault.import_both"
	case !surname:
		key = "people.fault.import_surname"
	}
	return fault.At("file", key, fault.Args{"have": "«" + strings.Join(have, "», «") + "»"})
}

func patronymicAlone(l *listing) bool { _, ok := l.columns["patronymic"]; return ok }

// joined gives the name of a row. Merged over the columns of its parts it is
// written once.
func (r listRow) joined() string {
	if c, ok := r.list.columns["name"]; ok {
		return strings.TrimSpace(r.cells[c])
	}
	var parts []string
	for _, part := range nameParts {
		c, ok := r.list.columns[part]
		if !ok {
			continue
		}
		word := strings.TrimSpace(r.cells[c])
		if word != "" && (len(parts) == 0 || word != parts[len(parts)-1] || !strings.Contains(word, " ")) {
			parts = append(parts, word)
		}
	}
	return strings.Join(parts, " ")
}

// shownName is the name of a row as it may be shown: what nobody sees is left out,
// and what is longer than a name is cut.
func (r listRow) shownName() string {
	name := []rune(strings.Join(strings.Fields(legible.Seen(r.joined())), " "))
	if len(name) > 120 {
		return string(name[:120]) + "…"
	}
	return string(name)
}

// partMissing gives the part of a name that a row lacks although it has a column,
// empty when the name is whole: a name of two words stands for itself.
func (r listRow) partMissing() string {
	if _, whole := r.list.columns["name"]; whole || len(strings.Fields(r.joined())) != 1 {
		return ""
	}
	for _, part := range nameParts[:2] {
		if c, ok := r.list.columns[part]; ok && strings.TrimSpace(r.cells[c]) == "" {
			return part
		}
	}
	return ""
}
