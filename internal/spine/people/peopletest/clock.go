package peopletest

import (
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
)

// Morning is when tests of people begin.
var Morning = time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)

// Both runs f on both engines, each with a clock of its own that stands at Morning.
func Both(t *testing.T, f func(t *testing.T, store *storage.Store, clock *storagetest.Clock)) {
	t.Helper()
	storagetest.EachAt(t, Morning, f)
}
