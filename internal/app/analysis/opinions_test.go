package analysis_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"platforma.kg/ashar/internal/app/analysis"
)

// sharedOpinions gives the folder of open conversations, or skips the test.
func sharedOpinions(t *testing.T) string {
	t.Helper()
	base := os.Getenv("ASHAR_SHARED")
	for dir, _ := os.Getwd(); base == "" && dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "shared", "data", "opinion")); err == nil {
			base = filepath.Join(dir, "shared")
		}
	}
	folder := filepath.Join(base, "data", "opinion")
	if _, err := os.Stat(folder); err != nil {
		t.Skip("the shared conversations are not here: set ASHAR_SHARED to their folder")
	}
	return folder
}

func opinions(t *testing.T, folder string, options analysis.OpinionsOptions) []byte {
	t.Helper()
	var out, messages bytes.Buffer
	if err := analysis.Opinions(folder, options, &out, &messages, nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestTheMapOfAFileDoesNotDependOnTheOrderOfRowsAndColumns(t *testing.T) {
	t.Parallel()
	from := filepath.Join(sharedOpinions(t), "conversations", "15-per-hour-seattle")
	want := opinions(t, from, analysis.OpinionsOptions{Seed: 1})
	raw, err := os.ReadFile(filepath.Join(from, "participants-votes.csv"))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(raw)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	comments, err := os.ReadFile(filepath.Join(from, "comments.csv"))
	if err != nil {
		t.Fatal(err)
	}
	for round := range uint64(20) {
		random := rand.New(rand.NewPCG(round, 1))
		columns := random.Perm(len(rows[0]))
		random.Shuffle(len(rows)-1, func(a, b int) { rows[a+1], rows[b+1] = rows[b+1], rows[a+1] })
		var text bytes.Buffer
		w := csv.NewWriter(&text)
		for _, row := range rows {
			moved := make([]string, len(row))
			for at, old := range columns {
				moved[at] = row[old]
			}
			if err := w.Write(moved); err != nil {
				t.Fatal(err)
			}
		}
		w.Flush()
		dir := t.TempDir()
		for name, content := range map[string][]byte{"participants-votes.csv": text.Bytes(), "comments.csv": comments} {
			if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if got := opinions(t, dir, analysis.OpinionsOptions{Seed: 1}); !bytes.Equal(got, want) {
			t.Fatalf("order %d gives another result", round)
		}
	}
}

func TestPublishedGroupsGiveTheStatisticsOfTheReference(t *testing.T) {
	t.Parallel()
	folder := sharedOpinions(t)
	paths, _ := filepath.Glob(filepath.Join(folder, "conversations", "*"))
	for _, path := range paths {
		name := filepath.Base(path)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got struct {
				Centre      []float64
				Extremity   []float64
				Statements  []string `json:"statement_ids"`
				People      []string `json:"participant_ids"`
				Projections [][2]float64
				Consensus   struct{ Agree, Disagree []string }
				GAC         []float64 `json:"group_aware_consensus"`
				Priority    []float64
				Stability   *float64
				Groups      []struct {
					ID, Size              int
					Agree, Disagree, Seen []int
					Representative        []struct {
						Statement, Side string
						RepnessTest     float64 `json:"repness_test"`
					}
				}
			}
			if err := json.Unmarshal(opinions(t, path, analysis.OpinionsOptions{Published: true}), &got); err != nil {
				t.Fatal(err)
			}
			raw, err := os.ReadFile(filepath.Join(folder, "golden", name+".json"))
			if err != nil {
				t.Fatal(err)
			}
			var want struct {
				Centre    []float64
				Extremity []float64
				Agree     []int     `json:"consensus_agree"`
				Disagree  []int     `json:"consensus_disagree"`
				GAC       []float64 `json:"group_aware_consensus"`
				Priority  []float64
				People    []int `json:"participants"`
				X, Y      []float64
				Groups    map[string]struct {
					N              int
					NA, ND, NS     []int
					Representative []struct {
						TID         int
						Side        string
						RepnessTest float64 `json:"repness_test"`
					}
				}
			}
			if err := json.Unmarshal(raw, &want); err != nil {
				t.Fatal(err)
			}
			near := func(what string, a, b []float64, limit float64) {
				t.Helper()
				if len(a) != len(b) {
					t.Fatalf("%s: %d values, not %d", what, len(a), len(b))
				}
				for i := range a {
					if !(math.Abs(a[i]-b[i]) <= limit*max(1, math.Abs(b[i]))) {
						t.Fatalf("%s: value %d is %g, not %g", what, i, a[i], b[i])
					}
				}
			}
			near("centre", got.Centre, want.Centre, 1e-9)
			near("extremity", got.Extremity, want.Extremity, 1e-9)
			near("group-aware consensus", got.GAC, want.GAC, 1e-9)
			near("priority", got.Priority, want.Priority, 1e-9)
			for at, id := range want.People {
				i := slices.Index(got.People, strconv.Itoa(id))
				near("place", got.Projections[i][:], []float64{want.X[at], want.Y[at]}, 1e-6)
			}
			same := func(what string, a []string, b []int) {
				t.Helper()
				if !slices.EqualFunc(a, b, func(x string, y int) bool { return x == strconv.Itoa(y) }) {
					t.Errorf("%s: %v, not %v", what, a, b)
				}
			}
			same("consensus", got.Consensus.Agree, want.Agree)
			same("consensus against", got.Consensus.Disagree, want.Disagree)
			if len(got.Groups) != len(want.Groups) || got.Stability != nil {
				t.Fatalf("%d groups, stability %v", len(got.Groups), got.Stability)
			}
			for _, g := range got.Groups {
				w := want.Groups[strconv.Itoa(g.ID)]
				if g.Size != w.N || !slices.Equal(g.Agree, w.NA) || !slices.Equal(g.Disagree, w.ND) || !slices.Equal(g.Seen, w.NS) {
					t.Errorf("group %d has other counts", g.ID)
				}
				if len(g.Representative) != len(w.Representative) {
					t.Fatalf("group %d has %d representative statements", g.ID, len(g.Representative))
				}
				for at, r := range g.Representative {
					if x := w.Representative[at]; r.Statement != strconv.Itoa(x.TID) || r.Side != x.Side || math.Abs(r.RepnessTest-x.RepnessTest) > 1e-9 {
						t.Errorf("group %d: representative %d is %+v, not %+v", g.ID, at, r, x)
					}
				}
			}
		})
	}
}
