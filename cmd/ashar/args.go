package main

import (
	"fmt"
	"os"
	"strings"

	"platforma.kg/ashar/internal/foundation/legible"
)

// legibleArgs takes out of what was pasted into the command line the characters
// that nobody sees. The path of a file that is there stays as it is.
func legibleArgs(args []string) ([]string, error) {
	out := make([]string, len(args))
	for i, arg := range args {
		flag, path, valued := strings.Cut(arg, "=")
		if !valued || !strings.HasPrefix(flag, "-") {
			path = arg
		}
		if _, err := os.Lstat(path); err == nil {
			out[i] = arg
			continue
		}
		text, wrong := legible.Text(arg)
		switch {
		case wrong == nil:
			out[i] = text
		case wrong.Key == "fault.turned":
			return nil, fmt.Errorf("the word %q holds the character %v, which changes the order of its letters; type it again", wrong.Args["word"], wrong.Args["code"])
		default:
			return nil, fmt.Errorf("%q is not UTF-8; type it again", strings.ToValidUTF8(arg, "�"))
		}
	}
	return out, nil
}
