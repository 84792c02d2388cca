package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/access"
)

func TestTheDemoPrintsOneLineOfJSONWhenItIsReadyAndEndsCleanly(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	in, out := io.Pipe()
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, []string{"demo", "--json", "--addr", "127.0.0.1:0", "--data", filepath.Join(t.TempDir(), "demo")}, console{out, io.Discard})
		out.Close()
	}()
	lines := bufio.NewScanner(in)
	if !lines.Scan() {
		t.Fatalf("no line, exit %d", <-code)
	}
	var got struct {
		URL    string            `json:"url"`
		SignIn map[string]string `json:"signin"`
	}
	if err := json.Unmarshal(lines.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	for _, role := range access.Roles {
		if !strings.HasPrefix(got.SignIn[string(role)], got.URL+"/") {
			t.Errorf("the link of %s is %q", role, got.SignIn[string(role)])
		}
	}
	answer, err := http.Get(got.URL + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Errorf("/healthz gives %d", answer.StatusCode)
	}
	stop()
	if lines.Scan() {
		t.Errorf("more on stdout: %q", lines.Text())
	}
	if c := <-code; c != 0 {
		t.Errorf("exit %d", c)
	}
}

func TestTheDemoKeepsOutOfAFolderWithSomethingElse(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "ashar.db"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var errs strings.Builder
	if code := run(t.Context(), []string{"demo", "--data", dir, "--addr", "127.0.0.1:0"}, console{io.Discard, &errs}); code != 1 || !strings.Contains(errs.String(), "neither empty") {
		t.Errorf("exit %d: %s", code, errs.String())
	}
}
