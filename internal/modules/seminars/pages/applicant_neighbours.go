package pages

import (
	"cmp"
	"slices"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/modules/seminars/review"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// takes reports whether an applicant is on the list as its address narrows it.
func (d selectionData) takes(a seats.Applicant) bool {
	if chosen := d.View.Filter("chosen"); chosen != "" && (chosen == "yes") != d.Table.Chosen(a) {
		return false
	}
	if tag := d.View.Filter("tag"); tag != "" && !slices.ContainsFunc(d.Tags[a.ID], func(t string) bool { return review.TagKey(t) == tag }) {
		return false
	}
	if far := d.View.Filter("unheard"); far != "" && (far == "yes") != (d.Unheard[a.ID] != "") {
		return false
	}
	if scored := d.View.Filter("scored"); scored != "" && d.Scores != nil {
		s := d.Scores[a.ID]
		if scored == "apart" && !s.Disagree || scored == "yes" && s.Reviews == 0 || scored == "no" && s.Reviews > 0 {
			return false
		}
	}
	return d.Wanted.Takes(a)
}

// scoreShares are the links to who was scored, who was not, and of whom reviewers disagree.
func (d selectionData) scoreShares() []seats.Share {
	var yes, apart int
	for _, a := range d.All {
		if s := d.Scores[a.ID]; s.Reviews > 0 {
			yes++
			if s.Disagree {
				apart++
			}
		}
	}
	return []seats.Share{{Value: "yes", All: yes}, {Value: "no", All: len(d.All) - yes}, {Value: "apart", All: apart}}
}

// neighbours are the application before one and the one behind it on the list as its address
// narrows and orders it, zero where there is none; place is where it stands among those, 0 when
// the list does not take it any more.
type neighbours struct {
	Before, After storage.ID
	Place, Of     int
}

func (d selectionData) neighbours(id storage.ID) (n neighbours) {
	passed := false
	for _, a := range d.Ordered {
		takes := d.takes(a)
		if takes {
			n.Of++
		}
		switch {
		case a.ID == id:
			passed = true
			if takes {
				n.Place = n.Of
			}
		case !takes:
		case !passed:
			n.Before = a.ID
		case n.After.IsZero():
			n.After = a.ID
		}
	}
	return n
}

// tagged is a tag with how many applications have it.
type tagged struct {
	Tag   string
	Count int
}

// tags are all tags of the activity, the most used first.
func (d selectionData) tags() (out []tagged) {
	at := map[string]int{}
	for _, a := range d.All {
		for _, t := range d.Tags[a.ID] {
			key := review.TagKey(t)
			if _, there := at[key]; !there {
				at[key] = len(out)
				out = append(out, tagged{Tag: t})
			}
			out[at[key]].Count++
		}
	}
	slices.SortStableFunc(out, func(a, b tagged) int { return cmp.Or(b.Count-a.Count, cmp.Compare(a.Tag, b.Tag)) })
	return out
}

// mostTagLinks is how many tags stand as links and buttons.
const mostTagLinks = 30

func (d selectionData) tagShares() (out []seats.Share) {
	for _, t := range d.tags() {
		key := review.TagKey(t.Tag)
		if len(out) < mostTagLinks || key == d.View.Filter("tag") {
			out = append(out, seats.Share{Value: key, All: t.Count})
		}
	}
	return out
}

func (d selectionData) unheardShares() []seats.Share {
	n := len(d.Unheard)
	if n == 0 && d.View.Filter("unheard") == "" {
		return nil
	}
	return []seats.Share{{Value: "yes", All: n}, {Value: "no", All: len(d.All) - n}}
}

// wordOf names a value that the list is narrowed by.
func (d selectionData) wordOf(r *web.Request, by, v string) string {
	if by != "tag" {
		return filterWord(r, by, v)
	}
	for _, t := range d.tags() {
		if review.TagKey(t.Tag) == v {
			return t.Tag
		}
	}
	return v
}
