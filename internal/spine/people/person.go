package people

import (
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/seal"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/ledger"
)

// Details are what a person tells of herself. All may be empty except FullName.
type Details struct {
	FullName        string        `json:"name"`                   // whole, in the order the person writes it
	AddressAs       string        `json:"address_as,omitempty"`   // how to speak to her
	CertificateName i18n.Text     `json:"certificate,omitzero"`   // when it differs between languages
	Email           string        `json:"email,omitempty"`        // domain in lower case
	Phone           string        `json:"phone,omitempty"`        // E.164, +996555123456
	Sex             string        `json:"sex,omitempty"`          // female, male, undisclosed
	BirthYear       int           `json:"birth_year,omitempty"`   // 0: not told
	AgeBand         string        `json:"age_band,omitempty"`     // of AgeBands, when the year is not told
	City            string        `json:"city,omitempty"`         // key of a city, or "other"
	Village         string        `json:"village,omitempty"`      // free
	Group           string        `json:"group,omitempty"`        // of Groups
	Level           string        `json:"level,omitempty"`        // of Levels, for deputies
	Organisation    string        `json:"organisation,omitempty"` // organisation, outlet or kenesh
	Languages       []string      `json:"languages,omitempty"`
	AccessNeeds     string        `json:"access_needs,omitempty"`
	Lang            i18n.Language `json:"lang,omitempty"`    // of messages to her
	Neutral         bool          `json:"neutral,omitempty"` // messages name neither programme nor subject
	Demo            bool          `json:"-"`                 // an invented person
}

// OtherCity stands for every place that is not a city of the programme.
const OtherCity = "other"

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
func (p Person) Snapshot(at time.Time) (storage.ID, ledger.Profile) {
	return p.Subject, ledger.Profile{Sex: p.Sex, AgeBand: p.Age(at), City: p.City, Group: p.Group, Level: p.Level}
}

// The words a person may choose from.
var (
	Sexes     = []string{"female", "male", "undisclosed"}
	AgeBands  = []string{"14-17", "18-24", "25-34", "35-44", "45-59", "60+"}
	Groups    = []string{"deputies", "activists", "media", "other"}
	Levels    = []string{"jogorku", "city", "village"}
	Languages = []string{"ky", "ru", "en", "uz", "tg", "dng", "other"}
)

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

// Age gives the age band at a time: from the year of birth when it is told,
// else as the person chose it. The year is that of a calendar in Bishkek. Empty: unknown.
func (d Details) Age(at time.Time) string {
	if d.BirthYear == 0 {
		return d.AgeBand
	}
	return bandOf(at.In(i18n.Bishkek()).Year() - d.BirthYear)
}

func bandOf(age int) string {
	switch {
	case age < 18:
		return AgeBands[0]
	case age < 25:
		return AgeBands[1]
	case age < 35:
		return AgeBands[2]
	case age < 45:
		return AgeBands[3]
	case age < 60:
		return AgeBands[4]
	}
	return AgeBands[5]
}
