// Package seal keeps secrets: it knows how to close a box and who may open it,
// and nothing of what lies in it.
//
//	secret file ──HKDF──┬─ wrapping key ── wraps one data key for each person
//	                    ├─ index key ───── blind indexes (HMAC), look-up without clear text
//	                    ├─ box key ─────── small things of the installation itself
//	                    └─ signing keys ── Ed25519, one for each use (tickets, certificates)
//
// A box is 24 random bytes of nonce and XChaCha20-Poly1305; the record and the
// field it belongs to are associated data, so that a box moved to another row or
// column does not open. Whoever deletes a wrapped data key has deleted all that
// was sealed with it.
package seal
