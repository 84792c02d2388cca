package people_test

import (
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/spine/people"
)

func TestDetailsAreKeptWithoutWhatNobodySees(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 28, 0, 0, 0, 0, time.UTC)
	got, err := people.Tidy(nil, people.Details{
		FullName: "\u2068Белги\u00adева\u00a0\u2028Ая\ufeff\u2069", Email: "\u202abelgi@Mail.KG\u200e\u00a0", Phone: "\u202d0555\u00a012 34\u200b56\u202c",
		Organisation: "«Жаңы\u202fдоор»\vКФ \U0001f469\u200d\U0001f33e",
	}, now)
	if err != nil || got.FullName != "Белгиева Ая" || got.Email != "belgi@mail.kg" || got.Phone != "+996555123456" || got.Organisation != "«Жаңы доор» КФ \U0001f469\u200d\U0001f33e" {
		t.Errorf("%+v, %v", got, err)
	}
	for field, d := range map[string]people.Details{
		"name":         {FullName: "\u3164\u200b\u115f"},
		"organisation": {FullName: "Ая", Organisation: "Жаңы до\u202eор"},
		"email":        {FullName: "Ая", Email: "a\u202eya@mail.kg"},
		"phone":        {FullName: "Ая", Phone: "0555\u202e123456"},
	} {
		_, err := people.Tidy(nil, d, now)
		key := "fault.turned"
		if field == "name" {
			key = "fault.not_a_name"
		}
		if f := fault.Of(err); f == nil || len(f.Fields) != 1 || f.Fields[0].Field != field || f.Fields[0].Key != key {
			t.Errorf("%s: %v", field, err)
		}
	}
}
