package storage

import (
	"bufio"
	"bytes"
	"io"
	"testing"
	"time"

	"golang.org/x/crypto/chacha20poly1305"
	"pgregory.net/rapid"
)

func TestAnArchiveGivesBackWhatWasWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		key := rapid.SampledFrom([]string{"", "", "", "k"}).Draw(t, "key") // a key costs time
		// Around whole chunks, of bytes that do not compress.
		content := make([]byte, rapid.SampledFrom([]int{0, 1, chunkSize - 40, chunkSize, 2*chunkSize - 60, 3 * chunkSize}).Draw(t, "size"))
		state := rapid.Uint64().Draw(t, "seed")
		for i := range content {
			state = state*6364136223846793005 + 1442695040888963407
			content[i] = byte(state >> 56)
		}
		var file bytes.Buffer
		w, err := newArchiveWriter(&file, key, time.UnixMicro(1), nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(content); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		r, err := openArchive(&file, key)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(r.content)
		if err != nil || !bytes.Equal(got, content) {
			t.Errorf("%d bytes came back as %d, %v", len(content), len(got), err)
		}
	})
}

func TestSealedChunksCannotBeSwappedOrDropped(t *testing.T) {
	t.Parallel()
	header := []byte("the head of a backup")
	aead, err := chacha20poly1305.New(archiveKey("k", make([]byte, 16)))
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	s := &sealer{aead: aead, header: header, out: &file, chunk: make([]byte, 0, chunkSize)}
	if _, err := s.Write(make([]byte, 3*chunkSize)); err != nil {
		t.Fatal(err)
	}
	if err := s.flush(true); err != nil {
		t.Fatal(err)
	}
	const sealed = chunkSize + 16
	a, b, c := file.Bytes()[:sealed], file.Bytes()[sealed:2*sealed], file.Bytes()[2*sealed:]
	for name, chunks := range map[string][][]byte{
		"swapped": {b, a, c}, "first dropped": {b, c}, "last dropped": {a, b}, "repeated": {a, b, c, c}, "none": {},
	} {
		u := &unsealer{aead: aead, header: header, in: bufio.NewReader(bytes.NewReader(bytes.Join(chunks, nil)))}
		if _, err := io.Copy(io.Discard, u); err == nil {
			t.Errorf("%s: nobody noticed", name)
		}
	}
}

func FuzzOpenArchive(f *testing.F) {
	f.Add([]byte(magic1 + "\x00................\x1f\x8b\x08"))
	f.Add(append(header{count: 1}.bytes(), make([]byte, slotSize)...))
	f.Add([]byte("SQLite format 3"))
	f.Fuzz(func(_ *testing.T, body []byte) {
		r, err := openArchive(bytes.NewReader(body), "")
		if err == nil {
			_, _ = io.Copy(io.Discard, io.LimitReader(r.content, 1<<20)) // must not panic
		}
	})
}
