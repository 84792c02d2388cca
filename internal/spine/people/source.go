package people

import "slices"

// Source is where staff have what they type in of a person.
type Source string

// The sources.
const (
	SaidInPerson Source = "in_person" // she told it herself, face to face
	SaidByPhone  Source = "phone"     // she told it herself, by phone
	SaidOnPaper  Source = "paper"     // she wrote it on paper
	FromList     Source = "list"      // of a list of somebody else: she has said nothing herself
)

// Sources lists them in the order in which they are offered.
var Sources = []Source{SaidInPerson, SaidByPhone, SaidOnPaper, FromList}

// Hers reports whether she told it herself, so that she may have agreed to something.
func (s Source) Hers() bool { return s != FromList && slices.Contains(Sources, s) }
