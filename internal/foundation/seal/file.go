package seal

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// ReadFile reads the secret file, 64 hexadecimal digits. fs.ErrNotExist when it is
// not there: whoever loses the file has lost all personal data, so that nothing may
// take its place unasked, see MakeFile. Whoever copies it beside the database can
// read them.
func ReadFile(path string) (*Keyring, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("secret file: %w", err)
	}
	secret, err := hex.DecodeString(string(bytes.TrimSpace(raw)))
	if err != nil {
		return nil, fmt.Errorf("secret file %s: not hexadecimal digits", path)
	}
	return New(secret)
}

// MakeFile makes a fresh secret for an installation that has none and nothing
// sealed yet, and reads it. When another process was faster, its file stays.
func MakeFile(path string) (*Keyring, error) {
	if err := makeFile(path); err != nil {
		return nil, err
	}
	return ReadFile(path)
}

// makeFile writes a fresh secret so that the file is there whole or not at all;
// when another process was faster, its file stays.
func makeFile(path string) error {
	secret := make([]byte, SecretLen)
	rand.Read(secret)
	f, err := os.CreateTemp(filepath.Dir(path), ".secret-*") // mode 0600
	if err != nil {
		return fmt.Errorf("secret file: %w", err)
	}
	defer os.Remove(f.Name())
	_, err = fmt.Fprintln(f, hex.EncodeToString(secret))
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fmt.Errorf("secret file: %w", err)
	}
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("secret file: %w", err)
	}
	dir, err := os.Open(filepath.Dir(path)) // the name must be on the disk before anything is sealed
	if err == nil {
		err = errors.Join(dir.Sync(), dir.Close())
	}
	if err != nil {
		return fmt.Errorf("secret file: %w", err)
	}
	return nil
}
