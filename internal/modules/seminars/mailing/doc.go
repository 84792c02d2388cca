// Package mailing is what staff write to some of those who applied to one activity, beside
// the messages that the house sends by itself: whom it is to, what it says in three languages,
// when it goes, and what came of it for each.
//
//	SaveDraft -> See, Try -> Plan -> (15 minutes or more, TakeBack) -> job: Go -> message
//
// Whom it is to is fixed when it is planned and judged again when it goes. A letter is made
// once for each, whatever dies on the way. The pages lie in seminars/pages.
package mailing
