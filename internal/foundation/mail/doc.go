// Package mail hands messages to a mail server, or, in the demo, to a mailbox
// in memory that a page shows. It knows nothing of who the people are.
package mail
