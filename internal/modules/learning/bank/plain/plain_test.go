package plain_test

import (
	"slices"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/modules/learning/bank/plain"
)

func TestATextInHTMLIsReadWithoutIt(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]struct {
		text string
		lost []string
	}{
		"Шайлоо":  {"Шайлоо", nil},
		" а < б ": {"а < б", nil},
		"<p>Биринчи\n сап</p><p>Экинчи&nbsp;сап</p>":                      {"Биринчи сап\nЭкинчи сап", nil},
		"<p>а</p><br><p>б</p>в<br><br>г":                                  {"а\n\nб\nв\n\nг", nil},
		"а<br>б<br/>в":                                                    {"а\nб\nв", nil},
		"Бул <b>маанилүү</b>, x<sup>2</sup>":                              {"Бул маанилүү, x2", []string{"b", "sup"}},
		"<ul><li>бир</li><li>эки</li></ul>":                               {"- бир\n- эки", []string{"li", "ul"}},
		"<table><tr><td>а</td><td>б</td></tr><tr><td>в</td></tr></table>": {"а | б\nв", []string{"table"}},
		`Бул <img src="x.png" alt="герб"> эмне?`:                          {"Бул герб эмне?", []string{"img"}},
		`<a href="https://example.kg">барак</a>`:                          {"барак", []string{"a"}},
		"а<script>alert(1)</script>б":                                     {"аб", []string{"script"}},
		"а<style>p{}</style>б":                                            {"аб", []string{"style"}},
		"<!-- эскертүү -->а":                                              {"а", nil},
		"&lt;b&gt; &amp;amp; &#1084;&#x44b;":                              {"<b> &amp; мы", nil},
		"а <b":                                                            {"а <b", nil},
		"</p>":                                                            {"", nil},
		"":                                                                {"", nil},
	} {
		text, lost := plain.Text(source)
		if text != want.text || !slices.Equal(lost, want.lost) {
			t.Errorf("%q is %q without %v, want %q without %v", source, text, lost, want.text, want.lost)
		}
	}
	deep := strings.Repeat("<div>", 1<<17) + "а" + strings.Repeat("</div>", 1<<17)
	if text, _ := plain.Text(deep); text != "а" {
		t.Errorf("a deep text is %q", text)
	}
}
