package sheets

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

// MostSom bounds one amount, in som.
const MostSom = 1_000_000

// Amounts are what is paid to who takes part in an activity, in whole som.
type Amounts struct {
	Day     int64                // for each day
	City    map[string]int64     // there and back, by the code of the city that somebody comes from
	Own     map[storage.ID]int64 // of one person, in place of that of her city
	Version int64                // 0: nothing was set yet
}

// Fare is what her way costs.
func (a Amounts) Fare(person storage.ID, city string) int64 {
	if own, ok := a.Own[person]; ok {
		return own
	}
	return a.City[city]
}

// AmountsOf reads the amounts of an activity.
func AmountsOf(ctx context.Context, tx *storage.Tx, activity storage.ID) (Amounts, error) {
	a := Amounts{City: map[string]int64{}, Own: map[storage.ID]int64{}}
	err := tx.QueryRow(ctx, `SELECT day_som, version
		FROM sheet_amount
		WHERE activity_id = $1`, activity).Scan(&a.Day, &a.Version)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return a, err
	}
	if _, err := storage.All(ctx, tx, func(row storage.Scanner) (struct{}, error) {
		var city string
		var som int64
		err := row.Scan(&city, &som)
		a.City[city] = som
		return struct{}{}, err
	}, `SELECT city, som
		FROM sheet_city_fare
		WHERE activity_id = $1`, activity); err != nil {
		return a, err
	}
	_, err = storage.All(ctx, tx, func(row storage.Scanner) (struct{}, error) {
		var person storage.ID
		var som int64
		err := row.Scan(&person, &som)
		a.Own[person] = som
		return struct{}{}, err
	}, `SELECT person_id, som
		FROM sheet_fare
		WHERE activity_id = $1`, activity)
	return a, err
}

// readSom reads a typed amount: digits, with the spaces that people put between thousands.
func readSom(text string) (som int64, ok bool) {
	text = strings.NewReplacer(" ", "", "\u00A0", "", "\u202F", "").Replace(strings.TrimSpace(text))
	if text == "" || len(text) > 9 || strings.Trim(text, "0123456789") != "" {
		return 0, false
	}
	som, err := strconv.ParseInt(text, 10, 64)
	return som, err == nil && som <= MostSom
}

func wrongSom(form *fault.Form, field string) {
	form.Add(field, "sheets.fault.som", fault.Args{"most": MostSom})
}
