package programme

import "testing"

func TestADraftAndWhatIsByInvitationAreNotOpen(t *testing.T) {
	t.Parallel()
	for _, a := range []struct {
		Activity
		open bool
	}{
		{Activity{State: Published}, true},
		{Activity{State: Cancelled}, true},
		{Activity{State: Draft}, false},
		{Activity{State: Published, InvitationOnly: true}, false},
		{Activity{State: Cancelled, InvitationOnly: true}, false},
	} {
		if a.Activity.OpenToStrangers() != a.open {
			t.Errorf("%s, by invitation %v: open to strangers is not %v", a.State, a.InvitationOnly, a.open)
		}
	}
}
