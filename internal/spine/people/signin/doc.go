// Package signin holds the pages of coming in and going out: address and code, who she
// is among those who share an address, passkeys, the organisation's account, invitations
// to a role, sessions and the demo's links. Who may come in, and what a session may, is
// not judged here: each form calls one use case of package people and shows what it
// answers. It keeps no key, reads no table and knows of no other pages of people.
package signin
