package seminars

import "testing"

func TestATicketIsDrawnAsASquareOfModules(t *testing.T) {
	t.Parallel()
	q, err := drawQR(Pass{Serial: 7}.Sign(testKey))
	if err != nil || q.Size < 37 || q.Size > 61 || q.Path == "" {
		t.Errorf("%d modules, %v", q.Size, err)
	}
}
