// Package followup asks who has said yes what the organiser must know before the day: how she
// travels, what she eats, what she needs, where she sleeps, and whether photos of her may be
// published. It decides about no seat: who does not answer keeps hers.
//
//	seats: a yes -> job Ask -> letter -> Answer (corrected until the deadline) -> lines for the
//	kitchen, the bus, the hotel; a job forgets the answers some days after the end
//
// Answers are sealed under her key and leave by no export of staff. Whoever reads them by name
// stands in her log; the lines are counts without names. The consent to photos is that of
// spine/people and is not kept here a second time.
//
// Its tables: followup (whether and until when it is asked), followup_form with its versions,
// followup_answer. It records no facts; its messages are followup.ask and followup.again.
package followup
