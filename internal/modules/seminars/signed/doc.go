// Package signed brings the signed sheet of paper into the house: two people key in who signed,
// neither sees what the other did, they decide where the two readings differ, and what is agreed
// becomes attendance of that day.
//
//	KeyIn (first reading) + KeyIn (second reading) -> differences -> TakeOver -> attendance
//	Reopen takes the outcome back to the differences; Discard lets a reading be begun anew
//
// A double entry finds slips of the hand, not a sheet that lies: beside the outcome stand who
// came in at the door and did not sign, and who signed and was not seen there. It decides about
// no seat. The days that stand on sheets are kept by the room of seats (attendance_signed); who
// came is told to the ledger by the room of the door, on the day of the sheet.
//
// Its tables: signed_reading and signed_mark, what was keyed in; signed_day and signed_decision,
// what it came to. It records no facts of its own and sends no messages.
package signed
