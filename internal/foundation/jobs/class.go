package jobs

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"net"
	"net/textproto"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

// Class says in a word why a run failed. An error's own text may repeat what a server
// or a person said; a class has nothing of anybody, so it may be shown.
type Class string

// The classes.
const (
	Late        Class = "late"        // it had more time than its limit
	Unreachable Class = "unreachable" // what it needs does not answer, or not now
	Refused     Class = "refused"     // a rule of the house or the other side says no
	Stored      Class = "stored"      // the database refused what it wrote
	Died        Class = "died"        // the process that ran it died, again and again
	Panicked    Class = "panicked"    // a mistake of the program
	Other       Class = "other"
)

// Classes lists them.
var Classes = [...]Class{Late, Unreachable, Refused, Stored, Died, Panicked, Other}

// classOf finds the class of an error. Of a server's answer the code alone is read: with
// 5 it refuses for good, with 4 for now.
func classOf(err error) Class {
	var network net.Error
	var answer *textproto.Error
	var broken *storage.ConstraintError
	switch f := fault.Of(err); {
	case errors.Is(err, errPanic):
		return Panicked
	case errors.Is(err, errDied):
		return Died
	case errors.Is(err, errLate), errors.Is(err, context.DeadlineExceeded):
		return Late
	case f != nil && (f.Code == fault.Unavailable || f.Code == fault.Limited):
		return Unreachable
	case f != nil:
		return Refused
	case errors.As(err, &answer) && answer.Code >= 500:
		return Refused
	case errors.As(err, &answer), errors.As(err, &network):
		return Unreachable
	case errors.As(err, &broken):
		return Stored
	}
	return Other
}

// newIncident makes the number under which the log tells of a failed run.
func newIncident() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails: the runtime ends the program instead
	return hex.EncodeToString(b[:])
}
