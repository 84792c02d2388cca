package messages

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
)

// content is what a message says, apart from its texts. It is kept sealed.
type content struct {
	Args map[string]any `json:"args,omitempty"`
	Path string         `json:"path,omitempty"`
	// Lang is that of Notice.
	Lang i18n.Language `json:"lang,omitempty"`
	// Beside is that of Notice.
	Beside *i18n.Text `json:"beside,omitempty"`
	// Instead is that of Notice.
	Instead *Instead `json:"instead,omitempty"`
	// Short is that of Notice.
	Short *i18n.Text `json:"short,omitempty"`
	// Reply is that of Notice.
	Reply bool `json:"reply,omitempty"`
	// Purpose and Leave are those of Notice.
	Purpose string `json:"purpose,omitempty"`
	Leave   string `json:"leave,omitempty"`
	// Email is where it goes when that is not the person's address of now.
	Email string `json:"email,omitempty"`
	Chat  string `json:"chat,omitempty"`  // the same of Telegram
	Typed bool   `json:"typed,omitempty"` // that of Notice: Email is it
}

// encodeArgs makes the arguments fit for JSON: an instant becomes {"$time": …}, a term {"$term": …},
// a stretch of time {"$from": …, "$to": …}, what is joined {"$joined": […]},
// what staff wrote {"$written": …}.
func encodeArgs(args map[string]any) map[string]any {
	out := make(map[string]any, len(args))
	for name, v := range args {
		switch v := v.(type) {
		case time.Time:
			out[name] = map[string]string{"$time": v.UTC().Format(time.RFC3339)}
		case Clock:
			out[name] = map[string]string{"$clock": time.Time(v).UTC().Format(time.RFC3339)}
		case Term:
			out[name] = map[string]string{"$term": string(v)}
		case Stretch:
			out[name] = map[string]string{"$from": v.From.UTC().Format(time.RFC3339), "$to": v.To.UTC().Format(time.RFC3339)}
		case Joined:
			parts := make([]any, len(v))
			for i, part := range v {
				parts[i] = encodeArgs(map[string]any{"": part})[""]
			}
			out[name] = map[string]any{"$joined": parts}
		case Written:
			out[name] = map[string]i18n.Text{"$written": i18n.Text(v)}
		default:
			out[name] = v
		}
	}
	return out
}

// decodeContent reads what Send sealed.
func decodeContent(plain []byte) (content, error) {
	var c content
	d := json.NewDecoder(bytes.NewReader(plain))
	d.UseNumber()
	err := d.Decode(&c)
	return c, err
}

// argsIn gives the arguments in a language.
func argsIn(args map[string]any, say *i18n.Printer) map[string]any {
	out := make(map[string]any, len(args))
	for name, v := range args {
		out[name] = argIn(v, say)
	}
	return out
}

func argIn(v any, say *i18n.Printer) any {
	switch v := v.(type) {
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
		return v.String()
	case map[string]any:
		word := func(key string) string { s, _ := v[key].(string); return s }
		if at, err := time.Parse(time.RFC3339, word("$time")); err == nil {
			return i18n.DateTime(say.Lang, at)
		}
		if at, err := time.Parse(time.RFC3339, word("$clock")); err == nil {
			return i18n.Time(say.Lang, at)
		}
		if key := word("$term"); key != "" {
			return say.T(key)
		}
		if from, err := time.Parse(time.RFC3339, word("$from")); err == nil {
			to, err := time.Parse(time.RFC3339, word("$to"))
			if err != nil || !to.After(from) {
				return i18n.DateTime(say.Lang, from)
			}
			return i18n.DateTimeRange(say.Lang, from, to)
		}
		if parts, ok := v["$joined"].([]any); ok {
			return joined(parts, say)
		}
		if texts, ok := v["$written"].(map[string]any); ok {
			text, _ := argIn(texts, say).(i18n.Text)
			return written(text.In(say.Lang))
		}
		return i18n.Text{Ky: word("ky"), Ru: word("ru"), En: word("en")}
	}
	return v
}

// joined says parts one after the other; a part without words is left out.
func joined(parts []any, say *i18n.Printer) string {
	var out []string
	for _, part := range parts {
		words := ""
		switch v := argIn(part, say).(type) {
		case string:
			words = v
		case i18n.Text:
			words = v.In(say.Lang)
		}
		if words != "" {
			out = append(out, words)
		}
	}
	return strings.Join(out, "; ")
}
