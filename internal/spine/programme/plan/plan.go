package plan

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme"
)

//go:embed demo/programme.yaml
var demoFile []byte

// DemoFile is the programme that `ashar demo` opens, in the format of Load.
func DemoFile() []byte { return demoFile }

// Plan is a programme as a file describes it, with every date worked out.
type Plan struct {
	Programme  programme.Programme
	Cities     []profile.Entry // that the file declares and the house does not have yet
	Templates  []programme.Template
	Activities []programme.Activity // Template is empty; TemplateKey names it
}

// common is what a template and an activity may both say.
type common struct {
	Kind           string    `yaml:"kind"`
	Group          string    `yaml:"group"`
	Languages      []string  `yaml:"languages"`
	Capacity       int       `yaml:"capacity"`
	Online         bool      `yaml:"online"`
	InvitationOnly bool      `yaml:"invitation_only"`
	Title          i18n.Text `yaml:"title"`
	Summary        i18n.Text `yaml:"summary"`
	Description    i18n.Text `yaml:"description"`
	Gain           i18n.Text `yaml:"gain"`
	Directions     i18n.Text `yaml:"directions"`
	Hours          string    `yaml:"hours"`
	Apply          struct {
		Opens    int `yaml:"opens"`    // days before
		Deadline int `yaml:"deadline"` // days before
	} `yaml:"apply"`
	Agenda []programme.Session `yaml:"agenda"`
}

type copyRow struct {
	Key         string    `yaml:"key"`
	City        string    `yaml:"city"`
	Day         string    `yaml:"day"`
	Hours       string    `yaml:"hours"`
	Venue       i18n.Text `yaml:"venue"`
	Address     i18n.Text `yaml:"address"`
	Subject     i18n.Text `yaml:"subject"`
	Facilitator int       `yaml:"facilitator"`
	Capacity    int       `yaml:"capacity"`
	line        int
}

// UnmarshalYAML keeps the line, for messages.
func (c *copyRow) UnmarshalYAML(n *yaml.Node) error {
	type plain copyRow
	if err := n.Decode((*plain)(c)); err != nil {
		return err
	}
	c.line = n.Line
	return nil
}

type templateFile struct {
	common `yaml:",inline"`
	Key    string    `yaml:"key"`
	Copies []copyRow `yaml:"copies"`
	line   int
}

// UnmarshalYAML keeps the line, for messages.
func (t *templateFile) UnmarshalYAML(n *yaml.Node) error {
	type plain templateFile
	if err := n.Decode((*plain)(t)); err != nil {
		return err
	}
	t.line = n.Line
	return nil
}

type activityFile struct {
	common  `yaml:",inline"`
	Slug    string    `yaml:"slug"`
	City    string    `yaml:"city"`
	Day     string    `yaml:"day"`
	Venue   i18n.Text `yaml:"venue"`
	Address i18n.Text `yaml:"address"`
	line    int
}

// UnmarshalYAML keeps the line, for messages.
func (a *activityFile) UnmarshalYAML(n *yaml.Node) error {
	type plain activityFile
	if err := n.Decode((*plain)(a)); err != nil {
		return err
	}
	a.line = n.Line
	return nil
}

type planFile struct {
	Programme  programme.Programme `yaml:"programme"`
	Cities     []cityFile          `yaml:"cities"`
	Templates  []templateFile      `yaml:"templates"`
	Activities []activityFile      `yaml:"activities"`
}

// Problem is one thing that is wrong with a file.
type Problem struct {
	Line int // 0 when it concerns the whole
	Text string
}

// Problems are all that is wrong with a file.
type Problems []Problem

// Error lists the problems, one a line.
func (p Problems) Error() string {
	var b strings.Builder
	for i, one := range p {
		if i > 0 {
			b.WriteByte('\n')
		}
		if one.Line > 0 {
			fmt.Fprintf(&b, "line %d: ", one.Line)
		}
		b.WriteString(one.Text)
	}
	return b.String()
}

func (p *Problems) add(line int, format string, args ...any) {
	*p = append(*p, Problem{line, fmt.Sprintf(format, args...)})
}

// Load reads a programme file. Days given as a number are counted from now, in
// the zone of Bishkek. Its cities and groups are those with which a house begins, and
// those that it declares. The error is of type Problems when the file is wrong.
func Load(file []byte, now time.Time) (Plan, error) { return LoadIn(nil, file, now) }

// LoadIn is Load for a house with these lists.
func LoadIn(lists *profile.Lists, file []byte, now time.Time) (Plan, error) {
	if len(file) > 4<<20 {
		return Plan{}, Problems{{0, "the file is larger than 4 MiB"}}
	}
	var problems Problems
	file, root := legibleYAML(file, &problems)
	if len(problems) > 0 {
		return Plan{}, problems
	}
	var f planFile
	// Unknown names are found apart: inline parts with their own decoder do not report them.
	if root.Kind != 0 {
		if err := root.Decode(&f); err != nil {
			return Plan{}, yamlProblems(err)
		}
	}
	unknownNames(file, &problems)
	plan := Plan{Programme: f.Programme}
	plan.Cities, lists = f.declared(lists, &problems)
	f.check(lists, &problems)
	for _, t := range f.Templates {
		for _, b := range t.template().Bounds() {
			problems.add(t.line, "template %s: %s", t.Key, b.Words)
		}
	}
	today := now.In(programme.Bishkek)
	today = time.Date(today.Year(), today.Month(), today.Day(), 0, 0, 0, 0, programme.Bishkek)
	slugs := map[string]int{}
	add := func(a programme.Activity, line int) {
		if first, twice := slugs[a.Slug]; twice {
			problems.add(line, "the address %q is taken by line %d", a.Slug, first)
		}
		slugs[a.Slug] = line
		a.Line = line
		plan.Activities = append(plan.Activities, a)
	}
	for _, t := range f.Templates {
		plan.Templates = append(plan.Templates, t.template())
		for _, row := range t.Copies {
			if a, ok := t.copy(lists, row, today, now, &problems); ok {
				add(a, row.line)
			}
		}
	}
	for _, one := range f.Activities {
		if a, ok := one.activity(lists, today, &problems); ok {
			add(a, one.line)
		}
	}
	if len(problems) > 0 {
		return Plan{}, problems
	}
	return plan, nil
}

var yamlLine = regexp.MustCompile(`^(?:yaml: )?line (\d+): (.*)$`)

// yamlProblems turns the decoder's error into problems with lines.
func yamlProblems(err error) Problems {
	var out Problems
	texts := []string{err.Error()}
	var types *yaml.TypeError
	if errors.As(err, &types) {
		texts = types.Errors
	}
	for _, t := range texts {
		if m := yamlLine.FindStringSubmatch(t); m != nil {
			line, _ := strconv.Atoi(m[1])
			out.add(line, "%s", m[2])
		} else {
			out.add(0, "%s", strings.TrimPrefix(t, "yaml: "))
		}
	}
	return out
}

// unknownNames finds names that the format does not have: a typing error must
// not silently drop what somebody wrote.
func unknownNames(file []byte, problems *Problems) {
	dec := yaml.NewDecoder(bytes.NewReader(file))
	dec.KnownFields(true)
	// Shadow types without decoders of their own, so that the strict decoder sees every name.
	type template struct {
		common `yaml:",inline"`
		Key    string `yaml:"key"`
		Copies []struct {
			Key         string    `yaml:"key"`
			City        string    `yaml:"city"`
			Day         string    `yaml:"day"`
			Hours       string    `yaml:"hours"`
			Venue       i18n.Text `yaml:"venue"`
			Address     i18n.Text `yaml:"address"`
			Subject     i18n.Text `yaml:"subject"`
			Facilitator int       `yaml:"facilitator"`
			Capacity    int       `yaml:"capacity"`
		} `yaml:"copies"`
	}
	type activity struct {
		common  `yaml:",inline"`
		Slug    string    `yaml:"slug"`
		City    string    `yaml:"city"`
		Day     string    `yaml:"day"`
		Venue   i18n.Text `yaml:"venue"`
		Address i18n.Text `yaml:"address"`
	}
	var strict struct {
		Programme  programme.Programme `yaml:"programme"`
		Cities     []cityFile          `yaml:"cities"`
		Templates  []template          `yaml:"templates"`
		Activities []activity          `yaml:"activities"`
	}
	if err := dec.Decode(&strict); err != nil && !errors.Is(err, io.EOF) {
		*problems = append(*problems, yamlProblems(err)...)
	}
}

func (f *planFile) check(lists *profile.Lists, problems *Problems) {
	if !programme.SlugForm.MatchString(f.Programme.Slug) || len(f.Programme.Slug) > 60 {
		problems.add(0, "programme.slug: small Latin letters, digits and hyphens are expected, like \"civic-leadership\"")
	}
	if f.Programme.Name.In(i18n.Kyrgyz) == "" {
		problems.add(0, "programme.name: at least one of ky, ru, en is expected")
	}
	for _, c := range f.Cities {
		if _, ok := lists.City(c.Key); !ok && !c.declares {
			problems.add(c.line, "cities: %q is not a city of the list: %s", c.Key, cityKeys(lists))
		}
	}
	keys := map[string]bool{}
	for _, t := range f.Templates {
		if !programme.SlugForm.MatchString(t.Key) {
			problems.add(t.line, "templates.key: small Latin letters, digits and hyphens are expected, found %q", t.Key)
		}
		if keys[t.Key] {
			problems.add(t.line, "templates.key: %q is there twice", t.Key)
		}
		keys[t.Key] = true
		t.common.check(lists, t.line, "template "+t.Key, problems)
	}
	for _, a := range f.Activities {
		a.common.check(lists, a.line, "activity "+a.Slug, problems)
	}
}

func (c common) check(lists *profile.Lists, line int, what string, problems *Problems) {
	switch c.Kind {
	case programme.Seminar, programme.Discussion, programme.Brainstorm, programme.Coworking, programme.Publication:
	default:
		problems.add(line, "%s: kind: seminar, discussion, brainstorm, coworking or publication is expected, found %q", what, c.Kind)
	}
	if groups := profile.Of(profile.Group); !groups.Takes(lists, c.Group) {
		list := groups.Values(lists)
		last := len(list) - 1
		problems.add(line, "%s: group: %s or %s is expected, found %q", what, strings.Join(list[:last], ", "), list[last], c.Group)
	}
	for _, l := range c.Languages {
		if _, ok := i18n.Parse(l); !ok {
			problems.add(line, "%s: languages: ky, ru or en is expected, found %q", what, l)
		}
	}
	if c.Capacity < 0 || c.Capacity > 100_000 {
		problems.add(line, "%s: capacity: 0 to 100000 is expected, found %d", what, c.Capacity)
	}
	if c.Title.In(i18n.Kyrgyz) == "" {
		problems.add(line, "%s: title: at least one of ky, ru, en is expected", what)
	}
	for _, l := range i18n.Languages {
		if n := len([]rune(c.Title.Exactly(l))); n > programme.MaxLine {
			problems.add(line, "%s: title: %s: %d characters at most are expected, found %d", what, l, programme.MaxLine, n)
		}
	}
	for name, days := range map[string]int{"opens": c.Apply.Opens, "deadline": c.Apply.Deadline} {
		if days < 0 || days > 365 {
			problems.add(line, "%s: apply: %s: 0 to 365 days are expected, found %d", what, name, days)
		}
	}
	if len(c.Agenda) > programme.MaxSessions {
		problems.add(line, "%s: agenda: %d sessions at most are expected, found %d", what, programme.MaxSessions, len(c.Agenda))
	}
	for _, s := range c.Agenda {
		if _, err := time.Parse("15:04", s.At); err != nil || s.Minutes <= 0 || s.Minutes > 24*60 {
			problems.add(line, "%s: agenda: at: \"09:30\" and minutes: 1 to 1440 are expected, found at %q, minutes %d", what, s.At, s.Minutes)
		}
		if s.Day < 0 || s.Day > programme.MostDays {
			problems.add(line, "%s: agenda: day: 1 to %d is expected, found %d", what, programme.MostDays, s.Day)
		}
	}
}

func (t templateFile) template() programme.Template {
	return programme.Template{
		Key: t.Key, Kind: t.Kind, Group: t.Group, Languages: t.Languages, Capacity: t.Capacity, Online: t.Online,
		InvitationOnly: t.InvitationOnly, Title: t.Title, Summary: t.Summary, Description: t.Description,
		Gain: t.Gain, Directions: t.Directions, Hours: t.Hours, OpensBefore: t.Apply.Opens, DeadlineBefore: t.Apply.Deadline, Agenda: t.Agenda,
	}
}

func (t templateFile) copy(lists *profile.Lists, row copyRow, today, now time.Time, problems *Problems) (programme.Activity, bool) {
	key := row.City
	if row.Key != "" {
		key = row.Key
	}
	if !programme.SlugForm.MatchString(key) {
		problems.add(row.line, "copies: a city or a key of small Latin letters, digits and hyphens is expected")
		return programme.Activity{}, false
	}
	c := programme.Copy{
		Slug: t.Key + "-" + key, City: row.City, Venue: row.Venue, Address: row.Address, Subject: row.Subject,
		Hours: row.Hours, Capacity: row.Capacity, FacilitatorNumber: row.Facilitator,
	}
	var ok bool
	if c.Day, ok = dayOf(row.Day, today); !ok || row.Day == "" {
		problems.add(row.line, "copies: day: a date like 2026-11-28 or days from today like \"+12\" are expected, found %q", row.Day)
		return programme.Activity{}, false
	}
	if row.Hours == "now" {
		c.Day, c.Hours = around(now)
	}
	if row.City != "" {
		if _, known := lists.City(row.City); !known {
			problems.add(row.line, "copies: city: %q is not a city of the list: %s", row.City, cityKeys(lists))
			return programme.Activity{}, false
		}
	}
	a, err := t.template().Make(lists, c)
	if err != nil {
		problems.add(row.line, "copies: %s", err)
		return programme.Activity{}, false
	}
	if row.Hours != "" || len(t.template().Bounds()) == 0 { // else it is said of the template
		for _, b := range a.Bounds() {
			problems.add(row.line, "copies: %s", b.Words)
		}
	}
	a.Relative = relative(row.Day)
	return a, true
}

func (one activityFile) activity(lists *profile.Lists, today time.Time, problems *Problems) (programme.Activity, bool) {
	if !programme.SlugForm.MatchString(one.Slug) {
		problems.add(one.line, "activities: slug: small Latin letters, digits and hyphens are expected, found %q", one.Slug)
		return programme.Activity{}, false
	}
	c := programme.Copy{Slug: one.Slug, City: one.City, Venue: one.Venue, Address: one.Address}
	var ok bool
	if c.Day, ok = dayOf(one.Day, today); !ok {
		problems.add(one.line, "activity %s: day: a date like 2026-11-28 or days from today like \"+12\" are expected, found %q", one.Slug, one.Day)
		return programme.Activity{}, false
	}
	if one.City != "" {
		if _, known := lists.City(one.City); !known {
			problems.add(one.line, "activity %s: city: %q is not a city of the list: %s", one.Slug, one.City, cityKeys(lists))
			return programme.Activity{}, false
		}
	}
	t := templateFile{common: one.common}.template()
	a, err := t.Make(lists, c)
	if err != nil {
		problems.add(one.line, "activity %s: %s", one.Slug, err)
		return programme.Activity{}, false
	}
	for _, b := range a.Bounds() {
		problems.add(one.line, "activity %s: %s", one.Slug, b.Words)
	}
	a.TemplateKey, a.Relative = "", relative(one.Day)
	return a, true
}

func relative(day string) bool { _, err := strconv.Atoi(day); return err == nil }

// around gives the day and the hours of an activity that goes on at this
// moment: it began two hours ago and lasts for seven and a half. Nobody meets
// before eight: at night it begins in the morning of that day. Late in the evening it
// goes on to the end of the day, so that the door can be tried at any hour.
func around(now time.Time) (day time.Time, hours string) {
	day = programme.Midnight(now)
	starts := now.In(programme.Bishkek).Add(-2 * time.Hour).Truncate(30 * time.Minute)
	if first := day.Add(8 * time.Hour); starts.Before(first) {
		starts = first
	}
	if last := day.Add(24*time.Hour - 7*time.Hour - 31*time.Minute); starts.After(last) {
		starts = last
	}
	return day, starts.Format("15:04") + "-" + starts.Add(7*time.Hour+30*time.Minute).Format("15:04")
}

// dayOf reads a day: a date, or days from today; empty is no day.
func dayOf(s string, today time.Time) (time.Time, bool) {
	if s == "" {
		return time.Time{}, true
	}
	if n, err := strconv.Atoi(s); err == nil {
		if n < -3660 || n > 3660 {
			return time.Time{}, false
		}
		return today.AddDate(0, 0, n), true
	}
	t, err := time.ParseInLocation(time.DateOnly, s, programme.Bishkek)
	return t, err == nil
}

func cityKeys(lists *profile.Lists) string {
	var out []string
	for _, c := range lists.All(profile.City) {
		out = append(out, c.Code)
	}
	return strings.Join(out, ", ")
}
