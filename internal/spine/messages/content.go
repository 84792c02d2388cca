package messages

import (
	"bytes"
	"encoding/json"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
)

// content is what a message says, apart from its texts. It is kept sealed.
type content struct {
	Args map[string]any `json:"args,omitempty"`
	Path string         `json:"path,omitempty"`
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

// encodeArgs makes the arguments fit for JSON: an instant becomes {"$time": …}, a term {"$term": …}.
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
		return i18n.Text{Ky: word("ky"), Ru: word("ru"), En: word("en")}
	}
	return v
}
