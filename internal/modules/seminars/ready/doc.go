// Package ready is the check of the phones of a door before the day: the page on which a phone
// refuses itself the network and looks whether it can go on (web/ts/ready.ts), the route by which
// the house learns what it found, and the list that who leads the activity reads.
//
// What is kept, and who may, stands in door/ready.go; docs/offline.md.
package ready
