package plan

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"platforma.kg/ashar/internal/foundation/legible"
	"platforma.kg/ashar/internal/spine/programme"
)

// lineBreak stands in a file for a separator that the YAML reader would take for
// the end of a line of the file; it is of the private use area.
const lineBreak = "\ue00a"

// Separators are guarded in the file; control characters, which the reader
// refuses, and signs that may stand in a name of the format nobody sees.
var unreadable = func() *strings.Replacer {
	list := []string{"\ufeff", "", "\u00ad", "", "\u200b", "", "\u200e", "", "\u200f", "", "\u2060", "", "\x7f", "", "\v", lineBreak, "\f", lineBreak, "\u0085", lineBreak, "\u2028", lineBreak, "\u2029", lineBreak}
	for c := range rune(' ') {
		if !strings.ContainsRune("\t\n\v\f\r", c) {
			list = append(list, string(c), "")
		}
	}
	for c := rune(0x80); c < 0xa0; c++ {
		if c != 0x85 {
			list = append(list, string(c), "")
		}
	}
	return strings.NewReplacer(list...)
}()

// legibleYAML gives the file and its tree with every text as package legible
// keeps it: titles and names on one line, longer texts on as many as they have.
func legibleYAML(file []byte, problems *Problems) ([]byte, yaml.Node) {
	var root yaml.Node
	if !utf8.Valid(file) {
		line := 1
		for rest := file; len(rest) > 0; {
			r, n := utf8.DecodeRune(rest)
			if r == utf8.RuneError && n == 1 {
				break
			}
			if r == '\n' {
				line++
			}
			rest = rest[n:]
		}
		problems.add(line, "this is not UTF-8")
		return file, root
	}
	if bytes.Contains(file, []byte(lineBreak)) {
		problems.add(1+bytes.Count(file[:bytes.Index(file, []byte(lineBreak))], []byte("\n")), "the character U+E00A means nothing here")
		return file, root
	}
	file = []byte(unreadable.Replace(string(file)))
	if err := yaml.Unmarshal(file, &root); err != nil {
		*problems = yamlProblems(err)
		return file, root
	}
	legibleNode(&root, "", problems)
	return file, root
}

func legibleNode(n *yaml.Node, name string, problems *Problems) {
	switch n.Kind {
	case yaml.ScalarNode:
		read := legible.Line
		if programme.Long(name) {
			read = legible.Text
		}
		text, wrong := read(strings.ReplaceAll(n.Value, lineBreak, "\n"))
		if wrong != nil {
			problems.add(n.Line, "the word %q holds the character %v, which changes the order of its letters", wrong.Args["word"], wrong.Args["code"])
			return
		}
		n.Value = text
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			inside := n.Content[i].Value
			if programme.Long(name) { // ky, ru or en of it
				inside = name
			}
			legibleNode(n.Content[i+1], inside, problems)
		}
	default:
		for _, c := range n.Content {
			legibleNode(c, name, problems)
		}
	}
}
