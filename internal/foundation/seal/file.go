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

// OpenFile reads the secret file, 64 hexadecimal digits, and makes it when it is
// not there. Whoever loses the file has lost all personal data; whoever copies
// it beside the database can read them.
func OpenFile(path string) (*Keyring, error) {
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := makeFile(path); err != nil {
			return nil, err
		}
		raw, err = os.ReadFile(path)
	}
	if err != nil {
		return nil, fmt.Errorf("secret file: %w", err)
	}
	secret, err := hex.DecodeString(string(bytes.TrimSpace(raw)))
	if err != nil {
		return nil, fmt.Errorf("secret file %s: not hexadecimal digits", path)
	}
	return New(secret)
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
	return nil
}
