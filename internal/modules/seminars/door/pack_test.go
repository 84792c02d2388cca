package door

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/offline"
	"platforma.kg/ashar/internal/foundation/seal"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

var update = flag.Bool("update", false, "write testdata anew")

// sample is a pack of invented people, and what each code is to open: the test of
// web/ts/offline reads it.
type sample struct {
	Pack   offline.Pack   `json:"pack"`
	Word   string         `json:"word"`
	People []samplePerson `json:"people"`
	Codes  []sampleCode   `json:"codes"`
}

type samplePerson struct {
	Pass string `json:"pass"`
	Code string `json:"code"`
	Told told   `json:"told"`
	Seat string `json:"seat"`
	Kind string `json:"kind"`
	At   int64  `json:"at"`
	Back int64  `json:"back"` // when her ticket was taken back
	// Earlier are the QR codes of her ticket from before the activity was moved.
	Earlier []string `json:"earlier,omitempty"`
}

// sampleCode is a code of nobody in the pack, and what it is read as.
type sampleCode struct {
	Code string `json:"code"`
	Read string `json:"read"`
}

// makeSample makes it; only the nonces of the boxes are others each time.
func makeSample(t *testing.T) (sample, Packed, offline.Desk) {
	t.Helper()
	house, err := seal.New(bytes.Repeat([]byte{9}, seal.SecretLen))
	if err != nil {
		t.Fatal(err)
	}
	starts := time.Date(2026, 12, 5, 4, 0, 0, 0, time.UTC)
	activity, elsewhere := storage.ID{15: 7}, storage.ID{15: 8}
	desk, err := offline.DeskOf(house, activity[:])
	if err != nil {
		t.Fatal(err)
	}
	passOf := func(serial seats.Serial, at storage.ID, daysBefore ...uint16) string {
		day := uint16(20793)
		for _, n := range daysBefore {
			day -= n
		}
		return seats.Pass{Serial: serial, LastDay: day, Activity: seats.ActivityTag(at)}.Sign(house.Signing("tickets"))
	}
	s := sample{Word: desk.Word}
	var rows []packed
	for i, p := range []samplePerson{
		{Told: told{"ky", "Айгүл Асанова", "Алдыңкы катардан орун керек"}, Seat: "held"},
		{Told: told{"ru", "Жылдыз Абдырахманова", ""}, Seat: "held", Kind: "in", At: starts.Add(-time.Hour).UnixMilli()},
		{Told: told{"en", "Өмүрбек уулу Нурдөөлөт", "A sign-language interpreter, and a chair with arms, and a place beside the door"}, Seat: "held", Kind: "out", At: starts.Add(5 * time.Minute).UnixMilli()},
		{Told: told{"ky", "Nurgül O'Brien-Ысакова", ""}, Seat: "waiting"},
		{Seat: "withdrawn", Back: starts.Add(-2 * time.Hour).UnixMilli()},
	} {
		id := storage.ID{0: 1, 15: byte(i)}
		r := packed{id: id[:], person: id, told: p.Told, guest: KnownGuest{Seat: p.Seat, Kind: p.Kind, At: p.At, Revoked: p.Back}}
		if p.Seat != "waiting" {
			serial := seats.Serial(1e9 + 7919*uint64(i))
			p.Pass, p.Code = passOf(serial, activity), serial.Code()
			for n := range uint16(i+1) % 4 { // of some one, two, or three
				p.Earlier = append(p.Earlier, passOf(serial, activity, 7*n+7))
			}
			r.pass, r.code, r.earlier = p.Pass, p.Code, p.Earlier
		}
		if p.Back != 0 {
			r.person = storage.ID{}
		}
		rows, s.People = append(rows, r), append(s.People, p)
	}
	foreign, err := seal.New(bytes.Repeat([]byte{8}, seal.SecretLen))
	if err != nil {
		t.Fatal(err)
	}
	s.Codes = []sampleCode{
		{passOf(5, activity), "pass"},
		{passOf(5, elsewhere), "other"},
		{seats.Serial(5).Code(), "code"},
		{seats.Pass{Serial: 5, LastDay: 20793, Activity: seats.ActivityTag(activity)}.Sign(foreign.Signing("tickets")), "forged"},
		{"https://example.org/", "nothing"},
		{"", "nothing"},
		{"0O1I-LLLL", "nothing"},
	}
	key, _ := house.Signing("tickets").Public().(ed25519.PublicKey)
	s.Codes = append(s.Codes, slips(s, key)...)
	tag := seats.ActivityTag(activity)
	rules := PackRules{
		Event: "osh", Tag: tag[:], Verify: key, Starts: starts.UnixMilli(), Ends: starts.Add(5 * time.Hour).UnixMilli(), Free: 1, Whole: true,
		Bounds: Bounds{Grace: seats.TicketGrace.Milliseconds(), Ahead: MayBeAhead.Milliseconds(), Undo: seats.UndoWithin.Milliseconds(), Zone: 6 * 3600 * 1000, Opens: OpensBefore.Milliseconds()},
	}
	p, err := pack(offline.KeyOf(house, "door", activity[:], []byte("a phone")), desk, starts.Add(-time.Hour), starts.Add(29*time.Hour), rules, rows)
	if err != nil {
		t.Fatal(err)
	}
	s.Pack, _ = p.For("")
	return s, p, desk
}

// slips are passes and codes with something wrong in them, or right in another way, and what
// the house reads them as.
func slips(s sample, key ed25519.PublicKey) (out []sampleCode) {
	random := rand.New(rand.NewPCG(5, 12))
	letters := []rune("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:kaаАКү–\n")
	for n := range 400 {
		p := s.People[n%3]
		text := []rune([]string{p.Pass, p.Code}[n/3%2])
		at, letter := random.IntN(len(text)), letters[random.IntN(len(letters))]
		switch random.IntN(6) {
		case 0:
			text[at] = letter
		case 1:
			text = slices.Delete(text, at, at+1)
		case 2:
			text = slices.Insert(text, at, letter)
		case 3:
			text[0], text[at] = text[at], text[0]
		case 4:
			text = text[:at]
		case 5:
			text = append(text, letter)
		}
		c := sampleCode{Code: string(text), Read: "nothing"}
		_, err := seats.ReadPass(c.Code, key)
		_, other := seats.ParseCode(c.Code)
		switch {
		case err == nil || other == nil: // a change that changes nothing; those have their own cases
			continue
		case errors.Is(err, seats.ErrForeignPass):
			c.Read = "forged"
		}
		out = append(out, c)
	}
	return out
}

// boxes takes the boxes out of a pack and gives what they open to.
func boxes(t *testing.T, p *offline.Pack, key offline.Key, desk offline.Desk) (out []string) {
	t.Helper()
	for _, s := range p.Shelves[:shelves] {
		for _, r := range *s.Rows {
			row, _ := r.([]any)
			if row[4] != "" && row[5] == "" { // by an earlier QR: its text opens it, in the test of the device
				out = append(out, "by an earlier QR")
			} else if row[5] != "" {
				plain, err := key.Open("desk", desk.Key, fmt.Sprint(row[5]))
				if err != nil {
					t.Fatal(err)
				}
				out = append(out, string(plain))
			}
			row[4], row[5] = nil, nil
		}
	}
	return out
}

func TestThePackThatTheDeviceIsTestedWithIsTheOneThatIsMade(t *testing.T) {
	t.Parallel()
	made, p, desk := makeSample(t)
	file := filepath.Join("doortest", "testdata", "pack.json")
	if *update {
		raw, err := json.MarshalIndent(made, "", " ")
		if err == nil {
			err = os.WriteFile(file, append(raw, '\n'), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var kept sample
	if err := json.Unmarshal(raw, &kept); err != nil {
		t.Fatal(err)
	}
	was, is := boxes(t, &kept.Pack, p.Key, desk), boxes(t, &made.Pack, p.Key, desk)
	forged := slices.DeleteFunc(slices.Clone(made.Codes), func(c sampleCode) bool { return c.Read != "forged" })
	if len(made.Codes) < 300 || len(forged) < 25 {
		t.Errorf("of %d codes %d are forged", len(made.Codes), len(forged))
	}
	if !slices.Equal(was, is) || len(is) != 4+1+2+3 {
		t.Errorf("the boxes open to %q, now to %q", was, is)
	}
	before, err := json.Marshal(kept)
	if err != nil {
		t.Fatal(err)
	}
	after, err := json.Marshal(made)
	if err != nil {
		t.Fatal(err)
	}
	// Rules come back from JSON in another order of their fields.
	var a, b any
	if json.Unmarshal(before, &a) != nil || json.Unmarshal(after, &b) != nil || fmt.Sprint(a) != fmt.Sprint(b) {
		t.Errorf("packs are made otherwise now: go test -update, and look\n%s\n%s", before, after)
	}
}
