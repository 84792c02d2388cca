package analysis

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"platforma.kg/ashar/internal/foundation/sheet"
	"platforma.kg/ashar/internal/science/disclosure"
)

// Bounds of the JSON files that are read.
const (
	maxPlanBytes      = 1 << 20
	maxPublishedBytes = 256 << 20
)

// protectPlan is PLAN.json.
type protectPlan struct {
	Person string     `json:"person"`
	Tables [][]string `json:"tables"`
	Period string     `json:"period"`
	file   string
}

// dimensions gives the columns that the plan needs, each once.
func (p protectPlan) dimensions() []string {
	var out []string
	for _, t := range p.Tables {
		for _, name := range t {
			if !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	if p.Period != "" && !slices.Contains(out, p.Period) {
		out = append(out, p.Period)
	}
	return out
}

func readPlan(path string) (protectPlan, error) {
	raw, err := readSmall(path, maxPlanBytes)
	if err != nil {
		return protectPlan{}, err
	}
	return parsePlan(filepath.Base(path), raw)
}

// readSmall reads a file up to a bound.
func readSmall(path string, most int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, most+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	if int64(len(raw)) > most {
		return nil, &sheet.Error{File: filepath.Base(path), Text: fmt.Sprintf("the file has more than %d MB", most>>20)}
	}
	return raw, nil
}

func parsePlan(name string, raw []byte) (protectPlan, error) {
	var p protectPlan
	if err := parseJSON(name, raw, &p); err != nil {
		return p, err
	}
	p.file = name
	bad := func(format string, args ...any) (protectPlan, error) {
		return p, &sheet.Error{File: name, Text: fmt.Sprintf(format, args...)}
	}
	p.Person, p.Period = strings.TrimSpace(p.Person), strings.TrimSpace(p.Period)
	if p.Person == "" {
		return bad(`expected "person", the name of the column that tells people apart`)
	}
	if len(p.Tables) == 0 {
		return bad(`expected "tables", a list of lists of columns such as [["city","sex"],["age"]]`)
	}
	for i, t := range p.Tables {
		if t == nil {
			return bad("table %d is null, expected a list of columns; [] is the number of all people", i+1)
		}
		for j := range t {
			if t[j] = strings.TrimSpace(t[j]); t[j] == "" {
				return bad("table %d, column %d has no name", i+1, j+1)
			}
		}
	}
	return p, nil
}

// parseJSON reads one JSON value; the *sheet.Error names line and column.
func parseJSON(name string, raw []byte, into any) error {
	text, _, err := sheet.Decode(raw)
	if err != nil {
		var e *sheet.Error
		if errors.As(err, &e) {
			e.File = name
		}
		return err
	}
	dec := json.NewDecoder(strings.NewReader(text))
	dec.DisallowUnknownFields()
	dec.UseNumber()
	err = dec.Decode(into)
	if err == nil {
		if _, err = dec.Token(); errors.Is(err, io.EOF) {
			return nil
		}
		err = errors.New("expected the end after the closing brace, found more")
	}
	at := dec.InputOffset()
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	words := strings.TrimPrefix(err.Error(), "json: ")
	switch {
	case errors.Is(err, io.EOF):
		words = "the file is empty, expected JSON"
	case errors.Is(err, io.ErrUnexpectedEOF):
		at, words = int64(len(text)), "the file ends in the middle, is a bracket not closed?"
	case errors.As(err, &syntax):
		at = syntax.Offset - 1
	case errors.As(err, &kind):
		at = kind.Offset - 1
		words = fmt.Sprintf("%q: found %s %s, expected %s", kind.Field, article(kind.Value), kind.Value, inJSON(kind.Type.String()))
		if kind.Field == "" {
			words = fmt.Sprintf("found %s %s, expected an object: { … }", article(kind.Value), kind.Value)
		}
	}
	at = max(0, min(at, int64(len(text))))
	before := text[:at]
	line := strings.Count(before, "\n")
	column := len([]rune(before[strings.LastIndexByte(before, '\n')+1:]))
	return &sheet.Error{File: name, Line: line + 1, Column: column + 1, Text: words}
}

func article(word string) string {
	if strings.HasPrefix(word, "a") || strings.HasPrefix(word, "o") {
		return "an"
	}
	return "a"
}

func inJSON(kind string) string {
	switch {
	case strings.HasPrefix(kind, "[][]"):
		return "a list of lists of texts"
	case strings.HasPrefix(kind, "[]"):
		return "a list"
	case kind == "string":
		return "a text"
	}
	return "another kind of value"
}

// readPublished reads what an earlier run wrote.
func readPublished(path string) (*disclosure.Result, error) {
	raw, err := readSmall(path, maxPublishedBytes)
	if err != nil {
		return nil, err
	}
	return parsePublished(filepath.Base(path), raw)
}

func parsePublished(name string, raw []byte) (*disclosure.Result, error) {
	var file struct {
		K      int `json:"k"`
		Tables []struct {
			By     []string         `json:"by"`
			Period string           `json:"period"`
			Cells  []map[string]any `json:"cells"`
		} `json:"tables"`
	}
	if err := parseJSON(name, bytes.TrimSpace(raw), &file); err != nil {
		return nil, err
	}
	r := &disclosure.Result{K: file.K}
	for i, t := range file.Tables {
		table := disclosure.Table{By: t.By, Period: t.Period}
		for j, c := range t.Cells {
			cell := disclosure.Cell{At: make([]disclosure.Value, len(t.By))}
			good := len(c) == len(t.By)+1
			for d, dim := range t.By {
				switch v := c[dim].(type) {
				case nil:
					_, there := c[dim]
					good = good && there
					cell.At[d].All = true
				case string:
					cell.At[d].Text = v
				default:
					good = false
				}
			}
			switch n := c["n"].(type) {
			case nil:
				_, there := c["n"]
				good = good && there
				cell.Hidden = true
			case json.Number:
				v, err := n.Int64()
				good = good && err == nil && v >= 0 && v <= math.MaxInt32
				cell.N = int(v)
			default:
				good = false
			}
			if !good {
				return nil, &sheet.Error{File: name, Text: fmt.Sprintf("table %d, cell %d: expected the columns of the table and \"n\" as ashar protect writes them", i+1, j+1)}
			}
			table.Cells = append(table.Cells, cell)
		}
		r.Tables = append(r.Tables, table)
	}
	return r, nil
}
