package people

import (
	"net/mail"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/legible"
	"platforma.kg/ashar/internal/foundation/phone"
	"platforma.kg/ashar/internal/spine/profile"
)

// Longest inputs, in letters; those of the fields stand in spine/profile.
const MaxName = 120

// Tidy gives the details as they are kept: names in one Unicode form without
// stray spaces, e-mail with the domain in lower case, phone as E.164. The fault
// has one entry for each wrong field, named as in the JSON of Details.
func Tidy(lists *profile.Lists, d Details, now time.Time) (Details, error) {
	var form fault.Form
	line := func(field string, s *string, most int) {
		var wrong *fault.Error
		if *s, wrong = legible.Line(*s); wrong != nil {
			form.Add(field, wrong.Key, wrong.Args)
			return
		}
		form.Check(utf8.RuneCountInString(*s) <= most, field, "fault.too_long", fault.Args{"count": most})
		form.Check(printable(*s), field, "fault.control_characters")
	}
	for _, f := range profile.Fields {
		name := string(f.Name)
		switch at := d.text(f.Name); {
		case f.Contact:
			kept, err := tidyContact(f.Name, *at)
			if form.Join(atField(name, err)) != nil {
				return d, err
			}
			*at = kept
		case f.Name == profile.BirthYear:
			form.Check(d.BirthYear == 0 || (d.BirthYear >= 1900 && d.BirthYear <= now.Year()-10), name, "fault.not_a_year")
		case f.Chosen() && !f.Open:
			for _, v := range d.Get(f.Name) {
				form.Check(f.Takes(lists, v), name, "fault.not_a_choice")
			}
		default:
			line(name, at, f.Longest)
		}
	}
	form.Check(strings.ContainsFunc(d.FullName, unicode.IsLetter), string(profile.FullName), "fault.not_a_name")
	form.Check(!legible.Addressed(d.FullName), string(profile.FullName), "fault.name_address")
	line("certificate_ky", &d.CertificateName.Ky, MaxName)
	line("certificate_ru", &d.CertificateName.Ru, MaxName)
	line("certificate_en", &d.CertificateName.En, MaxName)
	form.Check(!legible.Addressed(d.CertificateName.Ky), "certificate_ky", "fault.name_address")
	form.Check(!legible.Addressed(d.CertificateName.Ru), "certificate_ru", "fault.name_address")
	form.Check(!legible.Addressed(d.CertificateName.En), "certificate_en", "fault.name_address")
	if d.Lang == "" {
		d.Lang = i18n.Kyrgyz
	}
	return d, form.Err()
}

// tidyContact gives an address or a number as it is kept.
func tidyContact(field profile.Name, value string) (string, error) {
	if field == profile.Phone {
		return Phone(value)
	}
	return Email(value)
}

func atField(field string, err error) error {
	if f := fault.Of(err); f != nil {
		return fault.At(field, f.Key, f.Args)
	}
	return err
}

// printable tells text in which nothing was lost on the way.
func printable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl) && !strings.ContainsRune(s, utf8.RuneError)
}

// Email gives an address as it is kept: without what nobody sees, the domain in lower case.
func Email(s string) (string, error) {
	s, wrong := legible.Line(s)
	if wrong != nil {
		wrong.Field = "email"
		return "", wrong
	}
	if s == "" {
		return "", nil
	}
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s || len(s) > 254 || !printable(s) || strings.ContainsAny(s, " \"<>(),;:\\") {
		return "", fault.At("email", "fault.not_an_email")
	}
	i := strings.LastIndexByte(s, '@')
	local, domain := s[:i], strings.ToLower(s[i+1:])
	if len(local) > 64 || !strings.Contains(strings.Trim(domain, "."), ".") {
		return "", fault.At("email", "fault.not_an_email")
	}
	return local + "@" + domain, nil
}

// emailKey is what makes two addresses one person's. No provider in use tells
// capitals apart before the @, and phones write the first letter large.
func emailKey(address string) string { return strings.ToLower(address) }

// Phone gives a number as E.164; one without a country is of Kyrgyzstan.
func Phone(s string) (string, error) {
	number, wrong := phone.Parse(s)
	if wrong != nil && wrong.Key == "fault.required" {
		return "", nil
	}
	if wrong != nil {
		wrong.Field = "phone"
		return "", wrong
	}
	return number, nil
}
