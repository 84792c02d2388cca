package lottery

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
	"strconv"
)

// stream is the public randomness of a seed, which anybody can compute again: its
// number i (from 0) is the first 8 bytes, big-endian, of SHA-256 of the seed, a line
// feed and i in decimal.
type stream struct {
	seed string
	next uint64
}

func (s *stream) word() uint64 {
	sum := sha256.Sum256([]byte(s.seed + "\n" + strconv.FormatUint(s.next, 10)))
	s.next++
	return binary.BigEndian.Uint64(sum[:8])
}

// below gives a whole number from 0 to n-1, each equally likely: numbers of the
// stream from the last incomplete run of n on are passed over, the rest is taken
// modulo n.
func (s *stream) below(n int64) int64 {
	m := uint64(n)
	end := math.MaxUint64 - math.MaxUint64%m // a multiple of n
	for {
		if w := s.word(); w < end {
			return int64(w % m)
		}
	}
}

// choose takes k of list, each set equally likely: k times one of those left,
// whose place the last one takes.
func (s *stream) choose(list []string, k int) []string {
	if k == len(list) {
		return list
	}
	left := append([]string(nil), list...)
	taken := make([]string, 0, k)
	for range k {
		i := s.below(int64(len(left)))
		taken = append(taken, left[i])
		left[i] = left[len(left)-1]
		left = left[:len(left)-1]
	}
	return taken
}
