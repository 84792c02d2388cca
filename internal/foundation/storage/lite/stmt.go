package lite

import (
	"database/sql/driver"
	"fmt"
	"strconv"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// stmt is a prepared statement.
type stmt struct {
	c       *Conn
	query   string
	p       uintptr // 0 when finalized
	params  []int   // for each parameter of SQLite's the argument it takes
	takes   int     // arguments
	columns int
	kept    bool // for the next run
	busy    bool

	newer, older *stmt // its neighbours in the cache

	room   uintptr // where bound texts and blobs lie while it runs
	size   int
	args   []driver.Value
	inRoom []int32 // the parameters whose values lie there
}

// mostRoom is what a statement may keep for its next arguments.
const mostRoom = 64 << 10

// readParameters learns which argument each parameter takes: SQLite numbers $2
// and $1 in the order in which it meets them.
func (s *stmt) readParameters() error {
	s.params = make([]int, sqlite3.Xsqlite3_bind_parameter_count(s.c.tls, s.p))
	for i := range s.params {
		s.params[i] = i
		if name := libc.GoString(sqlite3.Xsqlite3_bind_parameter_name(s.c.tls, s.p, int32(i+1))); name != "" {
			n, err := strconv.Atoi(name[1:])
			if err != nil || n < 1 || n > 100_000 {
				return fmt.Errorf("sqlite: a parameter is named %s, not $1, $2, …", name)
			}
			s.params[i] = n - 1
		}
		s.takes = max(s.takes, s.params[i]+1)
	}
	return nil
}

// bind gives the parameters their values, which are copied.
func (s *stmt) bind(args []any) error {
	if len(args) != s.takes {
		return fmt.Errorf("sqlite: the statement takes %d arguments, not %d", s.takes, len(args))
	}
	if s.takes == 0 {
		return nil
	}
	s.args = s.args[:0]
	need := 0
	for _, from := range s.params {
		v, err := value(args[from])
		if err != nil {
			return err
		}
		size := 0
		switch v := v.(type) {
		case string:
			size = len(v)
		case []byte:
			size = len(v)
		}
		if size > mostBytes {
			return errTooLong
		}
		need += size
		s.args = append(s.args, v)
	}
	if need > s.size || s.room == 0 { // a text at address 0 would be NULL
		libc.Xfree(s.c.tls, s.room)
		s.size = max(2*need, 256)
		if s.room = s.c.malloc(s.size); s.room == 0 {
			s.size = 0
			return fmt.Errorf("sqlite: no memory for %d bytes of arguments", need)
		}
	}
	free := s.room
	for i, v := range s.args {
		at, code := int32(i+1), int32(0)
		switch v := v.(type) {
		case nil:
			code = sqlite3.Xsqlite3_bind_null(s.c.tls, s.p, at)
		case int64:
			code = sqlite3.Xsqlite3_bind_int64(s.c.tls, s.p, at, v)
		case bool:
			n := int64(0)
			if v {
				n = 1
			}
			code = sqlite3.Xsqlite3_bind_int64(s.c.tls, s.p, at, n)
		case float64:
			code = sqlite3.Xsqlite3_bind_double(s.c.tls, s.p, at, v)
		case string:
			s.inRoom = append(s.inRoom, at)
			copy(memory(free, len(v)), v)
			code = sqlite3.Xsqlite3_bind_text(s.c.tls, s.p, at, free, int32(len(v)), 0)
			free += uintptr(len(v))
		case []byte:
			switch {
			case v == nil:
				code = sqlite3.Xsqlite3_bind_null(s.c.tls, s.p, at)
			case len(v) == 0:
				code = sqlite3.Xsqlite3_bind_zeroblob(s.c.tls, s.p, at, 0)
			default:
				s.inRoom = append(s.inRoom, at)
				copy(memory(free, len(v)), v)
				code = sqlite3.Xsqlite3_bind_blob(s.c.tls, s.p, at, free, int32(len(v)), 0)
				free += uintptr(len(v))
			}
		default:
			return fmt.Errorf("sqlite: argument %d is a %T", i+1, v)
		}
		if code != sqlite3.SQLITE_OK {
			return s.c.failure(code)
		}
	}
	return nil
}

// value makes an argument one of the few types that SQLite stores.
func value(a any) (driver.Value, error) {
	switch v := a.(type) {
	case nil, int64, string, []byte, bool, float64:
		return v, nil
	case int:
		return int64(v), nil
	}
	return driver.DefaultParameterConverter.ConvertValue(a)
}

func memory(p uintptr, n int) []byte {
	if n == 0 {
		return nil
	}
	return (*libc.RawMem)(at(p))[:n:n]
}

// end makes the statement ready for its next run, or gives it back.
func (s *stmt) end() {
	s.busy = false
	if s.p == 0 { // the connection was closed meanwhile
		return
	}
	if s.c.Replanned != nil && sqlite3.Xsqlite3_stmt_status(s.c.tls, s.p, sqlite3.SQLITE_STMTSTATUS_REPREPARE, 1) > 0 {
		s.c.Replanned(s.query)
	}
	if !s.kept {
		s.finalize()
		return
	}
	sqlite3.Xsqlite3_reset(s.c.tls, s.p)
	s.unbind()
	clear(s.args)
	if s.size > mostRoom {
		libc.Xfree(s.c.tls, s.room)
		s.room, s.size = 0, 0
	}
}

// unbind takes away the texts and blobs, so that nothing points at memory that is
// used again, nor stays readable in it. One by one, and no numbers: since SQLite
// 3.54 clear_bindings has statements planned anew, and a number that comes and
// goes may do so too.
func (s *stmt) unbind() {
	used := 0
	for _, at := range s.inRoom {
		sqlite3.Xsqlite3_bind_null(s.c.tls, s.p, at)
	}
	for _, v := range s.args {
		switch v := v.(type) {
		case string:
			used += len(v)
		case []byte:
			used += len(v)
		}
	}
	clear(memory(s.room, min(used, s.size)))
	s.inRoom = s.inRoom[:0]
}

func (s *stmt) finalize() {
	if s.p != 0 {
		delete(s.c.open, s)
		sqlite3.Xsqlite3_finalize(s.c.tls, s.p)
		libc.Xfree(s.c.tls, s.room)
		s.p, s.room, s.size = 0, 0, 0
	}
}
