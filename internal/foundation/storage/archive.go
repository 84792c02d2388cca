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
	"time"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/chacha20poly1305"
)

// An archive of today is
//
//	header   256 bytes, in clear: see header
//	slots    128 bytes each, one an owner: see slot
//	body     a gzip stream
//
// and one of before (format 1) a header of 8+1+16 bytes (magic, 1 when encrypted,
// salt) and the body. Encrypted, the body is cut into chunks of 64 KiB, each
// sealed with ChaCha20-Poly1305 under a key that Argon2id makes of passphrase
// and salt. The nonce counts the chunks and its last byte marks the last one,
// so that nothing can be cut, swapped or appended unseen (the STREAM
// construction: Hoang, Reyhanitabar, Rogaway, Vizár 2015); the header is
// authenticated with every chunk. The slots are not: they are blanked later, by
// whoever has the secret and not the passphrase.
const chunkSize = 64 << 10

// Errors of archives.
var (
	ErrBackupKey     = errors.New("storage: the backup is encrypted and the key is missing or wrong, or the file is damaged")
	ErrBackupDamaged = errors.New("storage: the backup is damaged or cut off")
	ErrNotBackup     = errors.New("storage: this file is not a backup")
	ErrForeignBackup = errors.New("storage: the backup belongs to another installation: its secret is another")
)

// archiveKey makes the key of an archive from a passphrase; Argon2id takes its time.
func archiveKey(passphrase string, salt []byte) []byte {
	return argon2.IDKey([]byte(passphrase), salt, 1, 64<<10, 4, chacha20poly1305.KeySize)
}

// archiveWriter compresses and, with a key, encrypts the body. Close ends the archive.
type archiveWriter struct {
	*gzip.Writer
	seal *sealer
	out  *bufio.Writer
}

// newArchiveWriter writes the header and the slots, and gives what takes the body.
func newArchiveWriter(w io.Writer, passphrase string, made time.Time, rules *BackupRules, owners []owner) (*archiveWriter, error) {
	h := header{encrypted: passphrase != "", count: uint64(len(owners)), made: made}
	rand.Read(h.salt[:]) // never fails, crypto/rand ends the process instead
	if rules != nil {
		h.mark = rules.mark(h.salt)
	}
	head := h.bytes()
	a := &archiveWriter{out: bufio.NewWriterSize(w, chunkSize)}
	if _, err := a.out.Write(head); err != nil {
		return nil, err
	}
	var key []byte
	if h.encrypted {
		key = archiveKey(passphrase, h.salt[:])
	}
	area, err := slotArea(head, key, rules, owners)
	if err != nil {
		return nil, err
	}
	if _, err := a.out.Write(area); err != nil {
		return nil, err
	}
	if !h.encrypted {
		a.Writer = gzip.NewWriter(a.out)
		return a, nil
	}
	aead, err := chacha20poly1305.New(key)
	if err != nil {
		return nil, err
	}
	a.seal = &sealer{aead: aead, header: head[:headerUsed], out: a.out, chunk: make([]byte, 0, chunkSize)}
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

// archive is an archive that is being read.
type archive struct {
	header
	head    []byte    // the header as it stands in the file
	slots   []byte    // the area of slots as it stands in the file
	key     []byte    // made of the passphrase, nil when it is not encrypted
	content io.Reader // the body, checked as it is read
}

// openArchive reads header and slots of an archive and gives its body.
func openArchive(r io.Reader, passphrase string) (*archive, error) {
	in := bufio.NewReaderSize(r, 2*chunkSize)
	a := &archive{}
	var err error
	if a.head, a.header, err = readHeader(in); err != nil {
		return nil, err
	}
	if a.slots, err = readSlots(in, a.count); err != nil {
		return nil, err
	}
	var content io.Reader = in
	if a.encrypted {
		if passphrase == "" {
			return nil, ErrBackupKey
		}
		a.key = archiveKey(passphrase, a.salt[:])
		aead, err := chacha20poly1305.New(a.key)
		if err != nil {
			return nil, err
		}
		content = &unsealer{aead: aead, header: a.authenticated(), in: in}
	}
	unzipped, err := gzip.NewReader(content)
	if err != nil {
		return nil, archiveError(err)
	}
	a.content = unzipped
	return a, nil
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
