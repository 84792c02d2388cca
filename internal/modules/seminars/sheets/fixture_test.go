package sheets

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/people/peopletest"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/plan"
	"platforma.kg/ashar/internal/spine/programme/programmetest"
)

// words are the texts of the house that stand on sheets.
func words(t testing.TB) func(i18n.Language) *i18n.Printer {
	t.Helper()
	c, err := i18n.Load(os.DirFS("text"), os.DirFS("../pages/text"), os.DirFS("../../../spine/people/text"), os.DirFS("../../../spine/forms/text"), profile.Texts())
	if err != nil {
		t.Fatal(err)
	}
	return c.Printer
}

// room is the module with the demo's programme, on one engine.
type room struct {
	t     *testing.T
	s     *storage.Store
	clock *storagetest.Clock
	m     *Module
	table access.Table
	osh   programme.Activity // published, in Osh, ahead
	other programme.Activity // in another city
}

func rooms(t *testing.T, f func(v *room)) {
	t.Helper()
	storagetest.EachAt(t, programmetest.Noon, func(t *testing.T, s *storage.Store, clock *storagetest.Clock) {
		keys := peopletest.Keys(t)
		v := &room{t: t, s: s, clock: clock, table: access.Table{}}
		p := people.New(people.Options{Keys: keys, Store: s, PublicURL: "https://ashar.example", EraseWait: time.Second})
		v.m = &Module{Service: &seats.Service{Store: s, People: p, Keys: keys, PublicURL: "https://ashar.example"}, Words: words(t)}
		v.table[seats.MaySelect] = []access.Role{access.Coordinator, access.Admin}
		v.table[seats.MaySetUp] = []access.Role{access.Coordinator, access.Admin}
		file := programmetest.Load(t)
		v.must(func(ctx context.Context, tx *storage.Tx) error {
			if _, err := plan.Import(ctx, tx, file, false); err != nil {
				return err
			}
			list, err := programme.All(ctx, tx, programme.Filter{Kind: programme.Seminar, State: programme.Published, From: tx.Now})
			for _, a := range list {
				if a.City == "osh" && v.osh.ID.IsZero() {
					v.osh = a
				}
				if a.City != "" && a.City != "osh" {
					v.other = a
				}
			}
			if err != nil {
				return err
			}
			_, err = tx.Exec(ctx, `UPDATE activity SET capacity = 600`)
			return err
		})
		if v.osh.ID.IsZero() || v.other.ID.IsZero() {
			t.Fatal("the demo has no seminar ahead in Osh, or none elsewhere")
		}
		f(v)
	})
}

func (v *room) must(f func(ctx context.Context, tx *storage.Tx) error) {
	v.t.Helper()
	peopletest.Write(v.t, v.s, f)
}

func (v *room) try(f func(ctx context.Context, tx *storage.Tx) error) error {
	v.t.Helper()
	return peopletest.Try(v.t, v.s, f)
}

// staff is somebody with a role.
func (v *room) staff(role access.Role, at access.Scope) access.Actor {
	v.t.Helper()
	return access.Actor{
		Person: peopletest.Register(v.t, v.s, v.m.People, people.Details{FullName: "Кызматкер " + string(role)}).ID, Origin: access.OfPasskey, Proven: v.clock.Now(),
		Grants: []access.Grant{{Role: role, Scope: at}}, Table: v.table,
	}
}

// seat gives people seats of an activity in a state, without what moves send.
func (v *room) seat(a programme.Activity, state seats.State, list ...people.Details) (apps []seats.Application) {
	v.t.Helper()
	v.must(func(ctx context.Context, tx *storage.Tx) error {
		apps = nil
		for _, d := range list {
			p, err := v.m.People.Register(ctx, tx, d)
			if err != nil {
				return err
			}
			id := tx.NewID()
			if _, err := tx.Exec(ctx, `INSERT INTO application (id, activity_id, person_id, state, place, expires_at, reconfirm, answers, facts, version, made_at, changed_at, proven_at, held_until)
				VALUES ($1, $2, $3, $4, 0, 0, '', $5, 0, 1, $6, $6, $6, 0)`, id, a.ID, p.ID, string(state), p.Seal([]byte(`{}`)), storage.Micros(tx.Now)); err != nil {
				return err
			}
			app, err := seats.ApplicationByID(ctx, tx, id)
			if err != nil {
				return err
			}
			apps = append(apps, app)
		}
		return nil
	})
	return apps
}

// read reads the roll of an activity for an actor.
func (v *room) read(actor access.Actor, a programme.Activity) (out roll, err error) {
	v.t.Helper()
	err = v.try(func(ctx context.Context, tx *storage.Tx) (err error) {
		out, err = v.m.read(ctx, tx, actor, a.Slug)
		return err
	})
	return out, err
}

// drawingOf draws a roll in a language.
func drawingOf(words func(i18n.Language) *i18n.Printer, v roll, ask Ask) *drawing {
	return &drawing{roll: v, Ask: ask, say: words(ask.Lang), base: "https://ashar.example"}
}

var day = time.Date(2026, 11, 28, 3, 30, 0, 0, time.UTC) // 09:30 in Bishkek

// invented is a roll of so many people, with those of hostile names among them.
func invented(count, days int, more ...people.Details) roll {
	v := roll{
		Activity: programme.Activity{
			ID: storage.ID{1}, Slug: "naryn-activists", Kind: programme.Seminar, State: programme.Published, City: "naryn", Starts: day, Ends: day.AddDate(0, 0, days-1).Add(8 * time.Hour),
			Title:   i18n.Text{Ky: "Нарын: жарандык активисттер үчүн семинар", Ru: "Нарын: семинар для гражданских активистов", En: "Naryn: seminar for civic activists"},
			Summary: i18n.Text{Ky: "Бир күндүк семинар", Ru: "Однодневный семинар", En: "A seminar of one day"},
			Venue:   i18n.Text{Ky: "Жаштар борбору", Ru: "Молодёжный центр", En: "Youth centre"},
		},
		Amounts: Amounts{Day: 1500, City: map[string]int64{"osh": 2400, "naryn": 0}, Own: map[storage.ID]int64{}, Version: 1},
		By:      people.Details{FullName: "Жылдыз Абдырахманова"}, At: day.Add(-24 * time.Hour),
	}
	v.Programme.Name = i18n.Text{Ky: "Жарандык лидерлик мектеби", Ru: "Школа гражданского лидерства", En: "School of civic leadership"}
	v.Programme.Organiser = i18n.Text{Ky: "Жарандык платформа", Ru: "Гражданская платформа", En: "Civic Platform"}
	v.Days = seats.DaysOf(v.Activity, MostDays)
	names := []string{"Алчаева Нурзада", "Өмүралиева Гүлкайыр", "Бүлдүркөнов Эмил", "Жаңгакова Рахат", "Үсөнова Ырыс"}
	for i := range count {
		more = append(more, people.Details{
			FullName: fmt.Sprintf("%s %d", names[i%len(names)], i), Sex: []string{"female", "male", "undisclosed", ""}[i%4], City: []string{"osh", "naryn", "other", ""}[i%4], Village: "Кочкор",
			Organisation: "«Айыл үнү» коомдук бирикмеси", Email: fmt.Sprintf("canary%d@example.kg", i), Phone: "+996555987123",
		})
	}
	wording := i18n.Text{Ky: "Менин сүрөтүм жарыяланат", Ru: "Мои фото публикуются", En: "Photos of me are published"}
	for i, d := range more {
		serial := seats.Serial(1000 + 7919*i)
		g := guest{Applicant: seats.Applicant{Application: seats.Application{ID: storage.ID{2, byte(i >> 8), byte(i)}, Person: storage.ID{3, byte(i >> 8), byte(i)}, State: []seats.State{seats.Confirmed, seats.Invited, seats.Attended}[i%3]}, Details: d}}
		if g.State != seats.Invited {
			g.Serial = &serial
		}
		if g.State == seats.Attended {
			g.Came = 1 + i%days
		}
		if i%3 > 0 {
			g.Answered, g.Photo = true, people.Consent{Given: i%3 == 1, Wording: wording, Lang: i18n.Languages[i%3], At: day.AddDate(0, 0, -20)}
		}
		g.OnBadge = i%2 == 0
		v.Guests = append(v.Guests, g)
	}
	v.Hosts = []host{{Person: storage.ID{4}, Details: people.Details{FullName: "Кожогатова Нурайым"}, Role: access.Facilitator}, {Person: storage.ID{5}, Details: people.Details{FullName: "Асан уулу Бакыт"}, Role: access.Speaker}}
	return v
}

// hostile are names that no printer expects.
var hostile = []people.Details{
	{FullName: "Өтөузункызы Абдырахмановатоктогуловасыдыковабекболотоважаныбекова-Кочкорбаева Гүлкайыргүл Токтогулмашкызы Ысыккөлдөн келген", Organisation: "Ысык-Көл облусунун Ак-Суу районундагы айыл өкмөтүнүн алдындагы жаштар жана аялдар үчүн окуу-маалымат борборунун коомдук бирикмеси"},
	{FullName: "Айгүл 😀👩‍👩‍👧", Organisation: "🌸"},
	{FullName: "فاطمة الزهراء", City: "osh", Organisation: "مركز"},
	{FullName: "Ы"},
	{FullName: "\u200b\u200b"},
	{FullName: "龍"},
	{FullName: strings.Repeat("Ы", 400), Organisation: strings.Repeat("Уюм ", 100)},
	{FullName: strings.Repeat("Узун ат ", 60), AddressAs: strings.Repeat("Аты", 50)},
	{FullName: "<b>Бекова</b> & \"Асел\"", AddressAs: "Асел"},
	{FullName: "Д'Артаньян-Жээнбекова Çağlar", AddressAs: "Чагы эже"},
}
