package seminars

import (
	"encoding/json"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A part of this room: the seats are its nouns, rules, tables and use cases; the door is
// what happens on the day; the pages show both; the joint is what the house speaks to.
const (
	seatsPart = "seats"
	doorPart  = "door"
	pagesPart = "pages"
	joint     = "joint"
)

// partOf says to which part each file belongs; a template stands for what is made of it.
var partOf = map[string]string{
	"doc.go": joint, "manifest.go": joint,

	"activity.go": seatsPart, "activity_changed.go": seatsPart, "admission.go": seatsPart, "ahead.go": seatsPart,
	"answer.go": seatsPart, "application.go": seatsPart, "apply.go": seatsPart, "attendance.go": seatsPart,
	"balance.go": seatsPart, "base45.go": seatsPart, "begin.go": seatsPart, "built.go": seatsPart,
	"calls.go": seatsPart, "came.go": seatsPart, "change_form.go": seatsPart, "draft.go": seatsPart,
	"effort.go": seatsPart, "erase.go": seatsPart, "extra_seat.go": seatsPart, "form.go": seatsPart,
	"invite.go": seatsPart, "jobs.go": seatsPart, "join.go": seatsPart, "known.go": seatsPart,
	"link.go": seatsPart, "materials.go": seatsPart, "module.go": seatsPart, "move.go": seatsPart,
	"overview.go": seatsPart, "pass.go": seatsPart, "personal.go": seatsPart, "prove.go": seatsPart,
	"reach.go": seatsPart, "seats.go": seatsPart, "second_tap.go": seatsPart, "select.go": seatsPart,
	"seminar.go": seatsPart, "set_up.go": seatsPart, "sharing.go": seatsPart, "shell.go": seatsPart,
	"state.go": seatsPart, "store.go": seatsPart, "tell.go": seatsPart, "ticket.go": seatsPart,
	"ticket_code.go": seatsPart, "waiting.go": seatsPart,

	"check_in.go": doorPart, "keeper.go": doorPart, "door_device.go": doorPart,
	"door_search.go": doorPart, "note_presence.go": doorPart, "upload_scans.go": doorPart, "walk_in.go": doorPart,
}

// mayUse are the arrows between the parts.
var mayUse = map[string][]string{
	seatsPart: nil,
	doorPart:  {seatsPart},
	pagesPart: {seatsPart, doorPart},
	joint:     {seatsPart, doorPart, pagesPart},
}

// partOfFile gives the part of a source; what is in no list belongs to the pages.
func partOfFile(path string) string {
	if part, ok := partOf[filepath.Base(path)]; ok {
		return part
	}
	return pagesPart
}

func TestNoArrowBetweenThePartsOfTheRoomRunsUp(t *testing.T) {
	t.Parallel()
	out, err := exec.Command("go", "list", "-export", "-deps", "-json=ImportPath,Export,GoFiles", ".").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	exports, path, sources := map[string]string{}, "", []string(nil)
	for dec := json.NewDecoder(strings.NewReader(string(out))); dec.More(); {
		var p struct {
			ImportPath, Export string
			GoFiles            []string
		}
		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}
		exports[p.ImportPath] = p.Export
		path, sources = p.ImportPath, p.GoFiles // the last is the room itself
	}
	for name := range partOf {
		if !slices.Contains(sources, name) {
			t.Errorf("%s has a part and is not there", name)
		}
	}
	fset := token.NewFileSet()
	var files []*ast.File
	for _, name := range sources {
		f, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}}
	config := types.Config{Importer: importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })}
	room, err := config.Check(path, fset, files, info)
	if err != nil {
		t.Fatal(err)
	}
	said, arrows := map[string]bool{}, 0
	for id, what := range info.Uses {
		if what.Pkg() != room || !what.Pos().IsValid() {
			continue
		}
		from, to := fset.Position(id.Pos()).Filename, fset.Position(what.Pos()).Filename
		a, b := partOfFile(from), partOfFile(to)
		if a == b {
			continue
		}
		arrows++
		line := filepath.Base(from) + " (" + a + ") uses " + what.Name() + " of " + filepath.Base(to) + " (" + b + ")"
		if !slices.Contains(mayUse[a], b) && !said[line] {
			said[line] = true
			t.Error(line)
		}
	}
	if arrows < 100 {
		t.Errorf("only %d arrows were seen", arrows)
	}
}
