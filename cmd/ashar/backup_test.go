package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/app"
	"platforma.kg/ashar/internal/foundation/config"
	"platforma.kg/ashar/internal/foundation/seal"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/people"
)

// folderOf makes an installation with so many people and gives their ids.
func folderOf(t *testing.T, data string, count int) (ids []storage.ID) {
	t.Helper()
	a, err := app.Open(t.Context(), config.Config{Addr: "127.0.0.1:0", Data: data}, app.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	err = a.Store().Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		for i := range count {
			p, err := a.People().Register(ctx, tx, people.Details{FullName: "Асанова " + letters(i), Email: fmt.Sprintf("person-%d@example.org", i)})
			if err != nil {
				return err
			}
			ids = append(ids, p.ID)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

// eraseIn erases people of an installation that is closed.
func eraseIn(t *testing.T, data string, ids ...storage.ID) {
	t.Helper()
	a, err := app.Open(t.Context(), config.Config{Addr: "127.0.0.1:0", Data: data}, app.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	for _, id := range ids {
		if err := a.People().EraseForGood(t.Context(), storage.ID{}, id); err != nil {
			t.Fatal(err)
		}
	}
}

// opened tells how many of the owners a backup opens with the secret of a folder.
func opened(t *testing.T, data, path string) int {
	t.Helper()
	keys, err := seal.ReadFile(filepath.Join(data, "secret.key"))
	if err != nil {
		t.Fatal(err)
	}
	found, err := storage.Inspect(path, storage.Options{Rules: people.BackupRules(keys)})
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return found.Slots - found.Blank
}

func copyTo(t *testing.T, from, to string) {
	t.Helper()
	body, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, body, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestElevenErasedAtOnceWaitForYesAndTheNewBackupDoesNot(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	data, shelf, other := filepath.Join(dir, "data"), filepath.Join(dir, "shelf"), filepath.Join(dir, "other")
	ids := folderOf(t, data, 15)
	if err := os.MkdirAll(shelf, 0o700); err != nil {
		t.Fatal(err)
	}
	step := func(want int, name string, more ...string) (out, errs string) {
		t.Helper()
		code, out, errs := command(t, append([]string{"backup", filepath.Join(shelf, name), "--data", data}, more...)...)
		if code != want {
			t.Fatalf("%s: exit %d\n%s%s", name, code, out, errs)
		}
		return out, errs
	}
	step(0, "first")
	copyTo(t, filepath.Join(shelf, "first"), filepath.Join(other, "copy"))
	copyTo(t, filepath.Join(shelf, "first"), filepath.Join(data, "backups", "by the house"))
	foreign := filepath.Join(dir, "foreign")
	folderOf(t, foreign, 15)
	if code, _, errs := command(t, "backup", filepath.Join(shelf, "of another"), "--data", foreign); code != 0 || !strings.Contains(errs, "first: of another installation") {
		t.Fatalf("a foreign installation: exit %d, %s", code, errs)
	}
	if n := opened(t, data, filepath.Join(shelf, "first")); n != 15 {
		t.Errorf("a foreign installation left %d of 15", n)
	}
	eraseIn(t, data, ids[:11]...)
	out, errs := step(0, "second", "--blank", other)
	if !strings.HasSuffix(out, "second\n") || !strings.Contains(errs, "Nobody was blanked: 11 people") || !strings.Contains(errs, "--yes") {
		t.Errorf("eleven: %q, %q", out, errs)
	}
	if n := opened(t, data, filepath.Join(shelf, "second")); n != 4 {
		t.Errorf("the new backup opens %d", n)
	}
	for _, path := range []string{filepath.Join(shelf, "first"), filepath.Join(other, "copy"), filepath.Join(data, "backups", "by the house")} {
		if n := opened(t, data, path); n != 15 {
			t.Errorf("while it waits %s opens %d of 15", path, n)
		}
	}
	_, errs = step(0, "third", "--yes", "--blank", other)
	for _, path := range []string{filepath.Join(shelf, "first"), filepath.Join(other, "copy"), filepath.Join(data, "backups", "by the house")} {
		if n := opened(t, data, path); n != 4 || !strings.Contains(errs, filepath.Base(path)+": 11 erased people blanked") {
			t.Errorf("%s opens %d of 4; said %q", path, n, errs)
		}
	}
	if n := opened(t, foreign, filepath.Join(shelf, "of another")); n != 15 {
		t.Errorf("the foreign backup opens %d of 15", n)
	}
	if _, errs := step(0, "fourth"); strings.Contains(errs, "blanked") {
		t.Errorf("all are blanked and it says %q", errs)
	}
	if _, errs := step(1, "fourth"); !strings.Contains(errs, "is there already") {
		t.Errorf("over another: %q", errs)
	}
	if _, errs := step(1, "fifth", "--blank", filepath.Join(dir, "not mounted")); !strings.Contains(errs, "not mounted") {
		t.Errorf("a folder that is not there: %q", errs)
	}
	if _, err := os.Stat(filepath.Join(shelf, "fifth")); err == nil {
		t.Error("it wrote a backup before it looked at the folders")
	}
}

func TestAKilledBackupHarmsNobodyElseInTheBackupsThatItBlanks(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	data, shelf := filepath.Join(dir, "data"), filepath.Join(dir, "shelf")
	ids := folderOf(t, data, 12)
	first := filepath.Join(dir, "first")
	if code, _, errs := command(t, "backup", first, "--data", data); code != 0 {
		t.Fatal(errs)
	}
	eraseIn(t, data, ids[:5]...)
	const files = 300
	path := func(n int) string { return filepath.Join(shelf, fmt.Sprintf("copy %03d", n)) }
	whole, err := os.ReadFile(first)
	if err != nil {
		t.Fatal(err)
	}
	cut := 0
	for life := range 8 {
		for n := range files {
			copyTo(t, first, path(n))
		}
		c := exec.CommandContext(t.Context(), os.Args[0])
		c.Env = append(os.Environ(), childArgs+"="+strings.Join([]string{"backup", filepath.Join(shelf, fmt.Sprintf("new %d", life)), "--data", data}, "\n"))
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- c.Wait() }()
		// It is killed when it has begun with a file drawn by lot.
		doomed := path(rand.IntN(files / 4))
		for alive := true; alive; {
			if body, err := os.ReadFile(doomed); err == nil && !bytes.Equal(body, whole) {
				c.Process.Kill()
				<-ended
				break
			}
			select {
			case <-ended:
				alive = false
			case <-time.After(100 * time.Microsecond): // another process: nothing else tells how far it is
			}
		}
		untouched := 0
		for n := range files {
			left := opened(t, data, path(n)) // fails on a damaged slot
			if left < 7 {
				t.Errorf("life %d: %s opens %d of the 7 living", life, path(n), left)
			}
			if left == 12 {
				untouched++
			}
		}
		if untouched > 0 {
			cut++
		}
		_ = os.Remove(filepath.Join(shelf, fmt.Sprintf("new %d", life)))
	}
	if cut == 0 {
		t.Error("no life was cut off in the middle: the test proves nothing")
	}
	if code, _, errs := command(t, "backup", filepath.Join(shelf, "last"), "--data", data); code != 0 {
		t.Fatal(errs)
	}
	for n := range files {
		if left := opened(t, data, path(n)); left != 7 {
			t.Errorf("after the next backup %s opens %d", path(n), left)
		}
	}
}

func TestABackupOfTheFormatBeforeIsRestoredAndItsErasedAreBuried(t *testing.T) {
	t.Parallel()
	const gone, aijan = "01a220d1-8ba8-75a2-9a6c-2b01c0c8c00a", "01a220d1-8ba8-73bf-beb6-2c4125019ae2"
	old := filepath.Join("testdata", "format1")
	for _, place := range []string{"the list of before", "no list"} {
		t.Run(place, func(t *testing.T) {
			t.Parallel()
			data := filepath.Join(t.TempDir(), "data")
			restore := []string{"restore", filepath.Join(old, "backup.ashar"), "--data", data}
			if code, _, errs := command(t, restore...); code != 1 || !strings.Contains(errs, "secret.key is not there") {
				t.Errorf("without a secret: exit %d, %s", code, errs)
			}
			copyTo(t, filepath.Join(old, "secret.key"), filepath.Join(data, "secret.key"))
			if code, _, errs := command(t, restore...); code != 1 || !strings.Contains(errs, "--accept-missing-erasures") {
				t.Errorf("without a list: exit %d, %s", code, errs)
			}
			wants, left := "3 people are in the database", 1
			if place == "no list" {
				restore = append(restore, "--accept-missing-erasures")
				wants, left = "4 people are in the database", 0
			} else {
				copyTo(t, filepath.Join(old, "erased"), filepath.Join(data, "erased"))
			}
			code, out, errs := command(t, restore...)
			if code != 0 || out != "ok\n" || !strings.Contains(errs, wants) || !strings.Contains(errs, "has no slots") || strings.Contains(errs, gone) != (left == 1) {
				t.Fatalf("exit %d, %q, %s", code, out, errs)
			}
			if code, _, _ := command(t, "person", "export", gone, "--data", data); code != left {
				t.Errorf("export of the erased: exit %d", code)
			}
			code, out, errs = command(t, "person", "export", aijan, "--data", data)
			var archive struct{ Person struct{ Email string } }
			if err := json.Unmarshal([]byte(out), &archive); code != 0 || err != nil || !strings.Contains(out, "aijan@example.org") {
				t.Errorf("export of the living: exit %d, %v, %s%s", code, err, out, errs)
			}
			// The old file is named until it is gone.
			copyTo(t, filepath.Join(old, "backup.ashar"), filepath.Join(data, "backups", "old.ashar"))
			if _, _, errs := command(t, "backup", filepath.Join(data, "new.ashar"), "--data", data); !strings.Contains(errs, "old.ashar: without slots") {
				t.Errorf("backup says %q", errs)
			}
			if _, out, _ := command(t, "doctor", "--data", data); !strings.Contains(out, "old.ashar is without slots") {
				t.Errorf("doctor says %q", out)
			}
		})
	}
	// With the secret of somebody else nothing is left behind.
	data := filepath.Join(t.TempDir(), "data")
	folderOf(t, data, 0)
	copyTo(t, filepath.Join(data, "secret.key"), filepath.Join(data, "other", "secret.key"))
	code, _, errs := command(t, "restore", filepath.Join(old, "backup.ashar"), "--data", filepath.Join(data, "other"), "--accept-missing-erasures")
	if _, err := os.Stat(filepath.Join(data, "other", "ashar.db")); code != 1 || err == nil || !strings.Contains(errs, "another installation") {
		t.Errorf("with a foreign secret: exit %d, %v, %s", code, err, errs)
	}
}

func TestEveryCommandThatOpensTheHouseRefusesAMissingSecret(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	id := folderOf(t, data, 1)[0].String()
	list := filepath.Join(dir, "people.csv")
	if err := os.WriteFile(list, []byte("full name;email\nАсанова Айжан;a@example.org\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	secret := filepath.Join(data, "secret.key")
	if err := os.Remove(secret); err != nil {
		t.Fatal(err)
	}
	for _, foreign := range []bool{false, true} {
		words := "is missing though the database"
		if foreign {
			words = "belongs to another installation"
			if err := os.WriteFile(secret, []byte(strings.Repeat("cd", 32)), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		for _, args := range [][]string{
			{"serve", "--addr", "127.0.0.1:0"},
			{"backup", filepath.Join(dir, "backup")},
			{"import", "people", list},
			{"person", "export", id},
			{"person", "erase", id, "--yes"},
		} {
			if code, out, errs := command(t, append(args, "--data", data)...); code != 1 || out != "" || !strings.Contains(errs, words) {
				t.Errorf("%v: exit %d, %q, %q", args, code, out, errs)
			}
		}
		if _, err := os.Stat(secret); (err == nil) != foreign {
			t.Errorf("the secret: %v", err)
		}
		if _, out, _ := command(t, "doctor", "--data", data); !strings.Contains(out, "BAD   keys") {
			t.Errorf("doctor says %q", out)
		}
	}
}

func TestTheSecretIsLookedForWhereTheEnvironmentSays(t *testing.T) {
	t.Setenv("ASHAR_SECRET_FILE", filepath.Join(t.TempDir(), "stick", "secret.key"))
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	stick := filepath.Dir(os.Getenv("ASHAR_SECRET_FILE"))
	if err := os.MkdirAll(stick, 0o700); err != nil {
		t.Fatal(err)
	}
	list := filepath.Join(dir, "people.csv")
	if err := os.WriteFile(list, []byte("full name;email\nАсанова Айжан;a@example.org\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"import", "people", list, "--data", data},
		{"backup", filepath.Join(dir, "backup"), "--data", data},
		{"restore", filepath.Join(dir, "backup"), "--data", filepath.Join(dir, "new machine")},
	} {
		if code, out, errs := command(t, args...); code != 0 {
			t.Errorf("%v: exit %d, %s%s", args, code, out, errs)
		}
	}
	for _, name := range []string{"data", "new machine"} {
		for _, file := range []string{"secret.key", "erased"} {
			if _, err := os.Stat(filepath.Join(dir, name, file)); err == nil {
				t.Errorf("%s was made in %s", file, name)
			}
		}
	}
	if entries, err := os.ReadDir(stick); err != nil || len(entries) != 2 {
		t.Errorf("on the stick lie %v, %v", entries, err)
	}
}
