package pages

import "platforma.kg/ashar/internal/modules/seminars/door"

// doorColour is the class of an answer: good, wait or bad. The camera's script goes by it too.
func doorColour(a door.Said) string {
	return map[string]string{"come_in": "good", "look": "wait"}[a.State] + map[bool]string{true: "bad"}[a.State == "stop"]
}

// doorSign is the shape of a state, as a path in a square of 120: a disc with a tick, a
// triangle with a mark, an octagon with a bar. Whoever goes out has an arrow, and what was taken
// back one that turns, so that from afar neither looks as if somebody came in.
func doorSign(a door.Said) (shape, mark string) {
	switch a.State {
	case "come_in":
		const disc = "M60 6a54 54 0 1 1 0 108a54 54 0 1 1 0-108z"
		switch a.Next {
		case "goodbye":
			return disc, "M32 60h54M64 37 87 60 64 83"
		case "undone":
			return disc, "M50 28 32 46l18 18M34 46h30a18 18 0 0 1 0 40H46"
		}
		return disc, "M32 62 52 83 90 39"
	case "look":
		return "M60 10 116 110H4z", "M60 48v30M60 95v.1"
	}
	return "M39 8h42l31 31v42l-31 31H39L8 81V39z", "M34 60h52"
}
