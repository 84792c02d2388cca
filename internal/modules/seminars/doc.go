// Package seminars takes a person from an application to a recorded attendance.
//
//	applied -> shortlisted -> invited -> confirmed -> attended | no_show
//	      \-> waitlisted ------^   (declined by the organiser, withdrawn by the person)
//
// It has three rooms, and arrows run one way (floors_test.go of app holds them):
//
//   - seats has the nouns, rules, tables and use cases, and knows neither of the others.
//     Who holds a seat is a matter of the state alone (State.HoldsSeat), and only
//     Service.Move changes a state: it takes and gives back the seat, writes the move with
//     who, when and why, the fact, the ticket and the message, all in one transaction.
//     docs/seats.md tells how seats are guarded.
//   - door is what happens on the day, and knows the seats.
//   - pages show both; what the house speaks to stands in pages/manifest.go.
//
// demostory plays a season of them in the demo. Names and contacts live in spine/people;
// here are ids, states and sealed answers.
package seminars
