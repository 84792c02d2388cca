package telegram

import (
	"errors"
	"net"
)

// notConnected reports whether a request failed before there was a connection,
// so that it cannot have been taken.
func notConnected(err error) bool {
	var op *net.OpError
	var dns *net.DNSError
	return errors.As(err, &op) && op.Op == "dial" || errors.As(err, &dns)
}
