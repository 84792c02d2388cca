package storage

import (
	"bufio"
	"compress/gzip"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/chacha20poly1305"
)

// An archive is a header of 8+1+16 bytes (magic, 1 when encrypted, salt), then
// a gzip stream. Encrypted, that stream is cut into chunks of 64 KiB, each
// sealed with ChaCha20-Poly1305 under a key that Argon2id makes of passphrase
// and salt. The nonce counts the chunks and its last byte marks the last one,
// so that nothing can be cut, swapped or appended unseen (the STREAM
// construction: Hoang, Reyhanitabar, Rogaway, Vizár 2015); the header is
// authenticated with every chunk.
const (
	archiveMagic = "ASHARDB1"
	headerSize   = len(archiveMagic) + 1 + 16
	chunkSize    = 64 << 10
)

// Errors of archives.
var (
	ErrBackupKey     = errors.New("storage: the backup is encrypted and the key is missing or wrong, or the file is damaged")
	ErrBackupDamaged = errors.New("storage: the backup is damaged or cut off")
	ErrNotBackup     = errors.New("storage: this file is not a backup")
)

func archiveCipher(key string, header []byte) (cipher.AEAD, error) {
	salt := header[len(archiveMagic)+1:]
	return chacha20poly1305.New(argon2.IDKey([]byte(key), salt, 1, 64<<10, 4, chacha20poly1305.KeySize))
}

// archiveWriter compresses and, with a key, encrypts. Close ends the archive.
type archiveWriter struct {
	*gzip.Writer
	seal *sealer
	out  *bufio.Writer
}

func newArchiveWriter(w io.Writer, key string) (*archiveWriter, error) {
	header := make([]byte, headerSize)
	copy(header, archiveMagic)
	if key != "" {
		header[len(archiveMagic)] = 1
		if _, err := rand.Read(header[len(archiveMagic)+1:]); err != nil {
			return nil, err
		}
	}
	a := &archiveWriter{out: bufio.NewWriterSize(w, chunkSize)}
	if _, err := a.out.Write(header); err != nil {
		return nil, err
	}
	if key == "" {
		a.Writer = gzip.NewWriter(a.out)
		return a, nil
	}
	aead, err := archiveCipher(key, header)
	if err != nil {
		return nil, err
	}
	a.seal = &sealer{aead: aead, header: header, out: a.out, chunk: make([]byte, 0, chunkSize)}
	a.Writer = gzip.NewWriter(a.seal)
	return a, nil
}

func (a *archiveWriter) Close() error {
	if err := a.Writer.Close(); err != nil {
		return err
	}
	if a.seal != nil {
		if err := a.seal.flush(true); err != nil {
			return err
		}
	}
	return a.out.Flush()
}

// sealer writes sealed chunks. The last chunk may be empty.
type sealer struct {
	aead   cipher.AEAD
	header []byte
	out    io.Writer
	chunk  []byte
	count  uint64
}

func (s *sealer) Write(p []byte) (int, error) {
	written := len(p)
	for len(p) > 0 {
		if len(s.chunk) == chunkSize { // only now is it known not to be the last
			if err := s.flush(false); err != nil {
				return 0, err
			}
		}
		n := min(len(p), chunkSize-len(s.chunk))
		s.chunk = append(s.chunk, p[:n]...)
		p = p[n:]
	}
	return written, nil
}

func (s *sealer) flush(last bool) error {
	_, err := s.out.Write(s.aead.Seal(nil, chunkNonce(s.count, last), s.chunk, s.header))
	s.chunk = s.chunk[:0]
	s.count++
	return err
}

func chunkNonce(count uint64, last bool) []byte {
	nonce := make([]byte, chacha20poly1305.NonceSize)
	binary.BigEndian.PutUint64(nonce[3:], count)
	if last {
		nonce[11] = 1
	}
	return nonce
}

// openArchive gives the content of an archive, checked as it is read.
func openArchive(r io.Reader, key string) (io.Reader, error) {
	in := bufio.NewReaderSize(r, 2*chunkSize)
	header := make([]byte, headerSize)
	if _, err := io.ReadFull(in, header); err != nil || string(header[:len(archiveMagic)]) != archiveMagic {
		return nil, ErrNotBackup
	}
	var content io.Reader = in
	if header[len(archiveMagic)] == 1 {
		if key == "" {
			return nil, ErrBackupKey
		}
		aead, err := archiveCipher(key, header)
		if err != nil {
			return nil, err
		}
		content = &unsealer{aead: aead, header: header, in: in}
	}
	unzipped, err := gzip.NewReader(content)
	if err != nil {
		return nil, archiveError(err)
	}
	return unzipped, nil
}

// archiveError turns what the compression says of broken bytes into one error.
func archiveError(err error) error {
	if err == nil || errors.Is(err, ErrBackupKey) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrBackupDamaged, err)
}

// unsealer reads sealed chunks.
type unsealer struct {
	aead   cipher.AEAD
	header []byte
	in     *bufio.Reader
	plain  []byte
	count  uint64
	last   bool
}

func (u *unsealer) Read(p []byte) (int, error) {
	for len(u.plain) == 0 {
		if u.last {
			return 0, io.EOF
		}
		chunk := make([]byte, chunkSize+u.aead.Overhead())
		n, err := io.ReadFull(u.in, chunk)
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			return 0, io.ErrUnexpectedEOF // cut off between two chunks
		}
		_, end := u.in.Peek(1)
		u.last = end != nil
		if u.plain, err = u.aead.Open(nil, chunkNonce(u.count, u.last), chunk[:n], u.header); err != nil {
			return 0, ErrBackupKey
		}
		u.count++
	}
	n := copy(p, u.plain)
	u.plain = u.plain[n:]
	return n, nil
}
