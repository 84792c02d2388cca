package doctor

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/app"
	"platforma.kg/ashar/internal/foundation/config"
	"platforma.kg/ashar/internal/foundation/memory"
	"platforma.kg/ashar/internal/foundation/oidc/oidctest"
)

var now = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

func find(t *testing.T, all []Finding, part string) Finding {
	t.Helper()
	for _, f := range all {
		if f.Part == part {
			return f
		}
	}
	t.Fatalf("nothing is said of %s: %v", part, all)
	return Finding{}
}

func TestAFreshFolderIsNoFault(t *testing.T) {
	t.Parallel()
	for _, f := range Examine(t.Context(), config.Config{Addr: "127.0.0.1:0", Data: t.TempDir()}, now) {
		// How full the disk is that the tests run on is no property of the folder.
		if f.Grade == Bad && f.Part != "disk" {
			t.Errorf("%+v", f)
		}
		if f.Grade == Warn && f.Mend == "" {
			t.Errorf("%s warns without a mend", f.Part)
		}
	}
}

func TestADiskIsADangerBelowItsSpareRoom(t *testing.T) {
	t.Parallel()
	for free, want := range map[uint64]Grade{0: Bad, 1<<30 - 1: Bad, 1 << 30: Well, 5 << 40: Well} {
		if f := disks(free, "data")[0]; f.Part != "disk" || f.Grade != want || (want == Bad) != (f.Mend != "") {
			t.Errorf("%d bytes free: %+v", free, f)
		}
	}
}

func TestEachFaultComesWithItsMend(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name string, perm os.FileMode, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), perm); err != nil {
			t.Fatal(err)
		}
	}
	write("secret.key", 0o644, "x")
	write("ashar.db", 0o600, strings.Repeat("this is no database ", 500))
	c := config.Config{
		Addr: "127.0.0.1:0", Data: dir, PublicURL: "http://ashar.invalid", SMTPURL: "smtp://user:hunter2@127.0.0.1:1?from=a@ashar.invalid",
		NATSURL: "nats://127.0.0.1:1", FilesURL: "s3://id:hunter2@127.0.0.1:1/uploads?tls=0",
		OIDCIssuer: "http://127.0.0.1:1", OIDCID: "ashar", OIDCSecret: "hunter2",
	}
	all := Examine(t.Context(), c, now.AddDate(-30, 0, 0))
	for _, part := range []string{"keys", "database", "files", "clock", "mail", "live events", "issuer", "DNS"} {
		if f := find(t, all, part); f.Grade != Bad || f.Mend == "" {
			t.Errorf("%+v", f)
		}
	}
	for _, f := range all {
		if strings.Contains(f.Says+f.Mend, "hunter2") {
			t.Errorf("a password is shown: %+v", f)
		}
	}
}

func TestTheIssuerIsAskedForItself(t *testing.T) {
	t.Parallel()
	far := oidctest.New(t)
	c := config.Config{Addr: "127.0.0.1:8080", OIDCIssuer: far.URL, OIDCID: oidctest.ID, OIDCSecret: oidctest.Secret}
	if f := find(t, accounts(t.Context(), c, now), "issuer"); f.Grade != Well || !strings.Contains(f.Says, "http://127.0.0.1:8080/sign-in/oidc/back") {
		t.Errorf("%+v", f)
	}
	c.OIDCIssuer += "/"
	if f := find(t, accounts(t.Context(), c, now), "issuer"); f.Grade != Bad || f.Mend == "" || !strings.Contains(f.Says, far.URL) {
		t.Errorf("another last letter: %+v", f)
	}
}

func TestTheSecretIsLookedAtTogetherWithItsDataAndItsList(t *testing.T) {
	t.Parallel()
	data, apart := t.TempDir(), t.TempDir()
	c := config.Config{Addr: "127.0.0.1:0", Data: data, SecretFile: filepath.Join(apart, "secret.key")}
	a, err := app.Open(t.Context(), c, app.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Backup(t.Context(), filepath.Join(data, "backup"), app.BackupOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	looks := func(when, part string, grade Grade, says string) {
		t.Helper()
		if f := find(t, Examine(t.Context(), c, now), part); f.Grade != grade || !strings.Contains(f.Says, says) || grade != Well && f.Mend == "" {
			t.Errorf("%s: %+v", when, f)
		}
	}
	looks("apart, on one disk", "keys", Warn, "on one disk")
	looks("apart, on one disk", "erased list", Well, "0 erased, known until 20")
	looks("apart, on one disk", "backups", Well, "1 in the data folder")
	looks("apart, on one disk", "database", Well, "whole")
	body, err := os.ReadFile(filepath.Join(data, "backup"))
	if err != nil {
		t.Fatal(err)
	}
	put := func(path string, body []byte) {
		if err := os.WriteFile(path, body, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	body[20] ^= 1
	put(filepath.Join(data, "backup"), body)
	looks("a damaged backup", "backups", Warn, "damaged")
	put(filepath.Join(data, "backup"), append([]byte("ASHARDB1"), make([]byte, 100)...))
	looks("a backup of before", "backups", Warn, "without slots")
	if err := os.Remove(filepath.Join(apart, "erased")); err != nil {
		t.Fatal(err)
	}
	looks("the list is lost", "erased list", Warn, "is not there")
	put(filepath.Join(apart, "erased"), []byte("ashar erased 1 0011223344556677 2026-01-01T00:00:00Z\n"))
	looks("another's list", "erased list", Bad, "another installation")
	put(c.SecretFile, []byte(strings.Repeat("ab", 32)))
	looks("another's secret", "keys", Bad, "another secret")
	if err := os.Remove(c.SecretFile); err != nil {
		t.Fatal(err)
	}
	looks("the secret is lost", "keys", Bad, "is missing though")
}

func TestAMissingKeyFileBesideADatabaseIsAFault(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "ashar.db"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if f := find(t, keys(t.Context(), config.Config{Data: dir}, now), "keys"); f.Grade != Bad {
		t.Errorf("%+v", f)
	}
}

func TestTheMemoryThatAsharStaysWithinIsSaid(t *testing.T) {
	t.Parallel()
	const gigabyte = 1 << 30
	for name, c := range map[string]struct {
		limit memory.Limit
		grade Grade
		says  string
	}{
		"of a machine":     {memory.Limit{Bytes: 7 * gigabyte, Of: 10 * gigabyte, From: memory.Machine}, Well, "within 7168 MB, of the 10240 MB of the machine"},
		"of a container":   {memory.Limit{Bytes: gigabyte / 10 * 9, Of: gigabyte, From: memory.Group}, Well, "within 921 MB, of the 1024 MB of the control group"},
		"of the operator":  {memory.Limit{Bytes: gigabyte, From: memory.Operator}, Well, "as GOMEMLIMIT says"},
		"little":           {memory.Limit{Bytes: gigabyte / 4, Of: gigabyte / 3, From: memory.Group}, Warn, "within 256 MB"},
		"switched off":     {memory.Limit{From: memory.Operator}, Warn, "without a limit"},
		"nothing is known": {memory.Limit{}, Warn, "without a limit"},
	} {
		if f := find(t, roomOf(c.limit), "memory"); f.Grade != c.grade || !strings.Contains(f.Says, c.says) || c.grade == Warn && f.Mend == "" {
			t.Errorf("%s: %+v", name, f)
		}
	}
	if f := find(t, Examine(t.Context(), config.Config{Addr: "127.0.0.1:0", Data: t.TempDir()}, now), "memory"); f.Says == "" {
		t.Error("nothing is said")
	}
}
