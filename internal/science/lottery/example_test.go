package lottery_test

import (
	"errors"
	"fmt"

	"platforma.kg/ashar/internal/science/lottery"
)

// Two of five are selected, one of them a woman: the women share one seat, the men the
// other.
func Example() {
	p := lottery.Problem{
		Seats:      2,
		Categories: []string{"sex"},
		Applicants: []lottery.Applicant{
			{ID: "Aida", Values: []string{"female"}},
			{ID: "Bakyt", Values: []string{"male"}},
			{ID: "Daniyar", Values: []string{"male"}},
			{ID: "Erlan", Values: []string{"male"}},
			{ID: "Gulnara", Values: []string{"female"}},
		},
		Quotas: []lottery.Quota{{Category: "sex", Value: "female", Min: 1, Max: 1}},
	}
	l, err := lottery.New(p, lottery.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range l.Chances() {
		fmt.Printf("%s %.3f\n", c.ID, c.P)
	}
	fmt.Println(l.Draw("dice 3 5 2 6"))
	// Output:
	// Aida 0.500
	// Bakyt 0.333
	// Daniyar 0.333
	// Erlan 0.333
	// Gulnara 0.500
	// [Aida Daniyar]
}

func ExampleConflict() {
	_, err := lottery.New(lottery.Problem{
		Seats:      3,
		Categories: []string{"city"},
		Applicants: []lottery.Applicant{
			{ID: "1", Values: []string{"Osh"}},
			{ID: "2", Values: []string{"Osh"}},
			{ID: "3", Values: []string{"Naryn"}},
			{ID: "4", Values: []string{"Naryn"}},
		},
		Quotas: []lottery.Quota{
			{Category: "city", Value: "Osh", Min: 2, Max: 2},
			{Category: "city", Value: "Naryn", Min: 2, Max: lottery.NoLimit},
		},
	}, lottery.Options{})
	var conflict *lottery.Conflict
	fmt.Println(errors.As(err, &conflict))
	fmt.Println(err)
	// Output:
	// true
	// these cannot be met together: city = Osh: exactly 2; city = Naryn: at least 2; seats: 3
}
