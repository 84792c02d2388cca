package people

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
)

// details reads the cells of a row; words that mean nothing are problems.
func (r listRow) details(now time.Time) (d Details, problems []*fault.Error) {
	get := func(field string) string {
		if c, ok := r.list.columns[field]; ok {
			return strings.TrimSpace(r.cells[c])
		}
		return ""
	}
	choice := func(field string) string {
		word := get(field)
		if word == "" {
			return ""
		}
		v, ok := known(values[field], word)
		if !ok {
			problems = append(problems, fault.At(field, "fault.not_a_choice"))
		}
		return v
	}
	d = Details{
		FullName: r.joined(), AddressAs: get("address_as"), Email: get("email"), Phone: wholeNumber(get("phone")), Sex: choice("sex"),
		City: get("city"), Village: get("village"), Group: choice("group"), Level: choice("level"), Organisation: get("organisation"),
		AccessNeeds: get("access_needs"), Lang: i18n.Language(choice("lang")),
	}
	if part := r.partMissing(); part != "" {
		problems = append(problems, fault.At(part, "fault.required"))
	}
	if y := get("birth_year"); y != "" {
		if d.BirthYear = birthYear(y, now); d.BirthYear == 0 {
			d.BirthYear = -1
		}
	}
	if a := get("age_band"); a != "" {
		if d.AgeBand = ageBand(a); d.AgeBand == "" {
			d.AgeBand = a // which is no band
		}
	}
	for _, w := range strings.FieldsFunc(get("languages"), func(c rune) bool { return c == ',' || c == ';' || c == '/' || c == '\n' }) {
		v, ok := known(values["languages"], w)
		if !ok {
			problems = append(problems, fault.At("languages", "fault.not_a_choice"))
			continue
		}
		d.Languages = append(d.Languages, v)
	}
	if d.FullName != "" && d.Email == "" && d.Phone == "" {
		problems = append(problems, fault.At("email", "people.fault.channel"))
	}
	return d, problems
}

var (
	number    = regexp.MustCompile(`\p{N}+`)
	isoDate   = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)
	bandWords = regexp.MustCompile(`^\D*(\d{1,3})\s*(?:[-–—−]|\.\.+|…)\s*(\d{1,3})\D*$`)
	ageWords  = regexp.MustCompile(`^\D*(\d{1,3})\D*$`)
)

var (
	withExponent = regexp.MustCompile(`^(\d)[.,](\d+)[eE]\+?(\d+)$`)
	withPoint    = regexp.MustCompile(`^(\d{9,15})[.,]0+$`)
)

// wholeNumber gives a phone that a spreadsheet wrote into a CSV file as a number
// with its digits, 9.96555123456E+11 as 996555123456. One whose digits are lost,
// 9.96555E+11, stays as it is and is no phone.
func wholeNumber(cell string) string {
	if m := withPoint.FindStringSubmatch(cell); m != nil {
		return m[1]
	}
	if m := withExponent.FindStringSubmatch(cell); m != nil {
		if tens, err := strconv.Atoi(m[3]); err == nil && tens == len(m[2]) {
			return m[1] + m[2]
		}
	}
	return cell
}

// birthYear finds the year in a year, or in a date as the three languages write it
// (12.05.1990, 12 мая 1990 г., 1990-жылдын 12-майы), 0 when there is none or two.
func birthYear(cell string, now time.Time) int {
	year := 0
	for _, digits := range number.FindAllString(cell, -1) {
		n, err := strconv.Atoi(digits)
		if err != nil || len(digits) != 4 || n < 1900 || n >= 2100 {
			continue
		}
		if year != 0 {
			return 0
		}
		year = n
	}
	// A year that was typed into a cell for dates is a day of 1905.
	if isoDate.MatchString(cell) {
		if at, err := time.Parse(time.DateOnly, cell); err == nil {
			serial := int(at.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Hours() / 24)
			if serial >= 1900 && serial <= now.Year() {
				return 0
			}
		}
	}
	return year
}

// ageBand finds the band of an age, of a band in words (25–34 года), or of one
// without an end (60+), empty when there is none.
func ageBand(cell string) string {
	if m := bandWords.FindStringSubmatch(cell); m != nil {
		return m[1] + "-" + m[2]
	}
	m := ageWords.FindStringSubmatch(cell)
	if m == nil {
		return ""
	}
	age, _ := strconv.Atoi(m[1])
	last := AgeBands[len(AgeBands)-1]
	switch {
	case age < 14 || age > 120:
		return ""
	case m[1]+"+" == last:
		return last
	}
	return bandOf(age)
}
