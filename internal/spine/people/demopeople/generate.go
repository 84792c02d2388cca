package demopeople

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/profile"
)

// Nowhere is the host to which the demo's mail cannot be delivered, so that staff see what
// becomes of a letter to an address that is wrong.
const Nowhere = "nowhere.invalid"

// Generate invents n people as of a year, the same for the same seed.
func Generate(n int, seed uint64, year int) []people.Details {
	g := generator{rnd: rand.New(rand.NewPCG(seed, 0x6173686172)), year: year, mails: map[string]bool{}}
	out := make([]people.Details, n)
	for i := range out {
		out[i] = g.person(i)
	}
	return out
}

// Members invents n members of the parliament, mostly women: those whom the
// seminar without public application invites by name.
func Members(n int, seed uint64, year int) []people.Details {
	g := generator{rnd: rand.New(rand.NewPCG(seed, 0x6b656e657368)), year: year, mails: map[string]bool{}}
	out := make([]people.Details, n)
	for i := range out {
		f := &kyrgyz
		switch g.rnd.IntN(10) {
		case 0:
			f = &russian
		case 1:
			f = &uzbek
		}
		woman := g.chance(80)
		m := g.name(f, woman)
		d := people.Details{
			FullName: m.full, AddressAs: m.address, Sex: profile.Male, City: "bishkek", Group: profile.Deputies, Level: profile.Parliament,
			Phone: fmt.Sprintf("+996543001%03d", i%1000), Email: g.mail(m), Lang: i18n.Kyrgyz, Languages: f.languages,
			BirthYear: year - 34 - g.rnd.IntN(30), Neutral: g.chance(40), Demo: true,
		}
		if woman {
			d.Sex = profile.Female
		}
		if f != &kyrgyz || g.chance(25) {
			d.Lang = i18n.Russian
		}
		d.Email = strings.Replace(d.Email, "@", ".jk@", 1)
		out[i] = d
	}
	return out
}

type generator struct {
	rnd   *rand.Rand
	year  int
	mails map[string]bool
}

func (g *generator) chance(percent int) bool { return g.rnd.IntN(100) < percent }

func (g *generator) pick(list []string) string { return list[g.rnd.IntN(len(list))] }

func (g *generator) person(i int) people.Details {
	p := g.place()
	f := g.folk(p)
	woman := g.chance(63)
	n := g.name(f, woman)
	d := people.Details{
		FullName: n.full, AddressAs: n.address, City: p.key, Sex: profile.Male, Demo: true,
		Phone: fmt.Sprintf("+996543000%03d", i%1000), Neutral: g.chance(6),
	}
	if woman {
		d.Sex = profile.Female
	}
	if g.chance(2) {
		d.Sex = profile.Undisclosed
	}
	if g.chance(p.rural) {
		d.Village = g.pick(p.villages)
	}
	g.group(&d, p)
	g.age(&d)
	g.language(&d, f, p)
	if g.chance(72) {
		d.Email = g.mail(n)
	}
	if g.chance(18) {
		d.CertificateName = i18n.Text{Ky: n.short, Ru: n.short, En: latin(n.short)}
	}
	if g.chance(3) {
		d.AccessNeeds = g.pick(needs[string(d.Lang)])
	}
	return d
}

func (g *generator) place() place {
	at := g.rnd.IntN(100)
	for _, p := range places {
		if at -= p.weight; at < 0 {
			return p
		}
	}
	return places[0]
}

func (g *generator) folk(p place) *folk {
	at := g.rnd.IntN(100)
	for _, s := range p.folks {
		if at -= s.weight; at < 0 {
			return s.of
		}
	}
	return p.folks[0].of
}

// name is one person's name in the forms that are needed.
type name struct {
	full    string // as in the documents
	short   string // as on a certificate
	address string
	given   string
	family  string
}

func (g *generator) name(f *folk, woman bool) name {
	given := g.pick(f.men)
	if woman {
		given = g.pick(f.women)
	}
	father := g.pick(f.fathers)
	n := name{given: given, family: familyOf(g.pick(f.families), woman), address: given}
	form := g.rnd.IntN(100)
	if f.alwaysFamilies {
		form = form * 55 / 100
	}
	if f != &kyrgyz && form >= 80 && form < 91 { // тегин and a grandfather's name are Kyrgyz
		form = 40
	}
	child := "уулу"
	if woman {
		child = "кызы"
	}
	switch {
	case form < 32: // Асанова Айгүл Бакытовна
		n.full = n.family + " " + given + " " + patronymic(father, woman)
		if g.chance(60) {
			n.address = given + " " + patronymic(father, woman)
		}
	case form < 55: // Айгүл Асанова
		n.full = given + " " + n.family
	case form < 74: // Асан кызы Айгүл
		n.family = father
		n.full = father + " " + child + " " + given
	case form < 80: // Айгүл Асан кызы
		n.family = father
		n.full = given + " " + father + " " + child
	case form < 86: // Айгүл Жапартегин
		n.family = g.pick(grandfathers)
		n.full = n.family + "тегин " + given
	case form < 91: // Айгүл Токтогул
		n.family = g.pick(grandfathers)
		n.full = given + " " + n.family
	case form < 93: // one name alone
		n.family = ""
		n.full = given
	case form < 97: // written in Latin letters
		n.full, n.address = latin(given+" "+n.family), latin(given)
	default:
		n.full = n.family + " " + given
	}
	n.short = n.full
	if strings.Contains(n.full, patronymic(father, woman)) {
		n.short = given + " " + n.family
	}
	if f == &kyrgyz && n.address == given && g.chance(25) {
		switch {
		case woman:
			n.address = given + " эже"
		case g.chance(50):
			n.address = given + " байке"
		default:
			n.address = given + " агай"
		}
	}
	return n
}

func (g *generator) group(d *people.Details, p place) {
	switch at := g.rnd.IntN(100); {
	case at < 54:
		d.Group = profile.Activists
		if g.chance(70) {
			d.Organisation = g.pick(organisations)
		}
	case at < 80:
		d.Group, d.Organisation = profile.Media, g.pick(outlets)
	case at < 95:
		d.Group, d.Level = profile.Deputies, profile.CityKenesh
		if d.Village != "" || g.chance(50) {
			if d.Village == "" {
				d.Village = g.pick(p.villages)
			}
			d.Level = profile.VillageKenesh
			d.Organisation = d.Village + " айылдык кеңеши"
		}
	default:
		d.Group = profile.Other
	}
}

func (g *generator) age(d *people.Details) {
	// The mean of three throws leans to the middle, as the groups do.
	low, high := 18, 62
	switch d.Group {
	case profile.Deputies:
		low, high = 27, 66
	case profile.Media:
		low, high = 19, 55
	}
	age := low + (g.rnd.IntN(high-low+1)+g.rnd.IntN(high-low+1)+g.rnd.IntN((high-low)/2+1))*2/5
	if g.chance(14) {
		d.AgeBand = (*profile.Lists)(nil).BandOfAge(age, time.Time{})
		return
	}
	d.BirthYear = g.year - age
}

func (g *generator) language(d *people.Details, f *folk, p place) {
	d.Lang = i18n.Russian
	if f == &kyrgyz && !g.chance(p.russian) || f == &uzbek && g.chance(45) {
		d.Lang = i18n.Kyrgyz
	}
	if g.chance(1) {
		d.Lang = i18n.English
	}
	d.Languages = append([]string(nil), f.languages...)
	if f == &kyrgyz && g.chance(18) { // speaks no Russian, or hardly
		d.Languages = []string{"ky"}
		if d.Lang == i18n.Russian {
			d.Lang = i18n.Kyrgyz
		}
	}
	if f.alwaysFamilies && g.chance(35) {
		d.Languages = append(d.Languages, "ky")
	}
	if g.chance(16) || d.Lang == i18n.English {
		d.Languages = append(d.Languages, "en")
	}
}

// mail invents an address that nobody has had yet.
func (g *generator) mail(n name) string {
	given, family := strings.ToLower(latin(n.given)), strings.ToLower(latin(n.family))
	base := given
	if family != "" {
		base = []string{given + "." + family, given[:1] + "." + family, family + "." + given, family + given[:1]}[g.rnd.IntN(4)]
	}
	mail := base + "@example.org"
	for g.mails[mail] {
		mail = fmt.Sprintf("%s%02d@example.org", base, g.rnd.IntN(100))
	}
	g.mails[mail] = true
	return mail
}
