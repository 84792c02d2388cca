// Package find is the page on which staff find anything: people, seminars, plans,
// messages, materials, pages.
//
// It knows nothing of any of them. Every module tells in its manifest what it lets staff
// find, and each finder gives only what the page behind a hit answers to who asks; whose
// data a page of hits shows is noted before it is shown. Nothing is kept of what was typed.
package find
