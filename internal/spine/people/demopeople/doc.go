// Package demopeople invents the people of the demo: about a thousand who
// look like the country and are nobody. They carry names in every form the
// law knows (with -ов and -ова, with кызы and уулу, with тегин, after a
// grandfather, one name alone), of the peoples who live in the eight cities;
// ages, groups, villages, languages and needs are spread as they are met.
//
// The same seed gives the same people on every machine. Each is marked as
// demo, writes from example.org, and has a number of the form +996 543 00N NNN:
// no range of the numbering plan is set aside for invented people, so the demo
// sends nothing out of its own mailbox either.
package demopeople
