package people

import (
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/seal"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/ledger"
	"platforma.kg/ashar/internal/spine/profile"
)

// Details are what a person tells of herself. All may be empty except FullName.
type Details struct {
	FullName        string        `json:"name"`                   // whole, in the order the person writes it
	AddressAs       string        `json:"address_as,omitempty"`   // how to speak to her
	CertificateName i18n.Text     `json:"certificate,omitzero"`   // when it differs between languages
	Email           string        `json:"email,omitempty"`        // domain in lower case
	Phone           string        `json:"phone,omitempty"`        // E.164, +996555123456
	Sex             string        `json:"sex,omitempty"`          // a code, as those below that name one, of spine/profile
	BirthYear       int           `json:"birth_year,omitempty"`   // 0: not told
	AgeBand         string        `json:"age_band,omitempty"`     // a code, when the year is not told
	City            string        `json:"city,omitempty"`         // key of a city, or profile.Other
	Village         string        `json:"village,omitempty"`      // free
	Group           string        `json:"group,omitempty"`        // a code
	Level           string        `json:"level,omitempty"`        // a code, for deputies
	Organisation    string        `json:"organisation,omitempty"` // organisation, outlet or kenesh
	Languages       []string      `json:"languages,omitempty"`    // codes
	AccessNeeds     string        `json:"access_needs,omitempty"`
	Lang            i18n.Language `json:"lang,omitempty"`    // of messages to her
	Neutral         bool          `json:"neutral,omitempty"` // messages name neither programme nor subject
	Demo            bool          `json:"-"`                 // an invented person
}

// Person is a person as this room knows her.
type Person struct {
	ID storage.ID
	Details
	Subject      storage.ID // stands for her in the ledger
	TelegramChat int64      // 0: not connected
	Made         time.Time
	Changed      time.Time
	MergedInto   storage.ID // set when this record was a duplicate

	key seal.DataKey

	isNew   bool       // was registered in this transaction
	toProve storage.ID // of a new record: the contact of its address
}

// Seal is Service.Seal for who has read the person already.
func (p Person) Seal(plain []byte) []byte { return p.key.Seal(p.ID[:], fieldBox, plain) }

// Snapshot is Service.Snapshot for who has read the person already.
func (p Person) Snapshot(lists *profile.Lists, at time.Time) (storage.ID, ledger.Profile) {
	return p.Subject, ledger.Profile{Sex: p.Sex, AgeBand: p.Age(lists, at), City: p.City, Group: p.Group, Level: p.Level}
}

// Greeting is how to speak to the person.
func (d Details) Greeting() string {
	if d.AddressAs != "" {
		return d.AddressAs
	}
	return d.FullName
}

// Is reports whether details name the same person with the same contacts: folded name,
// e-mail and phone are equal.
func (p Person) Is(d Details) bool {
	return nameKey(p.FullName) == nameKey(d.FullName) && emailKey(p.Email) == emailKey(d.Email) && p.Phone == d.Phone
}

// NameOn is the name for a certificate in a language.
func (d Details) NameOn(l i18n.Language) string {
	if n := d.CertificateName.Exactly(l); n != "" {
		return n
	}
	return d.FullName
}

// Age gives the age band at a time, of the bands that hold on that day: from the year of
// birth when it is told, else from the band that the person chose. The year is that of a
// calendar in Bishkek. Empty: unknown, also when she chose a band of before and the bands
// of that day divide it.
func (d Details) Age(lists *profile.Lists, at time.Time) string {
	if d.BirthYear == 0 {
		return lists.BandOfBand(d.AgeBand, at)
	}
	return lists.BandOfYear(d.BirthYear, at)
}
