package lite

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"reflect"
	"strconv"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// Rows are the rows of a query, used as those of database/sql.
type Rows struct {
	s     *stmt // nil when closed
	ctx   context.Context
	first bool // the first step has been made and its row not been asked for
	done  bool
	err   error
}

func (r *Rows) step() {
	if r.gone() {
		return
	}
	switch code := sqlite3.Xsqlite3_step(r.s.c.tls, r.s.p); code {
	case sqlite3.SQLITE_ROW:
	case sqlite3.SQLITE_DONE:
		r.done = true
	default:
		r.done, r.err = true, r.s.c.ended(r.ctx, code)
	}
}

// gone reports, and notes, that the connection was closed under the rows.
func (r *Rows) gone() bool {
	if r.s.p != 0 {
		return false
	}
	r.done, r.err = true, ErrClosed
	return true
}

// Next goes to the next row; after the last one the rows are closed.
func (r *Rows) Next() bool {
	if r.s == nil || r.gone() || r.done {
		r.Close()
		return false
	}
	if r.first {
		r.first = false
		return true
	}
	if r.step(); r.done {
		r.Close()
		return false
	}
	return true
}

// Err tells why the rows ended early.
func (r *Rows) Err() error { return r.err }

// Close ends the query.
func (r *Rows) Close() error {
	if r.s != nil {
		r.s.end()
		r.s = nil
	}
	return nil
}

// Columns gives the names.
func (r *Rows) Columns() ([]string, error) {
	if r.s == nil || r.gone() {
		return nil, ErrClosed
	}
	names := make([]string, r.s.columns)
	for i := range names {
		names[i] = libc.GoString(sqlite3.Xsqlite3_column_name(r.s.c.tls, r.s.p, int32(i)))
	}
	return names, nil
}

// Scan reads the row.
func (r *Rows) Scan(dest ...any) error {
	if r.s != nil && r.gone() {
		return ErrClosed
	}
	if r.s == nil || r.first {
		return fmt.Errorf("sqlite: Scan without a row")
	}
	if len(dest) != r.s.columns {
		return fmt.Errorf("sqlite: %d columns, %d places for them", r.s.columns, len(dest))
	}
	for i, d := range dest {
		if err := r.column(int32(i), d); err != nil {
			return fmt.Errorf("sqlite: column %d: %w", i+1, err)
		}
	}
	return nil
}

// column reads one value where it fits exactly, else by way of assign.
func (r *Rows) column(i int32, dest any) error {
	tls, p := r.s.c.tls, r.s.p
	kind := sqlite3.Xsqlite3_column_type(tls, p, i)
	switch d := dest.(type) {
	case *string:
		if kind == sqlite3.SQLITE_TEXT {
			*d = string(r.bytes(i, true))
			return nil
		}
	case *int64:
		if kind == sqlite3.SQLITE_INTEGER {
			*d = sqlite3.Xsqlite3_column_int64(tls, p, i)
			return nil
		}
	case *int:
		if kind == sqlite3.SQLITE_INTEGER {
			*d = int(sqlite3.Xsqlite3_column_int64(tls, p, i))
			return nil
		}
	case *bool:
		if kind == sqlite3.SQLITE_INTEGER {
			if n := sqlite3.Xsqlite3_column_int64(tls, p, i); n == 0 || n == 1 {
				*d = n == 1
				return nil
			}
		}
	case *[]byte:
		switch kind {
		case sqlite3.SQLITE_NULL:
			*d = nil
			return nil
		case sqlite3.SQLITE_BLOB, sqlite3.SQLITE_TEXT:
			*d = append([]byte{}, r.bytes(i, kind == sqlite3.SQLITE_TEXT)...)
			return nil
		}
	case sql.Scanner:
		if kind == sqlite3.SQLITE_BLOB { // an id, most of all: it copies what it is given
			return d.Scan(append([]byte{}, r.bytes(i, false)...))
		}
		return d.Scan(r.value(i, kind))
	case *any:
		*d = r.value(i, kind)
		return nil
	}
	return assign(dest, r.value(i, kind))
}

// bytes is SQLite's own memory, valid until the next step.
func (r *Rows) bytes(i int32, text bool) []byte {
	tls, p := r.s.c.tls, r.s.p
	var from uintptr
	if text {
		from = sqlite3.Xsqlite3_column_text(tls, p, i)
	} else {
		from = sqlite3.Xsqlite3_column_blob(tls, p, i)
	}
	return memory(from, int(sqlite3.Xsqlite3_column_bytes(tls, p, i)))
}

func (r *Rows) value(i, kind int32) any {
	tls, p := r.s.c.tls, r.s.p
	switch kind {
	case sqlite3.SQLITE_INTEGER:
		return sqlite3.Xsqlite3_column_int64(tls, p, i)
	case sqlite3.SQLITE_FLOAT:
		return sqlite3.Xsqlite3_column_double(tls, p, i)
	case sqlite3.SQLITE_TEXT:
		return string(r.bytes(i, true))
	case sqlite3.SQLITE_BLOB:
		return append([]byte{}, r.bytes(i, false)...)
	}
	return nil
}

// assign puts a value into a variable of another type, as database/sql does.
func assign(dest, v any) error {
	to := reflect.ValueOf(dest)
	if to.Kind() != reflect.Pointer || to.IsNil() {
		return fmt.Errorf("cannot read into a %T", dest)
	}
	to = to.Elem()
	if to.Kind() == reflect.Pointer {
		if v == nil {
			to.SetZero()
			return nil
		}
		to.Set(reflect.New(to.Type().Elem()))
		return assign(to.Interface(), v)
	}
	if v == nil {
		if to.Kind() == reflect.Slice {
			to.SetZero()
			return nil
		}
		return fmt.Errorf("cannot read NULL into a %s", to.Type())
	}
	switch x := v.(type) {
	case int64:
		switch {
		case to.CanInt() && !to.OverflowInt(x):
			to.SetInt(x)
			return nil
		case to.CanUint() && x >= 0 && !to.OverflowUint(uint64(x)):
			to.SetUint(uint64(x))
			return nil
		case to.CanFloat():
			to.SetFloat(float64(x))
			return nil
		case to.Kind() == reflect.Bool && (x == 0 || x == 1):
			to.SetBool(x == 1)
			return nil
		case to.Kind() == reflect.String:
			to.SetString(strconv.FormatInt(x, 10))
			return nil
		}
	case float64:
		switch {
		case to.CanFloat():
			to.SetFloat(x)
			return nil
		case to.CanInt() && x == math.Trunc(x) && math.Abs(x) < 1<<53 && !to.OverflowInt(int64(x)):
			to.SetInt(int64(x))
			return nil
		}
	case string:
		switch to.Kind() {
		case reflect.String:
			to.SetString(x)
			return nil
		case reflect.Slice:
			if to.Type().Elem().Kind() == reflect.Uint8 {
				to.SetBytes([]byte(x))
				return nil
			}
		}
	case []byte:
		switch to.Kind() {
		case reflect.String:
			to.SetString(string(x))
			return nil
		case reflect.Slice:
			if to.Type().Elem().Kind() == reflect.Uint8 {
				to.SetBytes(x)
				return nil
			}
		}
	}
	return fmt.Errorf("cannot read %v (%T) into a %s", v, v, to.Type())
}
