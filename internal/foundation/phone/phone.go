// Package phone reads telephone numbers as people in Kyrgyzstan write them and
// shows them as they are read. The numbering plans come from libphonenumber.
//
// A number is no key of a person: families share phones.
package phone

import (
	"strings"

	"github.com/nyaruka/phonenumbers"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/legible"
)

const (
	home    = "KG"
	longest = 40 // characters that are looked at; no number with its spaces is longer
)

// Parse reads a number and gives it in E.164, "+996555123456". Numbers without
// a country are of Kyrgyzstan: "0555 12 34 56", "555123456", "996 555 123456".
// "8 555 12 34 56", the trunk prefix of Soviet times, is refused with the right
// form as a hint. The fault (fault.required, fault.not_a_phone,
// fault.phone_eight) has no field yet: the caller sets it.
func Parse(s string) (e164 string, err *fault.Error) {
	if s, err = legible.Line(s); err != nil {
		return "", err
	}
	if s == "" {
		return "", fault.New(fault.Invalid, "fault.required")
	}
	if len(s) > longest {
		return "", fault.New(fault.Invalid, "fault.not_a_phone")
	}
	digits := onlyDigits(s)
	if hint, eight := eightHint(s, digits); eight {
		return "", fault.New(fault.Invalid, "fault.phone_eight", fault.Args{"example": hint})
	}
	n, wrong := phonenumbers.Parse(s, home)
	if wrong != nil || !phonenumbers.IsValidNumber(n) || n.GetExtension() != "" {
		return "", fault.New(fault.Invalid, "fault.not_a_phone")
	}
	return phonenumbers.Format(n, phonenumbers.E164), nil
}

// Display shows an E.164 number for reading, "+996 555 123 456"; what is not a
// number is given back as it is.
func Display(e164 string) string {
	n, err := phonenumbers.Parse(e164, home)
	if err != nil {
		return e164
	}
	return phonenumbers.Format(n, phonenumbers.INTERNATIONAL)
}

// eightHint tells a number that begins with the old trunk prefix 8, and how to
// write it: 8 and nine digits are of Kyrgyzstan, 8 and ten digits of Russia or
// Kazakhstan.
func eightHint(s, digits string) (hint string, eight bool) {
	if strings.HasPrefix(s, "+") || !strings.HasPrefix(digits, "8") {
		return "", false
	}
	var region string
	switch len(digits) {
	case 10:
		region = home
	case 11:
		region = "RU"
	default:
		return "", false
	}
	n, err := phonenumbers.Parse(digits[1:], region)
	if err != nil || !phonenumbers.IsValidNumber(n) {
		return "", false
	}
	if region == home {
		return "0" + digits[1:4] + " " + digits[4:6] + " " + digits[6:8] + " " + digits[8:], true
	}
	return phonenumbers.Format(n, phonenumbers.INTERNATIONAL), true
}

func onlyDigits(s string) string {
	return strings.Map(func(c rune) rune {
		if c < '0' || c > '9' {
			return -1
		}
		return c
	}, s)
}
