package effort

import (
	"crypto/sha256"
	"encoding/binary"
	"math/bits"
	"strconv"
	"strings"
)

// Seed is what a challenge is hashed as.
func Seed(challenge string) [sha256.Size]byte { return sha256.Sum256([]byte(challenge)) }

// Fits reports whether a counter solves one part.
func Fits(seed [sha256.Size]byte, part, counter uint32, zeros int) bool {
	var block [sha256.Size + 8]byte
	copy(block[:], seed[:])
	binary.BigEndian.PutUint32(block[sha256.Size:], part)
	binary.BigEndian.PutUint32(block[sha256.Size+4:], counter)
	sum := sha256.Sum256(block[:])
	return bits.LeadingZeros64(binary.BigEndian.Uint64(sum[:8])) >= zeros
}

// solves reports whether the counters, "17,4,…" in the order of the parts, solve
// a challenge: 16 hashes at most.
func (t challenge) solves(counters string) bool {
	if len(counters) > Parts*11 {
		return false
	}
	list := strings.Split(counters, ",")
	if len(list) != Parts {
		return false
	}
	for i, text := range list {
		counter, err := strconv.ParseUint(text, 10, 32)
		if err != nil || !Fits(t.seed, uint32(i), uint32(counter), t.bits) {
			return false
		}
	}
	return true
}
