package pages

import (
	"net/url"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme/lists"
	"platforma.kg/ashar/internal/spine/programme/public"
	"platforma.kg/ashar/internal/spine/programme/writing"
)

// A map that is pressed has a width in pixels that never gives way, for where it was pressed
// is told in pixels: one for telephones, another where there is room.
const (
	narrowMap = 256
	wideMap   = 608
)

// pictureField is the name of the input of a map: a browser sends NAME.x and NAME.y.
func pictureField(width int) string { return "point_" + strconv.Itoa(width) }

func pictureClass(m public.Picture) string {
	if m.Width == narrowMap {
		return "narrow"
	}
	return "wide"
}

// pressedMap tells which map was pressed.
func pressedMap(v url.Values) (width int, is bool) {
	for _, width := range []int{narrowMap, wideMap} {
		if v.Has(pictureField(width) + ".x") {
			return width, true
		}
	}
	return 0, false
}

// pressed puts the place that was pressed into the form, with its region where none was
// chosen. All else stays as it was typed; what may stand there judges the use case.
func (p entryPage) pressed(v url.Values, width int) entryPage {
	p.Form.Values, p.Pressed = v, "programme.lists.point.missed"
	name := pictureField(width)
	lat, lon, ok := public.PointAt(width, v.Get(name+".x"), v.Get(name+".y"))
	if !ok {
		return p
	}
	v.Set("lat", degrees(lat))
	v.Set("lon", degrees(lon))
	if p.Pressed = "programme.lists.point.pressed"; strings.TrimSpace(v.Get("iso")) == "" {
		v.Set("iso", public.RegionAt(lat, lon))
	}
	return p
}

// pictures are the maps of the page, with the place that stands in the form.
func (p entryPage) pictures(r *web.Request) (out []public.Picture) {
	var cities []profile.Entry
	for _, c := range p.Lists.Cities() {
		if c.Code != p.Entry.Code {
			cities = append(cities, c)
		}
	}
	lat, lon := readDegrees(p.Form.Get("lat")), readDegrees(p.Form.Get("lon"))
	if lat >= profile.South && lat <= profile.North && lon >= profile.West && lon <= profile.East {
		here := profile.Entry{Code: hereCode, Lat: lat, Lon: lon}
		here.Now.Name = nameTyped(p.Form.Values)
		cities = append(cities, here)
	}
	for _, width := range []int{narrowMap, wideMap} {
		out = append(out, public.PictureOf(r.Lang, width, cities, hereCode))
	}
	return out
}

// hereCode is the code of the place that is written on the page: no city has it.
const hereCode = "+"

// saves are the words of the button that saves.
func (p entryPage) saves(r *web.Request) string {
	if p.New {
		return r.Say.T("programme.lists.add")
	}
	return r.Say.T("programme.plan.save")
}

// nameTyped is the last name in a form, by which the place is called on the map.
func nameTyped(v url.Values) (name i18n.Text) {
	for i := range namesOf(v) {
		if n := writing.Read(v, lists.NameField(i)); n != (i18n.Text{}) {
			name = n
		}
	}
	return name
}
