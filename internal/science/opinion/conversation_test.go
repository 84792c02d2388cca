package opinion_test

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"platforma.kg/ashar/internal/science/opinion"
)

// conversations are the open conversations of the shared data.
var conversations = []string{
	"15-per-hour-seattle",
	"austria-climate.5twd2jsnkf.2022-08-08",
	"bg2050-volunteers",
	"london.youth.policing",
	"scoop-hivemind.biodiversity",
	"scoop-hivemind.taxes",
	"ssis.land-bank-farmland.2rumnecbeh.2021-08-01",
}

// shared gives the folder of shared data, or skips the test and says so.
func shared(t testing.TB) string {
	t.Helper()
	if folder := os.Getenv("ASHAR_SHARED"); folder != "" {
		return filepath.Join(folder, "data", "opinion")
	}
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if found := filepath.Join(folder, "shared", "data", "opinion"); exists(found) {
			return found
		}
		up := filepath.Dir(folder)
		if up == folder {
			t.Skip("the shared conversations are not here: set ASHAR_SHARED to their folder")
		}
		folder = up
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// A ballot is one vote of a conversation, people and statements in the order
// of their ids.
type ballot struct {
	person, statement int
	vote              opinion.Vote
}

type conversation struct {
	people, statements []int
	published          []int // group, -1 for none
	status             []opinion.Status
	ballots            []ballot
}

// read reads an export the short way; the real reader is tested elsewhere.
func read(t testing.TB, name string) conversation {
	t.Helper()
	folder := filepath.Join(shared(t), "conversations", name)
	rows := table(t, filepath.Join(folder, "participants-votes.csv"))
	var c conversation
	columns := map[int]int{}
	for at, head := range rows[0] {
		if id, err := strconv.Atoi(head); err == nil {
			columns[id] = at
			c.statements = append(c.statements, id)
		}
	}
	slices.Sort(c.statements)
	group := slices.Index(rows[0], "group-id")
	lines := map[int][]string{}
	for _, row := range rows[1:] {
		id, err := strconv.Atoi(row[0])
		if err != nil {
			t.Fatal(err)
		}
		lines[id] = row
		c.people = append(c.people, id)
	}
	slices.Sort(c.people)
	for i, id := range c.people {
		g, err := strconv.Atoi(lines[id][group])
		if err != nil {
			g = -1
		}
		c.published = append(c.published, g)
		for j, statement := range c.statements {
			if v, err := strconv.Atoi(lines[id][columns[statement]]); err == nil {
				c.ballots = append(c.ballots, ballot{i, j, opinion.Vote(v)})
			}
		}
	}
	c.status = make([]opinion.Status, len(c.statements))
	comments := table(t, filepath.Join(folder, "comments.csv"))
	id, moderated, meta := slices.Index(comments[0], "comment-id"), slices.Index(comments[0], "moderated"), slices.Index(comments[0], "is-meta")
	for _, row := range comments[1:] {
		number, _ := strconv.Atoi(row[id])
		j, found := slices.BinarySearch(c.statements, number)
		if !found {
			continue
		}
		if row[moderated] == "-1" {
			c.status[j] |= opinion.Out
		}
		if meta >= 0 && row[meta] == "true" {
			c.status[j] |= opinion.Meta
		}
	}
	return c
}

func table(t testing.TB, path string) [][]string {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func (c conversation) opinions(t testing.TB) *opinion.Map {
	t.Helper()
	m, err := opinion.New(len(c.people), len(c.statements))
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range c.ballots {
		if err := m.Vote(b.person, b.statement, b.vote); err != nil {
			t.Fatal(err)
		}
	}
	for j, s := range c.status {
		if err := m.Moderate(j, s); err != nil {
			t.Fatal(err)
		}
	}
	return m
}

// golden holds the reference statistics of a conversation.
type golden struct {
	Eigenvalues      []float64 `json:"eigenvalues"`
	Statements       []int     `json:"statement_ids"`
	Centre           []float64 `json:"centre"`
	PC1              []float64 `json:"pc1"`
	PC2              []float64 `json:"pc2"`
	Extremity        []float64 `json:"extremity"`
	Participants     []int     `json:"participants"`
	X                []float64 `json:"x"`
	Y                []float64 `json:"y"`
	InConversation   []int     `json:"in_conversation_rule"`
	GAC              []float64 `json:"group_aware_consensus"`
	Priority         []float64 `json:"priority"`
	ConsensusAgree   []int     `json:"consensus_agree"`
	ConsensusDisgree []int     `json:"consensus_disagree"`
	Groups           map[string]struct {
		N              int       `json:"n"`
		Agree          []int     `json:"na"`
		Disagree       []int     `json:"nd"`
		Seen           []int     `json:"ns"`
		PAT            []float64 `json:"pat"`
		PDT            []float64 `json:"pdt"`
		RA             []float64 `json:"ra"`
		RD             []float64 `json:"rd"`
		RAT            []float64 `json:"rat"`
		RDT            []float64 `json:"rdt"`
		Representative []struct {
			Statement   int     `json:"tid"`
			Side        string  `json:"side"`
			P           float64 `json:"p"`
			PTest       float64 `json:"p_test"`
			Repness     float64 `json:"repness"`
			RepnessTest float64 `json:"repness_test"`
			BestAgree   bool    `json:"best_agree"`
		} `json:"representative"`
	} `json:"groups"`
}

func readGolden(t testing.TB, name string) golden {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(shared(t), "golden", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var g golden
	if err := json.Unmarshal(raw, &g); err != nil {
		t.Fatal(err)
	}
	return g
}

// larger leaves out those with fewer than a hundred grouped people or with a
// published group of fewer than ten.
var larger = []string{conversations[0], conversations[1], conversations[4], conversations[5], conversations[6]}
