package gallery

import (
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
)

// cities are the places of the charts.
var cities = []string{"osh", "naryn", "talas", "batken", "karakol"}

func sexes(r *web.Request) []kit.Series {
	return []kit.Series{{Label: r.Say.T("style.women"), Look: kit.Women}, {Label: r.Say.T("style.men"), Look: kit.Men}, {Label: r.Say.T("style.unsaid"), Look: kit.Undisclosed}}
}

func points(r *web.Request, values ...[]kit.Value) (out []kit.Point) {
	for i, v := range values {
		out = append(out, kit.Point{Label: r.Say.T("style.city." + cities[i]), Values: v})
	}
	return out
}

// months are points of a year; nil leaves them without a number.
func months(r *web.Request, series ...[]kit.Value) (out []kit.Point) {
	for i := range 12 {
		at := time.Date(2026, time.Month(1+i), 15, 0, 0, 0, 0, time.UTC)
		p := kit.Point{Label: i18n.Month(r.Lang, at), Short: i18n.MonthShort(r.Lang, at)}
		for _, s := range series {
			p.Values = append(p.Values, s[i])
		}
		out = append(out, p)
	}
	return out
}

func counts(list ...int) (out []kit.Value) {
	for _, n := range list {
		if n < 0 {
			out = append(out, kit.Value{})
		} else {
			out = append(out, kit.Count(n))
		}
	}
	return out
}

func charts(r *web.Request) []specimen {
	people, city, month := []kit.Series{{Label: r.Say.T("style.people")}}, r.Say.T("style.city"), r.Say.T("style.month")
	came := counts(22, 104, 149, -1, 160, 171, 190, 214, 214, 260, 301, 322)
	held := counts(12, 60, 80, -1, 90, -1, -1, 120, 121, 140, 170, 180)
	held[6], came[8] = kit.Hidden(), kit.Fewer(5)
	return []specimen{
		of("Bars", "style.state.some", kit.Bars(r, kit.Chart{ID: "bars", Title: r.Say.T("style.chart.bars"), Description: r.Say.T("style.chart.bars.text"), Label: city, Series: people, Points: []kit.Point{
			{Label: r.Say.T("style.city.osh"), Values: []kit.Value{kit.Count(1204)}, Paths: []string{pathOf("charts")}},
			{Label: r.Say.T("style.city.naryn"), Values: []kit.Value{kit.Count(38)}},
			{Label: r.Say.T("style.city.talas"), Values: []kit.Value{kit.Hidden()}},
			{Label: r.Say.T("style.city.batken"), Values: []kit.Value{kit.Fewer(5)}},
			{Label: r.Say.T("style.city.karakol"), Values: []kit.Value{kit.Count(0)}},
		}})),
		of("Bars", "style.state.series", kit.Bars(r, kit.Chart{ID: "bars-2", Title: r.Say.T("style.chart.bars"), Label: city, Series: sexes(r), Points: points(r, counts(24, 11, 1), counts(8, -1, 0))})),
		of("Bars", "style.state.below", kit.Bars(r, kit.Chart{ID: "bars-3", Title: r.Say.T("style.chart.change"), Label: city, Percent: true, Series: []kit.Series{{Label: r.Say.T("style.share")}}, Points: points(r, []kit.Value{kit.Known(.12)}, []kit.Value{kit.Known(-.04)})})),
		of("Bars", "style.state.empty", kit.Bars(r, kit.Chart{ID: "bars-4", Title: r.Say.T("style.chart.bars"), Label: city, Series: people})),
		of("Lines", "style.state.gap", kit.Lines(r, kit.Chart{ID: "lines", Title: r.Say.T("style.chart.lines"), Description: r.Say.T("style.chart.lines.text"), Label: month, Series: []kit.Series{{Label: r.Say.T("style.came")}, {Label: r.Say.T("style.applied")}}, Points: months(r, came, held)})),
		of("Lines", "style.state.many", kit.Lines(r, kit.Chart{ID: "lines-2", Title: r.Say.T("style.chart.lines"), Label: month, Series: people, Points: many()})),
		of("Proportion", "style.state.some", kit.Proportion(r, kit.Chart{ID: "parts", Title: r.Say.T("style.chart.parts"), Label: city, Series: sexes(r), Points: []kit.Point{
			{Label: r.Say.T("style.city.osh"), Values: counts(93, 51, 5)},
			{Label: r.Say.T("style.city.naryn"), Values: []kit.Value{kit.Count(31), kit.Hidden(), kit.Hidden()}, Whole: kit.Count(40)},
			{Label: r.Say.T("style.city.talas"), Values: []kit.Value{kit.Count(9), kit.Hidden(), kit.Count(1)}},
			{Label: r.Say.T("style.city.batken"), Values: counts(0, 0, 0)},
		}})),
	}
}

// many is a chart of more than a picture shows.
func many() (out []kit.Point) {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range kit.MostPoints + 1 {
		out = append(out, kit.Point{Label: start.AddDate(0, 0, i).Format(time.DateOnly), Values: []kit.Value{kit.Count(i * i % 17)}})
	}
	return out
}

func maps(r *web.Request) []specimen {
	at := [][4]float64{{240, 190, 252, 195}, {330, 120, 342, 125}, {150, 60, 162, 65}, {90, 210, 102, 215}, {440, 80, 452, 85}}
	values := []kit.Value{kit.Count(46), kit.Count(19), kit.Hidden(), kit.Count(3), kit.Count(0)}
	m := kit.Map{ID: "places", Title: r.Say.T("style.chart.map"), Label: r.Say.T("style.city"), Unit: r.Say.T("style.people"), Width: 560, Height: 260, Land: []kit.Ground{{Kind: "land", D: "M20 200L90 120L180 20L330 40L540 60L500 150L360 180L280 240L60 240Z"}, {Kind: "lake", D: "M380 70L470 62L480 78L400 90Z"}}}
	for i, c := range cities {
		m.Places = append(m.Places, kit.Place{Label: r.Say.T("style.city." + c), X: at[i][0], Y: at[i][1], LabelX: at[i][2], LabelY: at[i][3], Anchor: "start", Value: values[i]})
	}
	none := m
	none.ID, none.Places = "nowhere", nil
	return []specimen{
		of("PlacesMap", "style.state.some", kit.PlacesMap(r, m)),
		of("PlacesMap", "style.state.empty", kit.PlacesMap(r, none)),
		of("AreaPatterns", "style.state.all", areas(kit.AreaPatterns("area"))),
	}
}

func inTime(r *web.Request) []specimen {
	events := []kit.Event{
		{At: day.Add(-60 * 24 * time.Hour), What: r.Say.T("style.event.applied"), Who: r.Say.T("style.who.herself"), More: kit.Link{Path: pathOf("time"), Label: r.Say.T("style.event.more")}},
		{At: day.Add(-50 * 24 * time.Hour), What: r.Say.T("style.event.asked"), Who: r.Say.T("style.who.coordinator"), Kind: "wait"},
		{At: day.Add(-26 * time.Hour), What: r.Say.T("style.event.invited"), Who: r.Say.T("style.who.coordinator"), Why: r.Say.T("style.event.lot"), Kind: "good"},
		{At: day.Add(-24 * time.Hour), What: r.Say.T("style.event.undelivered"), Kind: "bad"},
		{At: day.Add(-23 * time.Hour), What: r.Say.T("style.event.confirmed"), Who: r.Say.T("style.who.herself"), Kind: "good"},
		{At: day, Day: true, What: r.Say.T("style.event.came"), Kind: "good"},
	}
	steps := []kit.Step{{Label: r.Say.T("style.step.who"), Path: pathOf("time")}, {Label: r.Say.T("style.step.contact"), Path: pathOf("time")}, {Label: r.Say.T("style.step.agree")}, {Label: r.Say.T("style.step.look")}}
	return []specimen{
		of("ShowTimeline", "style.state.latest", kit.ShowTimeline(r, kit.Timeline{Title: r.Say.T("style.event.title"), Events: events, Open: 3, Earlier: pathOf("time")})),
		of("ShowTimeline", "style.state.oldest", kit.ShowTimeline(r, kit.Timeline{Title: r.Say.T("style.event.title"), Events: events, Oldest: true})),
		of("Pager", "style.state.last", kit.Pager(r, pages(12))),
		of("Stepper", "style.state.first", kit.Stepper(r, steps, 0)),
		of("Stepper", "style.state.middle", kit.Stepper(r, steps, 2)),
		of("Stepper", "style.state.last", kit.Stepper(r, steps, 3)),
	}
}
