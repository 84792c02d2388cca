package config

import (
	"reflect"
	"strings"
)

// Table is the configuration table of the README, in Markdown.
func Table() string {
	var b strings.Builder
	b.WriteString("| Variable | Flag | Default | Meaning |\n|---|---|---|---|\n")
	t := reflect.TypeFor[Config]()
	for i := range t.NumField() {
		tag := t.Field(i).Tag
		help := tag.Get("help")
		if part := tag.Get("reserved"); part != "" {
			help += " Kept for " + part + ", without effect yet."
		}
		value := ""
		if d := tag.Get("default"); d != "" {
			value = "`" + d + "`"
		}
		b.WriteString("| `" + tag.Get("env") + "` | `--" + tag.Get("name") + "` | " + value + " | " + strings.ReplaceAll(help, "|", "\\|") + " |\n")
	}
	return b.String()
}
