package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/app"
	"platforma.kg/ashar/internal/foundation/config"
)

func TestBesideARunningServerASecondIsRefusedAndCommandsWork(t *testing.T) {
	data := t.TempDir()
	serving, err := app.Open(t.Context(), config.Config{Addr: "127.0.0.1:0", Data: data}, app.Options{Serve: true})
	if err != nil {
		t.Fatal(err)
	}
	defer serving.Close()
	command := func(args ...string) (int, string) {
		var out, said bytes.Buffer
		code := run(t.Context(), append(args, "--data", data), console{&out, &said})
		return code, out.String() + said.String()
	}
	if code, said := command("serve", "--addr", "127.0.0.1:0"); code != 1 || !strings.Contains(said, "another ashar serves this data folder") || !strings.Contains(said, data) {
		t.Errorf("a second serve: %d %s", code, said)
	}
	for name, args := range map[string][]string{
		"backup":       {"backup", filepath.Join(t.TempDir(), "a.ashar")},
		"admin invite": {"admin", "invite", "aizada@example.org"},
		"db check":     {"db", "check"},
	} {
		if code, said := command(args...); code != 0 {
			t.Errorf("%s beside it: %d %s", name, code, said)
		}
	}
	if _, said := command("doctor"); !strings.Contains(said, "whole") {
		t.Errorf("doctor beside it: %s", said)
	}
}

func TestABackupSaysThatItsPassphraseCanBeGuessed(t *testing.T) {
	data := t.TempDir()
	folderOf(t, data, 1)
	for key, warns := range map[string]bool{"Бишкек2026": true, "tundra-velvet-orbit-mango-pistol-quarry": false} {
		t.Setenv("ASHAR_BACKUP_KEY", key)
		var out, said bytes.Buffer
		code := run(t.Context(), []string{"backup", filepath.Join(t.TempDir(), "b.ashar"), "--data", data}, console{&out, &said})
		if text := out.String() + said.String(); code != 0 || strings.Contains(text, "is weak") != warns || strings.Contains(text, key) {
			t.Errorf("%q: %d %s", key, code, text)
		}
	}
}
