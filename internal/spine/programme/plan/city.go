package plan

import (
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme/lists"
)

// cityFile is a city in the list of a file: its key alone, when the house has it, or all
// that makes a new one.
type cityFile struct {
	Key      string    `yaml:"key"`
	Region   string    `yaml:"region"` // ISO 3166-2
	At       []float64 `yaml:"at"`     // degrees north and east
	Name     i18n.Text `yaml:"name"`
	In       i18n.Text `yaml:"in"` // "in the city"
	declares bool
	line     int
}

// UnmarshalYAML takes a key, or a city with its names; of these no other is known.
func (c *cityFile) UnmarshalYAML(n *yaml.Node) error {
	c.line = n.Line
	if n.Kind == yaml.ScalarNode {
		return n.Decode(&c.Key)
	}
	known := []string{"key", "region", "at", "name", "in"}
	for i := 0; n.Kind == yaml.MappingNode && i < len(n.Content); i += 2 {
		if !slices.Contains(known, n.Content[i].Value) {
			return &yaml.TypeError{Errors: []string{fmt.Sprintf("line %d: field %s not found in a city", n.Content[i].Line, n.Content[i].Value)}}
		}
	}
	type plain cityFile
	if err := n.Decode((*plain)(c)); err != nil {
		return err
	}
	c.declares, c.line = true, n.Line
	return nil
}

func (c cityFile) entry() profile.Entry {
	e := profile.Entry{List: profile.City, Code: c.Key, ISO: c.Region, Names: []profile.Named{{Name: c.Name, In: c.In}}}
	if len(c.At) == 2 {
		e.Lat, e.Lon = c.At[0], c.At[1]
	}
	return e
}

// declared gives the cities that the file declares and the house does not have, and the
// lists with them. A city that the house has stays as it is there, whatever the file says.
func (f *planFile) declared(have *profile.Lists, problems *Problems) (made []profile.Entry, with *profile.Lists) {
	seen := map[string]int{}
	for _, c := range f.Cities {
		if first, twice := seen[c.Key]; twice && c.declares {
			problems.add(c.line, "cities: %q is there twice, first in line %d", c.Key, first)
			continue
		}
		seen[c.Key] = c.line
		if _, ok := have.City(c.Key); ok || !c.declares {
			continue
		}
		if c.Key == "" {
			problems.add(c.line, "cities: key: small Latin letters, digits and hyphens are expected")
			continue
		}
		e, err := lists.Judge(have, c.entry())
		if err != nil {
			wrong(problems, c, err)
			continue
		}
		e.Place = 1 << 30 // behind all, until it is written
		made, have = append(made, e), have.With(e)
	}
	return made, have
}

// wrong says in words what cannot be of a declared city.
func wrong(problems *Problems, c cityFile, err error) {
	words := map[string]string{
		"programme.lists.fault.language":   "ky, ru and en are expected",
		"programme.lists.fault.region":     "one of KG-GB, KG-GO, KG-B, KG-C, KG-J, KG-N, KG-O, KG-T, KG-Y is expected",
		"programme.lists.fault.lat":        fmt.Sprintf("degrees north from %v to %v are expected, found %v", profile.South, profile.North, c.At),
		"programme.lists.fault.lon":        fmt.Sprintf("degrees east from %v to %v are expected, found %v", profile.West, profile.East, c.At),
		"programme.lists.fault.code":       "small Latin letters, digits and hyphens are expected",
		"programme.lists.fault.script":     "letters of Kyrgyz, Russian or Latin are expected, of one of them in a word",
		"programme.lists.fault.letters":    "a letter or a digit is expected",
		"programme.lists.fault.rest":       "this word stands for places that are not in the list",
		"programme.lists.fault.code_taken": "the house has a city of this key",
		"programme.fault.long":             fmt.Sprintf("longer than %d letters", lists.LongestName),
		"programme.lists.fault.many":       fmt.Sprintf("there are %d cities already, which is the most", lists.Most(profile.City)),
	}
	names := map[string]string{"code": "key", "iso": "region", "lat": "at", "lon": "at"}
	for field, name := range map[string]string{lists.NameField(0): "name", lists.InField(0): "in"} {
		for _, l := range i18n.Languages {
			names[field+"_"+string(l)] = name + "." + string(l)
		}
	}
	f := fault.Of(err)
	if f == nil {
		problems.add(c.line, "cities: %s: %s", c.Key, err)
		return
	}
	list := f.Fields
	if len(list) == 0 {
		list = []*fault.Error{f}
	}
	for _, one := range list {
		said, ok := words[one.Key]
		if !ok {
			said = one.Key
			if name, is := one.Args["name"].(i18n.Text); is {
				said = "the city " + name.En + " has this name"
			}
		}
		at := names[one.Field]
		if at != "" {
			at += ": "
		}
		problems.add(c.line, "cities: %s: %s%s", c.Key, at, said)
	}
}
