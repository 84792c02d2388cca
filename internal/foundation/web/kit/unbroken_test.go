package kit

import "testing"

func TestDatesAndTimesStayTogether(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"08:00–15:30":                  "08:00\u2060–\u206015:30",
		"акыркы күн: 26-ноябрь":        "акыркы күн: 26\u2060-\u2060ноябрь",
		"26 ноября, 08:00 – 27 ноября": "26 ноября, 08:00 – 27 ноября",
		"иш-чара":                      "иш-чара",
		"":                             "",
		"2026-жылдын 28-ноябры, 10:00–17:00":    "2026\u2060-\u2060жылдын 28\u2060-\u2060ноябры, 10:00\u2060–\u206017:00",
		"Saturday, 28 November 2026, 9:00–10:0": "Saturday, 28 November 2026, 9:00\u2060–\u206010:0",
	} {
		if got := Unbroken(text); got != want {
			t.Errorf("%q gives %q", text, got)
		}
	}
}
