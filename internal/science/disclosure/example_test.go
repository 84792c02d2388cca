package disclosure_test

import (
	"fmt"

	"platforma.kg/ashar/internal/science/disclosure"
)

func Example() {
	people, err := disclosure.NewData("city", "sex")
	if err != nil {
		panic(err)
	}
	for _, group := range []struct {
		city, sex string
		people    int
	}{{"osh", "f", 14}, {"osh", "m", 9}, {"naryn", "f", 12}, {"naryn", "m", 2}} {
		for i := range group.people {
			if err := people.Add(fmt.Sprint(group.city, group.sex, i), group.city, group.sex); err != nil {
				panic(err)
			}
		}
	}
	result, err := disclosure.Protect(people, disclosure.Plan{Tables: [][]string{{"city", "sex"}}}, disclosure.Options{K: 5})
	if err != nil {
		panic(err)
	}
	for _, cell := range result.Tables[0].Cells {
		for _, value := range cell.At {
			if value.All {
				fmt.Print("all ")
			} else {
				fmt.Print(value.Text, " ")
			}
		}
		if cell.Hidden {
			fmt.Println("hidden")
		} else {
			fmt.Println(cell.N)
		}
	}
	// Output:
	// naryn f hidden
	// naryn m hidden
	// naryn all 14
	// osh f hidden
	// osh m hidden
	// osh all 23
	// all f 26
	// all m 11
	// all all 37
}

func ExampleRate() {
	asked, trained := disclosure.Number{N: 40}, disclosure.Number{N: 10}
	fmt.Println(disclosure.Rate(trained, asked))
	fmt.Println(disclosure.Rate(disclosure.Number{Hidden: true}, asked))
	// Output:
	// 0.25 true
	// 0 false
}
