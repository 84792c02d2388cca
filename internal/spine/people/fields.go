package people

import (
	"strconv"

	"platforma.kg/ashar/internal/spine/profile"
)

// Here alone a field of spine/profile meets the place in which a record keeps it. Who
// takes a person from a form, a table or another record goes over profile.Fields.

// text gives where a field is kept that is one text, nil for the others.
func (d *Details) text(field profile.Name) *string {
	switch field {
	case profile.FullName:
		return &d.FullName
	case profile.AddressAs:
		return &d.AddressAs
	case profile.Email:
		return &d.Email
	case profile.Phone:
		return &d.Phone
	case profile.Sex:
		return &d.Sex
	case profile.AgeBand:
		return &d.AgeBand
	case profile.City:
		return &d.City
	case profile.Village:
		return &d.Village
	case profile.Group:
		return &d.Group
	case profile.Level:
		return &d.Level
	case profile.Organisation:
		return &d.Organisation
	case profile.AccessNeeds:
		return &d.AccessNeeds
	case profile.Lang:
		return (*string)(&d.Lang)
	}
	return nil
}

// Get gives the values of a field as they are kept, none when it is empty.
func (d Details) Get(field profile.Name) []string {
	switch field {
	case profile.Languages:
		return d.Languages
	case profile.BirthYear:
		if d.BirthYear == 0 {
			return nil
		}
		return []string{strconv.Itoa(d.BirthYear)}
	}
	if at := d.text(field); at != nil && *at != "" {
		return []string{*at}
	}
	return nil
}

// First gives the single value of a field, empty when there is none.
func (d Details) First(field profile.Name) string {
	if v := d.Get(field); len(v) > 0 {
		return v[0]
	}
	return ""
}

// Set writes the values of a field, none to empty it. What is no year of birth becomes
// one that Tidy refuses at the field.
func (d *Details) Set(field profile.Name, values ...string) {
	first := ""
	if len(values) > 0 {
		first = values[0]
	}
	switch field {
	case profile.Languages:
		d.Languages = values
	case profile.BirthYear:
		d.BirthYear = 0
		if first != "" {
			var err error
			if d.BirthYear, err = strconv.Atoi(first); err != nil || d.BirthYear == 0 {
				d.BirthYear = -1
			}
		}
	default:
		if at := d.text(field); at != nil {
			*at = first
		}
	}
}
