package analysis

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"

	"platforma.kg/ashar/internal/foundation/sheet"
	"platforma.kg/ashar/internal/modules/ideas/polis"
	"platforma.kg/ashar/internal/science/opinion"
)

// OpinionsOptions are the choices of Opinions.
type OpinionsOptions struct {
	Published bool   // take the groups of the file instead of looking for some
	Seed      uint64 // of resampling
}

type opinionMap struct {
	Participants        int              `json:"participants"`
	Statements          int              `json:"statements"`
	Votes               int              `json:"votes"`
	Centre              []float64        `json:"centre"`
	Components          [2][]float64     `json:"components"`
	Eigenvalues         [2]float64       `json:"eigenvalues"`
	Extremity           []float64        `json:"extremity"`
	StatementIDs        []string         `json:"statement_ids"`
	ParticipantIDs      []string         `json:"participant_ids"`
	Projections         [][2]float64     `json:"projections"`
	Uncertainty         [][3]float64     `json:"uncertainty"`
	InConversation      []bool           `json:"in_conversation"`
	Clear               bool             `json:"clear"`
	Doubt               opinion.Doubt    `json:"doubt,omitempty"`
	Stability           *float64         `json:"stability"`
	K                   int              `json:"k"`
	Groups              []opinionGroup   `json:"groups"`
	GroupAwareConsensus []float64        `json:"group_aware_consensus"`
	Consensus           opinionConsensus `json:"consensus"`
	Priority            []float64        `json:"priority"`
}

type opinionGroup struct {
	ID             int              `json:"id"`
	Name           string           `json:"name,omitempty"` // published, when it is no number
	Size           int              `json:"size"`
	Centre         [2]float64       `json:"centre"`
	Members        []string         `json:"members"`
	Agree          []int            `json:"agree"`
	Disagree       []int            `json:"disagree"`
	Seen           []int            `json:"seen"`
	Representative []representative `json:"representative"`
}

type representative struct {
	Statement   string  `json:"statement"`
	Side        string  `json:"side"`
	P           float64 `json:"p"`
	PTest       float64 `json:"p_test"`
	Repness     float64 `json:"repness"`
	RepnessTest float64 `json:"repness_test"`
	BestAgree   bool    `json:"best_agree"`
}

type opinionConsensus struct {
	Agree    []string `json:"agree"`
	Disagree []string `json:"disagree"`
}

// Opinions draws the opinion map of a conversation in the export format of
// Polis and writes it as one JSON object. Messages get what was left out.
func Opinions(path string, options OpinionsOptions, out, messages io.Writer, bar Progress) error {
	c, notes, err := polis.ReadMatrix(path)
	if err != nil {
		return err
	}
	for _, note := range notes {
		fmt.Fprintln(messages, note)
	}
	m, err := c.Opinions()
	if err != nil {
		return err
	}
	var s *opinion.Snapshot
	var names []string
	if options.Published {
		var groupOf []int
		if groupOf, names, err = publishedGroups(c); err != nil {
			return err
		}
		s, err = m.Describe(groupOf)
		if err != nil {
			return err
		}
	} else {
		s = m.Snapshot(opinion.Options{Seed: options.Seed, Progress: bar})
	}
	return json.NewEncoder(out).Encode(picture(c, s, names))
}

// publishedGroups numbers the groups of the file in the order of their names.
func publishedGroups(c *polis.Conversation) (groupOf []int, names []string, err error) {
	for _, p := range c.Participants {
		if p.Group != "" {
			names = append(names, p.Group)
		}
	}
	slices.SortFunc(names, polis.Compare)
	names = slices.Compact(names)
	if len(names) == 0 {
		return nil, nil, &sheet.Error{File: "participants-votes.csv", Text: "nobody has a group; expected a column group-id with the published groups"}
	}
	for _, p := range c.Participants {
		g := -1
		if p.Group != "" {
			g, _ = slices.BinarySearchFunc(names, p.Group, polis.Compare)
		}
		groupOf = append(groupOf, g)
	}
	return groupOf, names, nil
}

// nameOf keeps the published numbers when all groups have numbers.
func nameOf(number int, names []string) (id int, name string) {
	for at, n := range names {
		value, err := strconv.Atoi(n)
		if err != nil {
			return number, names[number]
		}
		if at == number {
			id = value
		}
	}
	return id, ""
}

func picture(c *polis.Conversation, s *opinion.Snapshot, names []string) opinionMap {
	p := opinionMap{
		Participants: s.People, Statements: s.Statements, Votes: s.Votes,
		Centre: s.Centre, Components: s.Components, Eigenvalues: s.Eigenvalues, Extremity: s.Extremity,
		StatementIDs: make([]string, 0, s.Statements), ParticipantIDs: make([]string, 0, s.People),
		Projections: make([][2]float64, s.People), Uncertainty: make([][3]float64, s.People), InConversation: s.InConversation,
		Clear: s.Clear, Doubt: s.Doubt, K: s.K, Groups: make([]opinionGroup, 0, s.K),
		GroupAwareConsensus: s.GroupAwareConsensus, Priority: s.Priority,
	}
	if !math.IsNaN(s.Stability) {
		p.Stability = &s.Stability
	}
	for _, statement := range c.Voted() {
		p.StatementIDs = append(p.StatementIDs, statement.ID)
	}
	for i, participant := range c.Participants {
		p.ParticipantIDs = append(p.ParticipantIDs, participant.ID)
		at, u := s.Projections[i], s.Uncertainty[i]
		p.Projections[i], p.Uncertainty[i] = [2]float64{at.X, at.Y}, [3]float64{u.XX, u.XY, u.YY}
	}
	ids := func(statements []int) []string {
		list := make([]string, 0, len(statements))
		for _, j := range statements {
			list = append(list, p.StatementIDs[j])
		}
		return list
	}
	p.Consensus = opinionConsensus{ids(s.ConsensusAgree), ids(s.ConsensusDisagree)}
	for number, g := range s.Groups {
		group := opinionGroup{ID: number, Size: len(g.Members), Centre: [2]float64{g.Centre.X, g.Centre.Y}}
		if names != nil {
			group.ID, group.Name = nameOf(number, names)
		}
		for _, i := range g.Members {
			group.Members = append(group.Members, p.ParticipantIDs[i])
		}
		for _, standing := range g.Standings {
			group.Agree = append(group.Agree, standing.Agree)
			group.Disagree = append(group.Disagree, standing.Disagree)
			group.Seen = append(group.Seen, standing.Seen)
		}
		group.Representative = make([]representative, 0, len(g.Representative))
		for _, r := range g.Representative {
			side := "disagree"
			if r.Agrees {
				side = "agree"
			}
			group.Representative = append(group.Representative, representative{
				p.StatementIDs[r.Statement], side, r.P, r.PTest, r.Repness, r.RepnessTest, r.BestAgree,
			})
		}
		p.Groups = append(p.Groups, group)
	}
	return p
}
