// Package messages tells people what concerns them: one short message, one
// action, in their language, over the channel they chose.
//
//	use case -> Send (message row + job, in its transaction)
//	         -> worker: render, mark "sending", hand over, mark "sent"
//	         -> mail | Telegram | a text message | the mailbox of the demo
//
// A sender names a kind; the texts notice.<kind>.subject, .body and .action
// live in its own catalogue. What a message says is kept sealed under the
// key of the person it is for, so that her history can show it again and her
// erasure makes it unreadable. Sign-in codes go through Courier instead: at
// once, and without a copy.
//
// It is large because what a message says, how it travels and how it fared are one row
// under one key: the pages of staff are a list over that row, and may show no more of it
// than the delivery notes there.
//
// docs/messages.md tells what happens when the process dies half way.
package messages
