package phone_test

import (
	"testing"

	"platforma.kg/ashar/internal/foundation/phone"
)

func TestNumbersAreReadAsPeopleInKyrgyzstanWriteThem(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"0555123456":         "+996555123456",
		"0(555) 12-34-56":    "+996555123456",
		" 0555 12 34 56 ":    "+996555123456",
		"996700123456":       "+996700123456",
		"+996 700 123 456":   "+996700123456",
		"555123456":          "+996555123456",
		"0312 61 23 45":      "+996312612345",
		"+7 912 345-67-89":   "+79123456789",
		"+7 701 234 56 78":   "+77012345678",
		"00996 555 12 34 56": "+996555123456",
	} {
		got, err := phone.Parse(in)
		if err != nil || got != want {
			t.Errorf("Parse(%q) = %q, %v; want %q", in, got, err, want)
		}
	}
}

func TestTheOldPrefixEightIsRefusedWithTheRightForm(t *testing.T) {
	t.Parallel()
	for in, hint := range map[string]string{
		"8 555 12 34 56":    "0555 12 34 56",
		"8(700)123-456":     "0700 12 34 56",
		"8 (912) 345-67-89": "+7 912 345-67-89",
	} {
		got, err := phone.Parse(in)
		if err == nil || err.Key != "fault.phone_eight" || err.Args["example"] != hint {
			t.Errorf("Parse(%q) = %q, %v; want the hint %q", in, got, err, hint)
		}
	}
}

func TestWhatIsNoNumberIsRefused(t *testing.T) {
	t.Parallel()
	for in, key := range map[string]string{
		"": "fault.required", "   ": "fault.required", "abc": "fault.not_a_phone", "12": "fault.not_a_phone",
		"+996": "fault.not_a_phone", "0555 12 34 5": "fault.not_a_phone", "0555 12 34 567": "fault.not_a_phone",
		"05551234560555123456055512345605551234560555": "fault.not_a_phone",
		"0555 123456 ext. 5":                           "fault.not_a_phone",
	} {
		if got, err := phone.Parse(in); err == nil || err.Key != key {
			t.Errorf("Parse(%q) = %q, %v; want %s", in, got, err, key)
		}
	}
}

func TestANumberIsShownInGroups(t *testing.T) {
	t.Parallel()
	if got := phone.Display("+996555123456"); got != "+996 555 123 456" {
		t.Errorf("Display gives %q", got)
	}
	if got := phone.Display("nothing"); got != "nothing" {
		t.Errorf("Display of no number gives %q", got)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"0555123456", "+996 555", "8 555 12 34 56", "\x00", "+", "tel:+996;ext=5"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e164, wrong := phone.Parse(s)
		if (wrong == nil) != (e164 != "") {
			t.Fatalf("Parse(%q) = %q, %v", s, e164, wrong)
		}
		if wrong == nil {
			if again, w := phone.Parse(e164); w != nil || again != e164 {
				t.Fatalf("Parse(%q) = %q, but that is read as %q, %v", s, e164, again, w)
			}
		}
	})
}
