package messages

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme"
)

// Each reads what was and what is in her own language, also after the message was sealed.
func TestAMoveIsSaidInTheLanguageOfTheReader(t *testing.T) {
	t.Parallel()
	starts := time.Date(2026, 12, 5, 4, 0, 0, 0, time.UTC)
	was := programme.Meeting{Starts: starts, Ends: starts.Add(7 * time.Hour), City: "osh", Venue: i18n.Text{Ky: "Китепкана", Ru: "Библиотека", En: "Library"}}
	catalogue, err := i18n.Load(programme.Texts(), profile.Texts())
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []struct {
		change    func(*programme.Meeting)
		l         i18n.Language
		was, now  string
		neverSaid string
	}{
		{func(m *programme.Meeting) { m.Venue = i18n.Text{Ky: "Мектеп", Ru: "Школа", En: "School"} }, i18n.Russian, "Библиотека", "5 декабря 2026 г., 10:00–17:00; Школа", "Китепкана"},
		{func(m *programme.Meeting) { m.Venue = i18n.Text{Ky: "Мектеп", Ru: "Школа", En: "School"} }, i18n.Kyrgyz, "Китепкана", "2026-жылдын 5-декабры, 10:00–17:00; Мектеп", "Школа"},
		{func(m *programme.Meeting) { m.Ends = m.Ends.Add(9 * time.Hour) }, i18n.English, "5 December 2026, 10:00–17:00", "5 December 2026, 10:00 – 6 December 2026, 02:00; Library", "Библиотека"},
		{func(m *programme.Meeting) { m.Online = true }, i18n.English, "Library", "5 December 2026, 10:00–17:00; Online", "Osh"},
		{func(m *programme.Meeting) { m.Starts, m.Ends = time.Time{}, time.Time{} }, i18n.English, "5 December 2026, 10:00–17:00", "no day yet; Library", "1 January"},
		{func(m *programme.Meeting) { m.City = "naryn" }, i18n.English, "Library; Osh", "5 December 2026, 10:00–17:00; Library; Naryn", "Ош"},
	} {
		is := was
		v.change(&is)
		old, now := Moved(programme.Move{Was: was, Is: is}, nil)
		raw, err := json.Marshal(content{Args: encodeArgs(map[string]any{"was": old, "now": now})})
		if err != nil {
			t.Fatal(err)
		}
		c, err := decodeContent(raw)
		if err != nil {
			t.Fatal(err)
		}
		args := argsIn(c.Args, catalogue.Printer(v.l))
		if args["was"] != v.was || args["now"] != v.now {
			t.Errorf("%s: was %q, now %q; want %q, %q", v.l, args["was"], args["now"], v.was, v.now)
		}
		if said, _ := args["now"].(string); strings.Contains(said, v.neverSaid) {
			t.Errorf("%s reads %q", v.l, said)
		}
	}
}
