package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// inSource changes to the folder of the source, where examples are to be run.
func inSource(t *testing.T) {
	t.Helper()
	t.Chdir(filepath.Join("..", ".."))
}

// words parts a command line as a shell does, as far as the examples need it.
func words(line string) (out []string) {
	for _, w := range regexp.MustCompile(`'[^']*'|\S+`).FindAllString(line, -1) {
		out = append(out, strings.Trim(w, "'"))
	}
	return out
}

// runExample runs a line that begins with ashar. What it redirects, and reads again
// later, is in dir.
func runExample(t *testing.T, line, dir string) (out, messages string, code int) {
	t.Helper()
	line, to, redirected := strings.Cut(line, " > ")
	args := words(line)[1:]
	for i, a := range args {
		if _, err := os.Stat(filepath.Join(dir, a)); err == nil && filepath.Ext(a) == ".json" {
			args[i] = filepath.Join(dir, a)
		}
	}
	var stdout, stderr bytes.Buffer
	code = run(t.Context(), args, console{out: &stdout, err: &stderr})
	if redirected {
		if err := os.WriteFile(filepath.Join(dir, strings.TrimSpace(to)), stdout.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		stdout.Reset()
	}
	return stdout.String(), stderr.String(), code
}

func TestTheExampleOfEachHelpPageRunsWhenItIsPasted(t *testing.T) {
	inSource(t)
	for _, command := range []string{"analyse opinions", "analyse gain", "analyse items", "analyse agreement", "protect", "select", "recur"} {
		help, _, _ := runExample(t, "ashar "+command+" --help", "")
		_, rest, found := strings.Cut(help, "Example, with files of")
		if !found {
			t.Errorf("%s --help has no example:\n%s", command, help)
		}
		lines := regexp.MustCompile(`(?m)^ {4}(ashar .*)$`).FindAllStringSubmatch(rest, -1)
		if len(lines) == 0 {
			t.Errorf("%s --help has no line to paste:\n%s", command, help)
		}
		for _, line := range lines {
			if out, messages, code := runExample(t, line[1], ""); code != 0 || out == "" {
				t.Errorf("%s: exit %d\n%s", line[1], code, messages)
			}
		}
	}
}

// shown is a command on a page, and what the page says that it prints.
type shown struct{ line, prints string }

var commandLine = regexp.MustCompile(`^(?:\$ )?(ashar (?:analyse|protect|select|recur) .*)$`)

// commandsOf finds the commands in the blocks of a page. What a command prints
// stands below it, or in the next block.
func commandsOf(page string) (out []shown) {
	blocks := regexp.MustCompile("(?s)```(\\w*)\n(.*?)```").FindAllStringSubmatch(page, -1)
	for i, b := range blocks {
		first := len(out)
		for line := range strings.Lines(regexp.MustCompile(`\\\n\s*`).ReplaceAllString(b[2], "")) {
			if m := commandLine.FindStringSubmatch(strings.TrimRight(line, "\n")); m != nil {
				out = append(out, shown{line: m[1]})
			} else if len(out) > first {
				out[len(out)-1].prints += line
			}
		}
		if len(out) > first && out[len(out)-1].prints == "" && i+1 < len(blocks) && blocks[i+1][1] == "text" {
			out[len(out)-1].prints = blocks[i+1][2]
		}
	}
	return out
}

// follows tells whether the parts of what a page shows, between its dots, stand
// in the output one after another; spaces and line ends do not count.
func follows(prints, output string) bool {
	bare := func(s string) string { return strings.Join(strings.Fields(s), "") }
	output = bare(output)
	for part := range strings.SplitSeq(bare(prints), "…") {
		at := strings.Index(output, part)
		if at < 0 {
			return false
		}
		output = output[at+len(part):]
	}
	return true
}

func TestThePagesOfTheSciencesShowWhatTheCommandsPrint(t *testing.T) {
	inSource(t)
	for page, count := range map[string]int{"opinion-map": 2, "learning-gain": 2, "agreement": 1, "protected-numbers": 3, "fair-selection": 2, "recurrence": 2} {
		text, err := os.ReadFile(filepath.Join("docs", page+".md"))
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		commands := commandsOf(string(text))
		if len(commands) != count {
			t.Errorf("%s: %d commands, expected %d", page, len(commands), count)
		}
		for _, c := range commands {
			out, messages, code := runExample(t, c.line, dir)
			if fails := strings.HasPrefix(c.prints, "ashar: "); (code != 0) != fails {
				t.Errorf("%s: %s: exit %d\n%s", page, c.line, code, messages)
			}
			if !follows(c.prints, out+messages) {
				t.Errorf("%s: %s\nthe page shows\n%s\nthe command prints\n%s%s", page, c.line, c.prints, out, messages)
			}
		}
	}
}
