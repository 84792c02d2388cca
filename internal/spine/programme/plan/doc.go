// Package plan brings a whole programme in at once: the YAML file, which it reads, checks
// and imports beside what was changed on screen, and the table from which many activities
// are made of one template. It says of everything that is wrong with a file in which line.
// It draws no page and keeps no row but what a file said the last time (table imported);
// what an activity may be, package programme says.
package plan
