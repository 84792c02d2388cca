package lite

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"time"
	"unsafe"

	"modernc.org/libc"
	"modernc.org/libc/sys/types"
	sqlite3 "modernc.org/sqlite/lib"
)

// Conn is one connection.
type Conn struct {
	// Replanned, when set, is told each text that SQLite planned anew though it
	// was prepared: never, unless the tables have changed.
	Replanned func(query string)

	tls   *libc.TLS
	db    uintptr
	out   uintptr // two pointers that SQLite fills
	stmts cache
	open  map[*stmt]bool // all that are prepared, kept or not
	made  int            // how often one was prepared

	mu     sync.Mutex // guards closed against an interrupt
	closed bool
}

// ErrClosed answers whatever is asked of a closed connection.
var ErrClosed = errors.New("sqlite: the connection is closed")

// Error is what SQLite refused, with its extended code.
type Error struct {
	Code int
	Text string
}

func (e *Error) Error() string { return fmt.Sprintf("sqlite: %s (%d)", e.Text, e.Code) }

var configure = sync.OnceFunc(func() {
	tls := libc.NewTLS()
	defer tls.Close()
	// Statistics of memory cost a lock at each allocation. Too late does no harm.
	if va := libc.Xmalloc(tls, 8); va != 0 {
		sqlite3.Xsqlite3_config(tls, sqlite3.SQLITE_CONFIG_MEMSTATUS, libc.VaList(va, int32(0)))
		libc.Xfree(tls, va)
	}
})

// Open opens a database, made when it is not there, and runs the pragmas.
func Open(path string, pragmas ...string) (*Conn, error) {
	configure()
	c := &Conn{tls: libc.NewTLS(), stmts: newCache(mostStatements), open: map[*stmt]bool{}}
	c.out = libc.Xmalloc(c.tls, 16)
	name, err := libc.CString(path)
	if c.out == 0 || err != nil {
		c.tls.Close()
		return nil, fmt.Errorf("sqlite: no memory to open %s", path)
	}
	flags := int32(sqlite3.SQLITE_OPEN_READWRITE | sqlite3.SQLITE_OPEN_CREATE | sqlite3.SQLITE_OPEN_NOMUTEX)
	code := sqlite3.Xsqlite3_open_v2(c.tls, name, c.out, flags, 0)
	libc.Xfree(c.tls, name)
	c.db = *(*uintptr)(at(c.out))
	if code != sqlite3.SQLITE_OK {
		err := c.failure(code)
		c.Close()
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	sqlite3.Xsqlite3_extended_result_codes(c.tls, c.db, 1)
	if err := c.plansHold(); err != nil {
		c.Close()
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	for _, p := range pragmas {
		if _, err := c.Exec(context.Background(), "PRAGMA "+p, nil); err != nil {
			c.Close()
			return nil, fmt.Errorf("pragma %s: %w", p, err)
		}
	}
	return c, nil
}

// plansHold makes the plan of a statement depend on the statement alone. Without
// it, since SQLite 3.54, a join or an ORDER BY with "column = $1" is planned anew
// whenever the value becomes 0 or 1, or ceases to be.
func (c *Conn) plansHold() error {
	va := c.malloc(16)
	if va == 0 {
		return errNoMemory
	}
	defer libc.Xfree(c.tls, va)
	if code := sqlite3.Xsqlite3_db_config(c.tls, c.db, sqlite3.SQLITE_DBCONFIG_ENABLE_QPSG, libc.VaList(va, int32(1), uintptr(0))); code != sqlite3.SQLITE_OK {
		return c.failure(code)
	}
	return nil
}

var errNoMemory = errors.New("sqlite: no memory")

// Close ends the connection, and with it the rows that are still open. A second
// Close does nothing.
func (c *Conn) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return
	}
	c.closed = true
	for s := range c.open {
		s.finalize()
	}
	if c.db != 0 {
		sqlite3.Xsqlite3_close_v2(c.tls, c.db)
	}
	libc.Xfree(c.tls, c.out)
	c.tls.Close()
}

// End ends every statement that runs, as if its rows had been closed; nobody may
// use those rows any more.
func (c *Conn) End() {
	for s := range c.open {
		if s.busy {
			s.end()
		}
	}
}

// Watch ends the statement that runs when ctx ends, and each one begun after
// that, until stop.
func (c *Conn) Watch(ctx context.Context) (stop func()) {
	if ctx.Done() == nil {
		return func() {}
	}
	over := make(chan struct{})
	unregister := context.AfterFunc(ctx, func() {
		for { // SQLite forgets an interrupt that comes between two statements
			if !c.interrupt(over) {
				return
			}
			select {
			case <-over:
				return
			case <-time.After(2 * time.Millisecond):
			}
		}
	})
	return func() {
		if !unregister() {
			c.mu.Lock()
			defer c.mu.Unlock()
			close(over) // under the lock: no interrupt comes after stop
		}
	}
}

// interrupt reports false when nothing is left to be interrupted.
func (c *Conn) interrupt(over <-chan struct{}) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	select {
	case <-over:
		return false
	default:
	}
	if c.closed {
		return false
	}
	tls := libc.NewTLS() // that of the connection is in use
	sqlite3.Xsqlite3_interrupt(tls, c.db)
	tls.Close()
	return true
}

// InTransaction reports whether a transaction is open: an error may have ended it.
func (c *Conn) InTransaction() bool {
	return !c.closed && sqlite3.Xsqlite3_get_autocommit(c.tls, c.db) == 0
}

// Exec runs one statement to its end and gives the number of rows that the last
// INSERT, UPDATE or DELETE changed.
func (c *Conn) Exec(ctx context.Context, query string, args []any) (int64, error) {
	s, err := c.start(ctx, query, args)
	if err != nil {
		return 0, err
	}
	code := int32(sqlite3.SQLITE_ROW)
	for code == sqlite3.SQLITE_ROW {
		code = sqlite3.Xsqlite3_step(c.tls, s.p)
	}
	if code != sqlite3.SQLITE_DONE {
		err = c.ended(ctx, code)
	}
	n := sqlite3.Xsqlite3_changes64(c.tls, c.db)
	s.end()
	return n, err
}

// Query runs one statement that gives rows.
func (c *Conn) Query(ctx context.Context, query string, args []any) (*Rows, error) {
	s, err := c.start(ctx, query, args)
	if err != nil {
		return nil, err
	}
	r := &Rows{s: s, ctx: ctx, first: true}
	// The first step comes at once, so that a statement that changes something
	// has done so, and has failed, when Query returns.
	r.step()
	if r.err != nil {
		err := r.err
		r.Close()
		return nil, err
	}
	return r, nil
}

// start gives the statement with its arguments bound.
func (c *Conn) start(ctx context.Context, query string, args []any) (*stmt, error) {
	if c.closed {
		return nil, ErrClosed
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s := c.stmts.get(query)
	if s == nil || s.busy {
		var err error
		kept := s == nil
		if s, err = c.prepare(query, kept); err != nil {
			return nil, err
		}
		if kept {
			c.stmts.put(s)
		}
	}
	s.busy = true
	if err := s.bind(args); err != nil {
		s.end()
		return nil, err
	}
	return s, nil
}

func (c *Conn) prepare(query string, kept bool) (*stmt, error) {
	if len(query) > mostBytes {
		return nil, errTooLong
	}
	text, err := libc.CString(query)
	if err != nil {
		return nil, err
	}
	defer libc.Xfree(c.tls, text)
	flags := uint32(0)
	if kept {
		flags = sqlite3.SQLITE_PREPARE_PERSISTENT
	}
	tail := c.out + 8
	if code := sqlite3.Xsqlite3_prepare_v3(c.tls, c.db, text, int32(len(query)+1), flags, c.out, tail); code != sqlite3.SQLITE_OK {
		return nil, c.failure(code)
	}
	s := &stmt{c: c, query: query, p: *(*uintptr)(at(c.out)), kept: kept}
	if s.p == 0 {
		return nil, fmt.Errorf("sqlite: an empty statement")
	}
	c.open[s] = true
	c.made++
	for rest := query[*(*uintptr)(at(tail))-text:]; rest != ""; rest = rest[1:] {
		switch rest[0] {
		case ' ', '\t', '\n', '\r', ';':
		default:
			s.finalize()
			return nil, fmt.Errorf("sqlite: more than one statement")
		}
	}
	if err := s.readParameters(); err != nil {
		s.finalize()
		return nil, err
	}
	s.columns = int(sqlite3.Xsqlite3_column_count(c.tls, s.p))
	return s, nil
}

// mostBytes is what SQLite takes as one text or blob, and counts in 32 bits.
const mostBytes = min(1_000_000_000, math.MaxInt32)

var errTooLong = fmt.Errorf("sqlite: longer than %d bytes", mostBytes)

// ended is why a statement ended: the context when that interrupted it.
func (c *Conn) ended(ctx context.Context, code int32) error {
	if code&0xff == sqlite3.SQLITE_INTERRUPT && ctx.Err() != nil {
		return ctx.Err()
	}
	return c.failure(code)
}

func (c *Conn) failure(code int32) error {
	text := "out of memory"
	if c.db != 0 {
		text = libc.GoString(sqlite3.Xsqlite3_errmsg(c.tls, c.db))
	}
	return &Error{Code: int(code), Text: text}
}

// at is the memory at an address of the library, which is never Go's.
func at(p uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&p)) }

func (c *Conn) malloc(n int) uintptr { return libc.Xmalloc(c.tls, types.Size_t(n)) }
