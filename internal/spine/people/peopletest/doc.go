// Package peopletest sets up the room of people with all its pages for tests: a clock that
// the test moves, a pocket for letters, browsers, and passkeys in software. It is the one
// place that puts the room and its pages together beside the house itself. Nothing but
// tests imports it, and it asserts nothing of its own.
package peopletest
