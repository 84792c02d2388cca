package door

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/offline"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// Parcel is what a phone has kept of one activity and cannot send itself, as another phone
// carries it: boxes that only the house opens. web/ts/offline/parcel.ts makes it.
type Parcel struct {
	Version int      `json:"version"`
	Event   string   `json:"event"`
	Boxes   []string `json:"boxes"`
	Sum     string   `json:"sum"` // of all the rest: 12 bytes of SHA-256 in base64url
}

// Bounds of a parcel; a phone that keeps more makes several.
const (
	ParcelVersion = 1
	// LongestParcel bounds the file, in bytes.
	LongestParcel   = 512 << 10
	mostParcelBoxes = 60
	mostParcelScans = 2000
	// parcelUse binds a box to parcels: one of a scan does not open in its place.
	parcelUse = "parcel 1"
)

// Given are the scans of one device in a parcel, in the order in which they were made.
type Given struct {
	By    string // what the device is called in its pack (MarkOf)
	Scans []Scan
}

// ReadParcel reads a parcel as it lies in a file.
//
// Faults: Invalid at the field "file" for what is no parcel, one of another version, and one
// that was cut or changed; TooLarge for one beyond the bounds.
func ReadParcel(raw []byte) (p Parcel, err error) {
	if len(raw) > LongestParcel {
		return p, largeParcel()
	}
	in := json.NewDecoder(bytes.NewReader(raw))
	if err = in.Decode(&p); err == nil {
		if _, behind := in.Token(); !errors.Is(behind, io.EOF) {
			err = errors.New("something stands behind the parcel")
		}
	}
	switch {
	case err != nil || p.Version == 0 || p.Event == "" || len(p.Boxes) == 0:
		return Parcel{}, fault.At("file", "seminars.fault.parcel")
	case p.Version != ParcelVersion:
		return Parcel{}, fault.At("file", "seminars.fault.parcel_version")
	case len(p.Boxes) > mostParcelBoxes:
		return Parcel{}, largeParcel()
	case p.Sum != SumOf(p):
		return Parcel{}, damagedParcel()
	}
	return p, nil
}

// SumOf is the sum of a parcel over all but its sum.
func SumOf(p Parcel) string {
	sum := sha256.Sum256([]byte(p.Event + "\n" + strings.Join(p.Boxes, "\n")))
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}

func largeParcel() error {
	f := fault.At("file", "seminars.fault.parcel_large")
	f.Code = fault.TooLarge
	return f
}

func damagedParcel() error { return fault.At("file", "seminars.fault.parcel_damaged") }

// boxedScans is what lies in a box of a parcel. A scan is a list, which is shorter than names:
// its nonce, kind, which field of Scan the next is, what that says, and when, in milliseconds.
type boxedScans struct {
	By    string               `json:"by"`
	Scans [][5]json.RawMessage `json:"scans"`
}

// OpenParcel opens the boxes of a parcel with the key of an activity. All is read, or nothing.
//
// Faults: Invalid at the field "file" for a parcel of another activity, and for one whose boxes
// do not open or say something else; TooLarge for more scans than a parcel holds.
func (m *Desk) OpenParcel(a seats.Activity, p Parcel) (out []Given, err error) {
	if p.Event != a.Slug {
		return nil, fault.At("file", "seminars.fault.parcel_event")
	}
	key := m.boxKey(a.ID)
	at, count := map[string]int{}, 0
	for _, box := range p.Boxes {
		text, err := key.Open(parcelUse, box)
		var b boxedScans
		if err != nil || json.Unmarshal(text, &b) != nil || !rowShape.MatchString(b.By) {
			return nil, damagedParcel()
		}
		i, there := at[b.By]
		if !there {
			i, at[b.By] = len(out), len(out)
			out = append(out, Given{By: b.By})
		}
		for _, raw := range b.Scans {
			s, ok := unboxed(raw)
			if !ok {
				return nil, damagedParcel()
			}
			s.Event = a.Slug
			out[i].Scans = append(out[i].Scans, s)
		}
		if count += len(b.Scans); count > mostParcelScans {
			return nil, largeParcel()
		}
	}
	return out, nil
}

// unboxed reads a scan of a box; ok is false for what is none. What it says is judged as of any scan.
func unboxed(raw [5]json.RawMessage) (s Scan, ok bool) {
	var field, says string
	var at int64
	for i, into := range []any{&s.Nonce, &s.Kind, &field, &says, &at} {
		if raw[i] == nil || json.Unmarshal(raw[i], into) != nil {
			return s, false
		}
	}
	s.At = time.UnixMilli(at).UTC()
	switch field {
	case "ticket":
		s.Ticket = says
	case "guest":
		s.Guest = says
	case "undo":
		s.Code = says
	case "box":
		s.Box = says
	case "walk_in":
		s.WalkIn = says
	default:
		return s, false
	}
	return s, len(says) <= offline.LongestBox
}
