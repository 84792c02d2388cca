package people

import (
	"net/mail"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/legible"
	"platforma.kg/ashar/internal/foundation/phone"
)

// Longest inputs, in letters.
const (
	maxName = 120
	maxLine = 200
	maxText = 1000
)

// Tidy gives the details as they are kept: names in one Unicode form without
// stray spaces, e-mail with the domain in lower case, phone as E.164. The fault
// has one entry for each wrong field, named as in the JSON of Details.
func Tidy(d Details, now time.Time) (Details, error) {
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
	line("name", &d.FullName, maxName)
	form.Check(strings.ContainsFunc(d.FullName, unicode.IsLetter), "name", "fault.not_a_name")
	line("address_as", &d.AddressAs, maxName)
	line("certificate_ky", &d.CertificateName.Ky, maxName)
	line("certificate_ru", &d.CertificateName.Ru, maxName)
	line("certificate_en", &d.CertificateName.En, maxName)
	line("village", &d.Village, maxLine)
	line("organisation", &d.Organisation, maxLine)
	line("access_needs", &d.AccessNeeds, maxText)
	line("city", &d.City, 64)

	var err error
	if d.Email, err = Email(d.Email); form.Join(at("email", err)) != nil {
		return d, err
	}
	if d.Phone, err = Phone(d.Phone); form.Join(at("phone", err)) != nil {
		return d, err
	}
	choice := func(field, v string, of []string) {
		form.Check(v == "" || slices.Contains(of, v), field, "fault.not_a_choice")
	}
	choice("sex", d.Sex, Sexes)
	choice("age_band", d.AgeBand, AgeBands)
	choice("group", d.Group, Groups)
	choice("level", d.Level, Levels)
	for _, l := range d.Languages {
		choice("languages", l, Languages)
	}
	form.Check(d.BirthYear == 0 || (d.BirthYear >= 1900 && d.BirthYear <= now.Year()-10), "birth_year", "fault.not_a_year")
	if d.Lang == "" {
		d.Lang = i18n.Kyrgyz
	}
	if _, ok := i18n.Parse(string(d.Lang)); !ok {
		form.Add("lang", "fault.not_a_choice")
	}
	return d, form.Err()
}

func at(field string, err error) error {
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
