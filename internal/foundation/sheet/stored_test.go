package sheet_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/sheet"
)

// A table that is written of cells which were kept is the table that would have been
// written at once, in both forms: zero is a number, an empty text stays empty.
func TestCellsThatWereKeptWriteTheSameTable(t *testing.T) {
	t.Parallel()
	row := []sheet.Value{
		sheet.Text("Асанова \"Өмүркан\"\n=1"), sheet.Text(""), sheet.Text("+996 555"), sheet.Figure(0), sheet.Figure(-1.5),
		sheet.Moment(time.Date(2026, 11, 28, 20, 30, 0, 0, time.UTC)), sheet.Moment(time.Time{}),
	}
	raw, err := json.Marshal(row)
	if err != nil {
		t.Fatal(err)
	}
	var kept []sheet.Value
	if err := json.Unmarshal(raw, &kept); err != nil {
		t.Fatal(err)
	}
	for name, write := range map[string]func([][]sheet.Value) ([]byte, error){
		"csv":  func(rows [][]sheet.Value) ([]byte, error) { return sheet.CSV(i18n.Russian, rows) },
		"xlsx": func(rows [][]sheet.Value) ([]byte, error) { return sheet.XLSX("А", rows) },
	} {
		want, err := write([][]sheet.Value{row})
		if err != nil {
			t.Fatal(err)
		}
		got, err := write([][]sheet.Value{kept})
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: %v\n%q\nwant\n%q", name, err, got, want)
		}
	}
	if err := json.Unmarshal([]byte(`[{"n":"x"}]`), &kept); err == nil {
		t.Error("a cell that is damaged is taken")
	}
}
