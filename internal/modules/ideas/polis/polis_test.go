package polis_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"unicode/utf16"

	"platforma.kg/ashar/internal/foundation/sheet"
	"platforma.kg/ashar/internal/modules/ideas/polis"
)

// folder makes a folder of files, name and text in turn.
func folder(t testing.TB, files ...string) string {
	t.Helper()
	dir := t.TempDir()
	for i := 0; i < len(files); i += 2 {
		if err := os.WriteFile(filepath.Join(dir, files[i]), []byte(files[i+1]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// votes prints people and their votes by the ids of statements.
func votes(c *polis.Conversation) string {
	var lines []string
	for _, p := range c.Participants {
		line := p.ID + ":"
		for _, b := range p.Ballots {
			line += fmt.Sprintf(" %s=%d", c.Statements[b.Statement].ID, b.Vote)
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "; ")
}

const two = "participant,group-id,n-comments,n-votes,n-agree,n-disagree,0,1\n3,0,0,2,1,1,1,-1\n11,,0,1,0,0,,0\n"

func utf16le(text string) string {
	raw := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(text)) {
		raw = append(raw, byte(u), byte(u>>8))
	}
	return string(raw)
}

func TestOneConversationIsReadInEveryCoat(t *testing.T) {
	t.Parallel()
	const want = "3: 0=1 1=-1; 11: 1=0"
	for name, files := range map[string][]string{
		"as exported":             {"participants-votes.csv", two},
		"rows and columns moved":  {"participants-votes.csv", "1,n-votes,0,participant\n0,9,,11\n-1,9,1,3\n"},
		"columns missing":         {"participants-votes.csv", "participant,0,1\n3,1,-1\n11,,0\n"},
		"byte order mark, CRLF":   {"participants-votes.csv", "\ufeff" + strings.ReplaceAll(two, "\n", "\r\n")},
		"semicolons":              {"participants-votes.csv", strings.ReplaceAll(two, ",", ";")},
		"UTF-16":                  {"participants-votes.csv", utf16le(two)},
		"as pandas writes":        {"participants-votes.csv", "participant,group-id,0,1\n3,0.0,1.0,-1.0\n11,NaN,NaN,0.0\n"},
		"a typographic minus":     {"participants-votes.csv", "participant,0,1\n3,+1,−1\n11,, 0 \n"},
		"other names of columns":  {"participants-votes.csv", "Participant_ID,Group ID,0,1\n3,0,1,-1\n11,,,0\n"},
		"name and date before":    {"2025-01-02-our-talk-participants-votes.csv", two},
		"participant-votes":       {"participant-votes.csv", two},
		"an unknown column":       {"participants-votes.csv", "participant,city,0,1\n3,Ош,1,-1\n11,Нарын,,0\n"},
		"comments beside it":      {"participants-votes.csv", two, "comments.csv", "comment-id,moderated,comment-body\n1,-1,\"Жол, \nмектеп\"\n0,1,Суу\n7,0,эч ким\n"},
		"a column like votes":     {"participants-votes.csv", "participant,is_staff,0,1\n3,1,1,-1\n11,0,,0\n", "comments.csv", "comment-id\n0\n1\n"},
		"only votes.csv":          {"votes.csv", "timestamp,comment-id,voter-id,vote\n20,0,3,1\n10,0,3,-1\n15,1,3,-1\n16,1,11,0\n"},
		"votes.csv without times": {"votes.csv", "comment-id,voter-id,vote\n0,3,-1\n0,3,1\n1,11,0\n1,3,-1\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, notes, err := polis.Read(folder(t, files...))
			if err != nil {
				t.Fatal(err)
			}
			if got := votes(c); got != want {
				t.Errorf("%s\nnot %s\nnotes %q", got, want, notes)
			}
			if n := len(c.Voted()); n != 2 {
				t.Errorf("%d statements with votes, not 2", n)
			}
		})
	}
}

func TestIdsNeedNotBeNumbers(t *testing.T) {
	t.Parallel()
	c, _, err := polis.Read(folder(t, "participants-votes.csv", "participant,суу,10,9,жол\nb,1,,,-1\nа,0,1,1,\n2,,1,,\n10,,1,,\n"))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := votes(c), "2: 10=1; 10: 10=1; b: жол=-1 суу=1; а: 9=1 10=1 суу=0"; got != want {
		t.Errorf("%s, not %s", got, want)
	}
}

func TestWhatIsWrongIsToldWithItsPlace(t *testing.T) {
	t.Parallel()
	const good = "participant,0,1\n3,1,-1\n"
	for name, c := range map[string]struct {
		files []string
		want  string
	}{
		"a vote of 2":           {[]string{"participants-votes.csv", "participant,0,1\n3,1,-1\n4,,2\n"}, `participants-votes.csv, line 3, column 3 (1): expected a vote, that is 1, 0, -1 or nothing, found "2"`},
		"a word":                {[]string{"participants-votes.csv", "participant,0,1\n3,agree,-1\n"}, `line 2, column 2 (0): expected a vote`},
		"half a vote":           {[]string{"participants-votes.csv", "participant,0,1\n3,0.5,-1\n"}, `found "0.5"`},
		"a word among votes":    {[]string{"participants-votes.csv", "participant,s1,s2\n3,1,-1\n4,x,1\n"}, `line 3, column 2 (s1): expected a vote`},
		"the same person twice": {[]string{"participants-votes.csv", "participant,0\n3,1\n4,1\n3,0\n"}, `line 4, column 1 (participant): participant "3" stands in line 2 already`},
		"nobody":                {[]string{"participants-votes.csv", "participant,0\n,1\n"}, `line 2, column 1 (participant): expected the id of a participant`},
		"the same column twice": {[]string{"participants-votes.csv", "participant,0,0\n3,1,1\n"}, `participants-votes.csv, line 1, column 3`},
		"no participants":       {[]string{"participants-votes.csv", "person,0\n3,1\n"}, `participants-votes.csv, line 1: no column "participant"`},
		"no statements":         {[]string{"participants-votes.csv", "participant,n-votes\n3,1\n"}, `participants-votes.csv, line 1: no column of a statement`},
		"a short row":           {[]string{"participants-votes.csv", "participant,0,1\n3,1\n"}, `participants-votes.csv, line 2, column 3`},
		"nothing in it":         {[]string{"participants-votes.csv", ""}, `participants-votes.csv: the file is empty`},
		"moderated by a word":   {[]string{"participants-votes.csv", good, "comments.csv", "comment-id,moderated\n0,1\n1,out\n"}, `comments.csv, line 3, column 2 (moderated): expected -1 (out), 0 or 1 (in), found "out"`},
		"meta by a word":        {[]string{"participants-votes.csv", good, "comments.csv", "comment-id,is-meta\n0,maybe\n"}, `comments.csv, line 2, column 2 (is-meta): expected true or false`},
		"a statement twice":     {[]string{"participants-votes.csv", good, "comments.csv", "comment-id\n0\n0\n"}, `comments.csv, line 3, column 1 (comment-id): statement "0" stands in line 2 already`},
		"no ids of statements":  {[]string{"participants-votes.csv", good, "comments.csv", "text\nabc\n"}, `comments.csv, line 1: no column "comment-id"`},
		"a time in words":       {[]string{"participants-votes.csv", good, "comments.csv", "timestamp,comment-id\nyesterday,0\n"}, `comments.csv, line 2, column 1 (timestamp): expected milliseconds`},
		"a bad line of votes":   {[]string{"votes.csv", "comment-id,voter-id,vote\n0,3,1\n0,4,\n"}, `votes.csv, line 3, column 3 (vote): expected a vote, that is 1, 0 or -1, found ""`},
		"two conversations":     {[]string{"a-participants-votes.csv", good, "b-participants-votes.csv", good}, "name the folder of one conversation"},
		"an empty folder":       {nil, "no file participants-votes.csv"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, err := polis.Read(folder(t, c.files...))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v\nnot %s", err, c.want)
			}
		})
	}
	if _, _, err := polis.Read(filepath.Join(t.TempDir(), "nowhere")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a folder that is not there: %v", err)
	}
}

func TestModerationAndMetaMakeTheStatus(t *testing.T) {
	t.Parallel()
	c, notes, err := polis.Read(folder(t, "participants-votes.csv", "participant,0,1,2,3,4\n1,1,1,1,1,1\n",
		"comments.csv", "comment-id,moderated,is-meta\n0,-1,false\n1,1,TRUE\n2,-1,true\n3,0,\n"))
	if err != nil {
		t.Fatal(err)
	}
	got := ""
	for _, s := range c.Statements {
		got += fmt.Sprint(s.Status())
	}
	if got != "12300" {
		t.Errorf("statuses %s", got)
	}
	if len(notes) != 1 || !strings.Contains(notes[0], "1 statements with votes are not in comments.csv") {
		t.Errorf("notes %q", notes)
	}
}

// conversations gives the folders of the shared data.
func conversations(t testing.TB) []string {
	t.Helper()
	base := os.Getenv("ASHAR_SHARED")
	for dir, _ := os.Getwd(); base == "" && dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "shared", "data", "opinion")); err == nil {
			base = filepath.Join(dir, "shared")
		}
	}
	found, _ := filepath.Glob(filepath.Join(base, "data", "opinion", "conversations", "*"))
	if len(found) == 0 {
		t.Skip("the shared conversations are not here: set ASHAR_SHARED to their folder")
	}
	return found
}

func TestWhatIsWrittenIsReadAgain(t *testing.T) {
	t.Parallel()
	for _, path := range conversations(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			c, notes, err := polis.Read(path)
			if err != nil {
				t.Fatal(err)
			}
			if len(c.Participants) == 0 || len(c.History) == 0 || len(c.Summary) == 0 || c.Statements[0].Text == "" {
				t.Fatal("something was not read")
			}
			t.Log(len(c.Participants), "people,", len(c.Statements), "statements,", len(c.History), "votes", notes)
			dir := filepath.Join(t.TempDir(), "export")
			for range 2 { // the second time over the first
				if err := c.Write(dir); err != nil {
					t.Fatal(err)
				}
			}
			again, _, err := polis.Read(dir)
			if err != nil {
				t.Fatal(err)
			}
			// Times of the history order votes of one moment by line.
			if !reflect.DeepEqual(again.Participants, c.Participants) || !reflect.DeepEqual(again.Statements, c.Statements) || !reflect.DeepEqual(again.History, c.History) {
				t.Error("another conversation comes back")
			}
			third := filepath.Join(t.TempDir(), "again")
			if err := again.Write(third); err != nil {
				t.Fatal(err)
			}
			for _, name := range []string{"participants-votes.csv", "comments.csv", "votes.csv", "summary.csv"} {
				a, _ := os.ReadFile(filepath.Join(dir, name))
				b, _ := os.ReadFile(filepath.Join(third, name))
				if len(a) == 0 || string(a) != string(b) {
					t.Errorf("%s is written otherwise the second time", name)
				}
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(two), []byte("comment-id,moderated,is-meta,comment-body,timestamp\n0,-1,true,\"a\nb\",1\n"), []byte("timestamp,comment-id,voter-id,vote\n1,0,3,1\n"))
	f.Add([]byte(utf16le(two)), []byte("comment-id\n"), []byte("x"))
	f.Add([]byte("participant;a;b\n1;1;x\n"), []byte(""), []byte(""))
	f.Add([]byte("\ufeffparticipant\t1\r\n\"1\"\t-1\r\n"), []byte("comment-id;moderated\n1;-1\n"), []byte("vote\n"))
	f.Fuzz(func(t *testing.T, participants, comments, history []byte) {
		if len(participants)+len(comments)+len(history) > 1<<16 {
			return
		}
		var files []string
		for name, raw := range map[string][]byte{"participants-votes.csv": participants, "comments.csv": comments, "votes.csv": history} {
			if len(raw) > 0 {
				files = append(files, name, string(raw))
			}
		}
		c, _, err := polis.Read(folder(t, files...))
		if err != nil {
			var told *sheet.Error
			if errors.As(err, &told) && told.File == "" {
				t.Fatalf("the error does not name the file: %v", err)
			}
			return
		}
		m, err := c.Opinions()
		if err != nil {
			t.Fatal(err)
		}
		votes := 0
		for _, p := range c.Participants {
			votes += len(p.Ballots)
		}
		if m.Votes() != votes {
			t.Fatalf("%d votes on the map, %d in the file", m.Votes(), votes)
		}
		dir := t.TempDir()
		if err := c.Write(dir); err != nil {
			t.Fatal(err)
		}
		again, _, err := polis.Read(dir)
		if err != nil {
			t.Fatalf("what was written cannot be read: %v", err)
		}
		if len(again.Participants) != len(c.Participants) || len(again.Voted()) != len(c.Voted()) {
			t.Fatal("another conversation comes back")
		}
	})
}
