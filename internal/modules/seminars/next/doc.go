// Package next tells people of the next activity in a city, as they asked: one message when it
// opens for applications, at most two a week, until one button stops it. It decides about no
// seat and writes to nobody who did not ask while signed in.
//
//	Want (what is open already she sees herself) -> job Look, every quarter of an hour -> message
//	with a link -> Stop, by a button, never by the link alone
//
// Its tables: next_wish, and next_told, which is who was told of what. It records no facts. Its
// message is next.open, its job next.look.
package next
