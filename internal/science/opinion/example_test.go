package opinion_test

import (
	"fmt"

	"platforma.kg/ashar/internal/science/opinion"
)

// Two camps of forty people vote on ten statements; on the last one all agree.
func ExampleMap_Snapshot() {
	m, err := opinion.New(80, 10)
	if err != nil {
		fmt.Println(err)
		return
	}
	for person := range 80 {
		for statement := range 10 {
			vote := opinion.Agree
			switch {
			case (person*7+statement*3)%11 == 0:
				vote = opinion.Pass
			case statement < 9 && (person < 40) == (statement%2 == 0):
				vote = opinion.Disagree
			}
			if err := m.Vote(person, statement, vote); err != nil {
				fmt.Println(err)
				return
			}
		}
	}
	s := m.Snapshot(opinion.Options{Seed: 1})
	fmt.Println("clear:", s.Clear, s.K, "groups")
	fmt.Printf("stability: %.2f\n", s.Stability)
	fmt.Println("all agree with:", s.ConsensusAgree)
	// Output:
	// clear: true 2 groups
	// stability: 1.00
	// all agree with: [9]
}

// One more vote is shown at once; whether there are groups is looked at again
// now and then.
func ExampleMap_Follow() {
	m, _ := opinion.New(3, 2)
	_ = m.Vote(0, 0, opinion.Agree)
	s := m.Snapshot(opinion.Options{})
	_ = m.Vote(1, 0, opinion.Disagree)
	s = m.Follow(s)
	fmt.Println(s.Votes, "votes, mean of the first statement:", s.Centre[0], "-", s.Doubt)
	// Output: 2 votes, mean of the first statement: 0 - few_people
}
