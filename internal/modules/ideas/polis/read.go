package polis

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"platforma.kg/ashar/internal/foundation/sheet"
)

// The files of an export. Some are told by the end of their name: exports carry
// the conversation and the date before it.
const (
	participantsFile = "participants-votes.csv"
	commentsFile     = "comments.csv"
	votesFile        = "votes.csv"
	summaryFile      = "summary.csv"
)

// Read reads a folder, or the file of participants and votes beside the
// others. The notes say what was left out or taken from elsewhere. An error in
// a file is a *sheet.Error with line and column.
func Read(path string) (c *Conversation, notes []string, err error) {
	f, err := find(path)
	if err != nil {
		return nil, nil, err
	}
	return f.read()
}

// ReadMatrix is Read for what a map needs: it leaves summary and history aside.
func ReadMatrix(path string) (c *Conversation, notes []string, err error) {
	f, err := find(path)
	if err != nil {
		return nil, nil, err
	}
	f.summary = ""
	if f.participants != "" {
		f.votes = ""
	}
	return f.read()
}

func (f files) read() (*Conversation, []string, error) {
	r := &reader{conversation: &Conversation{}}
	if f.comments != "" {
		if err := r.readComments(f.comments); err != nil {
			return nil, nil, err
		}
	}
	if f.participants != "" {
		if err := r.readParticipants(f.participants); err != nil {
			return nil, nil, err
		}
		if f.votes != "" {
			if err := r.readHistory(f.votes); err != nil {
				return nil, nil, err
			}
		}
	} else {
		r.note("%s is not there: votes are taken from %s, the last of each person on each statement", participantsFile, filepath.Base(f.votes))
		if err := r.readVotesAlone(f.votes); err != nil {
			return nil, nil, err
		}
	}
	if f.summary != "" {
		if err := r.readSummary(f.summary); err != nil {
			return nil, nil, err
		}
	}
	return r.conversation, r.notes, nil
}

type reader struct {
	conversation *Conversation
	notes        []string
	rows         []Statement // of comments.csv, with or without votes
	index        map[string]int
}

func (r *reader) note(format string, args ...any) {
	r.notes = append(r.notes, fmt.Sprintf(format, args...))
}

type files struct{ participants, comments, votes, summary string }

func find(path string) (files, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return files{}, fmt.Errorf("%s: %w", path, fs.ErrNotExist)
	}
	if err != nil {
		return files{}, err
	}
	folder, given := path, ""
	if !info.IsDir() {
		folder, given = filepath.Dir(path), path
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return files{}, err
	}
	f := files{participants: given}
	for _, file := range []struct {
		place *string
		ends  []string
	}{
		{&f.participants, []string{participantsFile, "participant-votes.csv", "participants-votes.xlsx"}},
		{&f.comments, []string{commentsFile, "comments.xlsx"}},
		{&f.votes, []string{votesFile}},
		{&f.summary, []string{summaryFile}},
	} {
		if *file.place == "" {
			if *file.place, err = pick(folder, entries, file.ends); err != nil {
				return files{}, err
			}
		}
	}
	if f.participants == "" && f.votes == "" {
		return files{}, fmt.Errorf("%s: no file %s; the folder of an export of Polis holds it, with %s beside it", folder, participantsFile, commentsFile)
	}
	return f, nil
}

// pick finds a file by its name, or else by the end of it.
func pick(folder string, entries []fs.DirEntry, ends []string) (string, error) {
	for _, end := range ends {
		var found []string
		for _, e := range entries {
			name := strings.ToLower(e.Name())
			if e.IsDir() || end == votesFile && strings.Contains(name, "participant") {
				continue
			}
			if name == end {
				return filepath.Join(folder, e.Name()), nil
			}
			if before, ok := strings.CutSuffix(name, end); ok && strings.ContainsAny(before[len(before)-1:], ".-_ ") {
				found = append(found, e.Name())
			}
		}
		if len(found) > 1 {
			return "", fmt.Errorf("%s: both %s and %s could be %s; name the folder of one conversation", folder, found[0], found[1], end)
		}
		if len(found) == 1 {
			return filepath.Join(folder, found[0]), nil
		}
	}
	return "", nil
}

// column finds a column by one of its names, without regard to case, spaces
// and underscores; -1 when it is not there.
func column(s *sheet.Sheet, names ...string) int {
	for _, name := range names {
		if at := slices.IndexFunc(s.Header, func(head string) bool { return plain(head) == name }); at >= 0 {
			return at
		}
	}
	return -1
}

func plain(head string) string {
	return strings.NewReplacer("_", "-", " ", "-").Replace(strings.ToLower(strings.TrimSpace(head)))
}

// missing is the error for a column that must be there.
func missing(s *sheet.Sheet, name string) error {
	_, err := s.Require(name)
	return err
}

// open reads a table and says which file it could not read.
func open(path string) (*sheet.Sheet, error) {
	s, err := sheet.Open(path)
	var told *sheet.Error
	if err != nil && !errors.As(err, &told) {
		return nil, fmt.Errorf("reading %s: %w", filepath.Base(path), err)
	}
	return s, err
}

// absent tells whether a cell says that there is nothing.
func absent(cell string) bool {
	switch cell {
	case "":
		return true
	case "NA", "N/A", "NaN", "nan", "na", "null", "NULL", "None":
		return true
	}
	return false
}
