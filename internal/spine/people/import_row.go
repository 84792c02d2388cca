package people

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/spine/profile"
)

// details reads the cells of a row; words that mean nothing are problems.
func (r listRow) details(lists *profile.Lists, now time.Time) (d Details, problems []*fault.Error) {
	for _, f := range profile.Fields {
		cell := r.cell(f.Name)
		switch {
		case f.Name == profile.FullName:
			d.Set(f.Name, r.joined())
			if part := r.partMissing(); part != "" {
				problems = append(problems, fault.At(part, "fault.required"))
			}
		case cell == "":
		case f.Name == profile.Phone:
			d.Set(f.Name, wholeNumber(cell))
		case f.Name == profile.BirthYear:
			d.Set(f.Name, strconv.Itoa(birthYear(cell, now)))
		case f.Name == profile.AgeBand:
			d.Set(f.Name, cmp.Or(ageBand(lists, now, cell), cell)) // else it is no band
		case f.Chosen() && !f.Open:
			words := []string{cell}
			if f.Several {
				words = strings.FieldsFunc(cell, func(c rune) bool { return c == ',' || c == ';' || c == '/' || c == '\n' })
			}
			var chosen []string
			for _, w := range words {
				v, ok := f.Known(lists, w)
				if !ok {
					problems = append(problems, fault.At(string(f.Name), "fault.not_a_choice"))
					continue
				}
				chosen = append(chosen, v)
			}
			d.Set(f.Name, chosen...)
		default:
			d.Set(f.Name, cell)
		}
	}
	if d.FullName != "" && d.Email == "" && d.Phone == "" {
		problems = append(problems, fault.At(string(profile.Email), "people.fault.channel"))
	}
	return d, problems
}

// cell gives what stands in the column of a field, empty when there is none.
func (r listRow) cell(field profile.Name) string {
	if c, ok := r.list.columns[string(field)]; ok {
		return strings.TrimSpace(r.cells[c])
	}
	return ""
}

var (
	number    = regexp.MustCompile(`\p{N}+`)
	isoDate   = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)
	bandWords = regexp.MustCompile(`^\D*(\d{1,3})\s*(?:[-–—−]|\.\.+|…)\s*(\d{1,3})\D*$`)
	oneNumber = regexp.MustCompile(`^\D*(\d{1,3})\D*$`)
)

var (
	withExponent = regexp.MustCompile(`^(\d)[.,](\d+)[eE]\+?(\d+)$`)
	withPoint    = regexp.MustCompile(`^(\d{9,15})[.,]0+$`)
)

var (
	belowZero    = regexp.MustCompile(`^\s*[-–—−]\s*[\d.,]+\s*$`)
	withFraction = regexp.MustCompile(`^\s*\d{4}[.,](\d+)\s*$`)
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
	if belowZero.MatchString(cell) {
		return 0
	}
	if m := withFraction.FindStringSubmatch(cell); m != nil {
		if month, _ := strconv.Atoi(m[1]); strings.Trim(m[1], "0") != "" && (len(m[1]) != 2 || month > 12) {
			return 0 // 1987.5 is no year; 1987.05 is May
		}
	}
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

// What may stand beside the number of an age, and what says that it has no end. Any other
// word makes another thing of it: up to, under, about.
var (
	ageWords = []string{
		"жаш", "ж", "жашта", "жаштан", "жашар", "курагы", "жашы", "год", "года", "лет", "л", "возраст", "age", "aged", "years", "year", "yrs", "old", "of",
	}
	openWords = []string{
		"жана", "андан", "улуу", "жогору", "өйдө", "и", "старше", "более", "выше", "от", "and", "or", "older", "over", "above", "more",
	}
)

// ageBand finds the band of an age, of a band in words (25–34 года), or of the last one,
// which has no end (60+); empty when there is none, or when it would be a guess. A single
// age is of the bands that hold now, a band may be one of before.
func ageBand(lists *profile.Lists, now time.Time, cell string) string {
	if m := bandWords.FindStringSubmatch(cell); m != nil {
		return m[1] + "-" + m[2]
	}
	m := oneNumber.FindStringSubmatch(cell)
	if m == nil {
		return ""
	}
	age, _ := strconv.Atoi(m[1])
	if age < lists.BandsOn(now).Youngest() || age > profile.OldestAge {
		return ""
	}
	before, after, _ := strings.Cut(strings.ToLower(cell), m[1])
	open := false
	for _, side := range []string{before, after} {
		for _, word := range strings.FieldsFunc(side, func(c rune) bool { return unicode.IsSpace(c) || c == '.' || c == ',' || c == ':' }) {
			switch word = strings.Trim(word, "()"); {
			case strings.HasPrefix(word, "+"), slices.Contains(openWords, word):
				open = true
				if rest := strings.Trim(word, "+"); rest != "" && rest != word && !slices.Contains(ageWords, rest) {
					return ""
				}
			case word != "" && !slices.Contains(ageWords, word):
				return ""
			}
		}
	}
	if open {
		if code := (profile.Ages{From: age}).Code(); profile.Of(profile.AgeBand).Takes(lists, code) {
			return code
		}
		return ""
	}
	return lists.BandOfAge(age, now)
}
