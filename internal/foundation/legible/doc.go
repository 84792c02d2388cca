// Package legible takes out of what people write, paste and upload the characters
// that nobody sees, so that nobody is refused for what she cannot find.
//
// Phones and office programs put direction marks around numbers, soft hyphens
// into copied names, and line separators into notes. Those without a visible
// meaning are taken out; separators of lines and paragraphs become line breaks;
// joiners stay where they join, in an emoji of several people and in scripts that
// need them. Only what turns the direction of writing inside a word is refused,
// by name: with it a name or a link is made to look like another.
//
// Every edge calls it: forms and queries, JSON, tables, plans, the command line.
package legible
