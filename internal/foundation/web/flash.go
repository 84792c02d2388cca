package web

// Flash is a short message that outlives one redirect: "saved", "seat given
// up". It holds a key of the catalogues and plain arguments, never personal data.
type Flash struct {
	Kind string         `json:"k"` // "good", "wait", "bad" or "" for plain
	Key  string         `json:"t"`
	Args map[string]any `json:"a,omitempty"`
}

// SetFlash leaves a message for the next page of this browser. Kind is "good",
// "wait", "bad" or ""; args are pairs of name and value as of Printer.T.
func (r *Request) SetFlash(kind, key string, args ...any) {
	f := Flash{Kind: kind, Key: key}
	for i := 0; i+1 < len(args); i += 2 {
		if name, ok := args[i].(string); ok {
			if f.Args == nil {
				f.Args = map[string]any{}
			}
			f.Args[name] = args[i+1]
		}
	}
	if r.keep != nil {
		r.keep(f)
	}
}

// TakeFlash gives the message once.
func (r *Request) TakeFlash() (Flash, bool) {
	if r.flash == nil {
		return Flash{}, false
	}
	f := *r.flash
	r.flash = nil
	return f, true
}
