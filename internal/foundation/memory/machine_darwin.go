package memory

import (
	"io/fs"

	"golang.org/x/sys/unix"
)

// machine is the memory of this machine, 0 when it is not known.
func machine(fs.FS) int64 {
	n, err := unix.SysctlUint64("hw.memsize")
	if err != nil {
		return 0
	}
	return int64(n)
}
