package prose_test

import (
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/web/prose"
)

func TestWhatPeopleWriteBecomesHTML(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		"Биринчи абзац.\n\nЭкинчи.":           "<p>Биринчи абзац.</p>\n<p>Экинчи.</p>\n",
		"# Башы\n\n###### Аягы":               "<h2>Башы</h2>\n<h3>Аягы</h3>\n",
		"## a\n\n### b\n\n## c\n\n# d":        "<h2>a</h2>\n<h3>b</h3>\n<h2>c</h2>\n<h2>d</h2>\n",
		"- бир\n- эки":                        "<ul>\n<li>бир</li>\n<li>эки</li>\n</ul>\n",
		"**калың** жана *кыйгач*":             "<p><strong>калың</strong> жана <em>кыйгач</em></p>\n",
		"[бет](https://example.org/a?b=1)":    "<p><a href=\"https://example.org/a?b=1\">бет</a></p>\n",
		"[бул сайтта](/ky/events)":            "<p><a href=\"/ky/events\">бул сайтта</a></p>\n",
		"[x](javascript:alert(1))":            "<p>x</p>\n",
		"[x](//example.org)":                  "<p>x</p>\n",
		"[x](data:text/html,x)":               "<p>x</p>\n",
		"![сүрөт](https://example.org/a.png)": "<p>сүрөт</p>\n",
		"a <b onclick=x>b</b> c":              "<p>a b c</p>\n",
		"1 < 2 & 3":                           "<p>1 &lt; 2 &amp; 3</p>\n",
	} {
		if got, err := prose.HTML(source); got != want || err != nil {
			t.Errorf("%q: %q, %v, want %q", source, got, err, want)
		}
	}
	for _, hostile := range []string{"<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<a href=\"javascript:x\">y</a>", "[a](<javascript:x>)", "[a]( \tjavascript:x)", "[a](JaVaScRiPt:x)", "<https://ok.example> <javascript:x>"} {
		got, err := prose.HTML(hostile)
		if err != nil || strings.Contains(strings.ToLower(got), "href=\"javascript") || strings.Contains(got, "<script") || strings.Contains(got, "<img") {
			t.Errorf("%q: %q, %v", hostile, got, err)
		}
	}
}

func TestATextAtTheBoundIsTurnedAndOneBeyondItIsNot(t *testing.T) {
	t.Parallel()
	if _, err := prose.HTML(strings.Repeat("a ", prose.MostBytes/2)); err != nil {
		t.Error(err)
	}
	if got, err := prose.HTML(strings.Repeat("a ", prose.MostBytes/2) + "a"); err == nil || got != "" {
		t.Error("more is turned")
	}
	for _, deep := range []string{strings.Repeat(">", 5_000), strings.Repeat("[", 20_000), strings.Repeat("*a", 20_000), strings.Repeat("- ", 5_000)} {
		if _, err := prose.HTML(deep); err != nil {
			t.Error(err)
		}
	}
}

func TestATextWithTooManyOfOneSignIsShownAsItIsWritten(t *testing.T) {
	t.Parallel()
	for _, source := range []string{strings.Repeat("*a_", 13_333), strings.Repeat("> ", 20_000), strings.Repeat("<b", 2_000)} {
		got, err := prose.HTML(source)
		if err != nil || !prose.Heavy(source) || strings.Count(got, "<") != 2 {
			t.Errorf("%.12q…: %.40q…, %v", source, got, err)
		}
	}
	if got, err := prose.HTML("<http://user:pw@example.org> <tg://resolve> [x](http://u:p@example.org) <https://example.org>"); err != nil || strings.Count(got, "<a ") != 1 || !strings.Contains(got, "tg://resolve") {
		t.Errorf("%q, %v", got, err)
	}
}
