//go:build !darwin

package memory

import "io/fs"

// machine is the memory of this machine, 0 when it is not known.
func machine(root fs.FS) int64 { return meminfo(root) }
