// Package effort makes a form cost a little where many send it at once: some
// seconds of a phone's arithmetic, or some seconds of waiting. No picture is
// read and nobody else is asked. Whoever uses it decides when (a rush) and
// calls Pass in the transaction that does what was asked; when Pass answers
// Needed, the page shows what Ask gives (Form, web/ts/effort.ts) and sends
// itself again.
//
// The challenge is text, the server keeps nothing of it:
//
//	head      = bits (1 byte) ‖ made (8, µs) ‖ nonce (12)
//	challenge = base64url(head ‖ HMAC-SHA256(key, purpose, browser, head)[:16])
//	seed      = SHA-256(challenge)
//
// It is solved by 16 counters (Parts), the i-th of which makes
// SHA-256(seed ‖ i ‖ counter), both numbers 4 bytes big-endian, begin with bits
// zero bits. On average that takes Work = 16·2^bits hashes, with bits = 18 + level
// 4.2 million at level 0, and 16.8 million at most (MostLevel). Sixteen small
// parts instead of a big one: the time spreads by 1/√16, so that one in twenty
// needs more than 1.45 times the mean and not three times, and progress is to be
// seen. A challenge is one step easier than what is asked now at most, lives
// five minutes (Life), and is spent once: its seed is inserted into effort_used
// in the caller's transaction.
//
// Who has no script waits. A challenge of ten seconds (First) opens the line of
// its purpose, in which a turn comes each second (Step):
//
//	turn = max(line's next, now);  line's next = turn + Step
//
// Turns of one purpose are Step apart, however many ask: t after the line began
// at most t/Step + 1 have passed, and none before First. A turn that is now is taken at once; a
// later one is a place of that browser, one for each, good from its turn on for
// Life. Taking either spends the challenge. A line of ten minutes (MostLine) is
// full: until it is shorter nobody gets a place, but the challenge stays good.
package effort
