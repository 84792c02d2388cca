package app

import (
	"os"
	"runtime"
	"sync"

	"platforma.kg/ashar/internal/foundation/storage"
)

// oneMore lets the process run one more thread of Go at once than there are processors.
// The writer of SQLite waits in the kernel until the disk has its commit; the runtime
// gives its place away meanwhile and lets it queue behind all others when it returns,
// during which nobody's write goes on. With one more, the system wakes it at once: a
// fifth more applications a second on two processors. GOMAXPROCS in the environment
// decides otherwise.
func oneMore(d storage.Dialect) {
	if d == storage.SQLite && os.Getenv("GOMAXPROCS") == "" {
		moreOnce()
	}
}

var moreOnce = sync.OnceFunc(func() { runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + 1) })
