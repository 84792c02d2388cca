package pages

import (
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

import "testing"

func TestATicketIsDrawnAsASquareOfModules(t *testing.T) {
	t.Parallel()
	q, err := drawQR(seats.Pass{Serial: 7}.Sign(testKey))
	if err != nil || q.Size < 37 || q.Size > 61 || q.Path == "" {
		t.Errorf("%d modules, %v", q.Size, err)
	}
}
