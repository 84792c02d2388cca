package seminars

import (
	"testing"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
)

func TestATicketIsDrawnAsASquareOfModules(t *testing.T) {
	t.Parallel()
	q, err := drawQR(Pass{Serial: 7}.Sign(testKey))
	if err != nil || q.Size < 37 || q.Size > 61 || q.Path == "" {
		t.Errorf("%d modules, %v", q.Size, err)
	}
}

func BenchmarkCheckInBatch(b *testing.B) {
	store := storagetest.Open(b, still())
	m, a, _, code := doorFixture(b, store)
	scans := make([]Scan, 50)
	b.ResetTimer()
	for i := range b.N {
		for j := range scans {
			id := storage.RandomID(start)
			scans[j] = Scan{Nonce: id.String(), Code: code, Event: a.Slug, At: a.Starts, Kind: "in"}
		}
		if _, err := checkIn(b.Context(), m, a, "phone", scans...); err != nil {
			b.Fatal(i, err)
		}
	}
	b.ReportMetric(float64(50*b.N)/b.Elapsed().Seconds(), "scans/s")
}
