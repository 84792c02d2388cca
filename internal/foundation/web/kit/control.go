package kit

import (
	"strings"

	"github.com/a-h/templ"
)

// control gives the attributes that all kinds of fields share.
func control(f Field) templ.OrderedAttributes {
	var a templ.OrderedAttributes
	set := func(name, value string) {
		if value != "" {
			a = append(a, templ.KeyValue[string, any]{Key: name, Value: value})
		}
	}
	flag := func(name string, on bool) {
		if on {
			a = append(a, templ.KeyValue[string, any]{Key: name, Value: true})
		}
	}
	set("aria-describedby", f.describedBy())
	if len(f.wrong()) > 0 {
		set("aria-invalid", "true")
	}
	set("autocomplete", f.Autocomplete)
	set("inputmode", f.InputMode)
	set("pattern", f.Pattern)
	if f.MaxLength > 0 {
		set("maxlength", digits(f.MaxLength))
	}
	set("min", f.Min)
	set("max", f.Max)
	set("step", f.Step)
	set("accept", f.Accept)
	set("lang", string(f.Lang))
	flag("required", f.Required)
	flag("disabled", f.Disabled)
	flag("autofocus", f.Autofocus)
	if f.Type == "email" || f.Type == "tel" || f.Type == "url" {
		set("autocapitalize", "off")
		set("spellcheck", "false")
	}
	return a
}

func (f Field) rows() string {
	if f.Rows > 0 {
		return digits(f.Rows)
	}
	return "5"
}

// text is the value of a text area. A browser drops one line break at its
// beginning, so that a value which begins with one gets another.
func (f Field) text() string {
	if strings.HasPrefix(f.Value, "\n") {
		return "\n" + f.Value
	}
	return f.Value
}

// helped are the attributes of a search with a help.
func helped(f Field) templ.OrderedAttributes {
	if f.Help == "" {
		return nil
	}
	return templ.OrderedAttributes{{Key: "aria-describedby", Value: "seek-help"}}
}
