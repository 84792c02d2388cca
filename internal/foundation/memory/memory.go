// Package memory keeps a process within the memory that its surroundings give it.
package memory

import (
	"io/fs"
	"math"
	"os"
	"path"
	"runtime/debug"
	"strconv"
	"strings"
)

// Where a limit comes from.
const (
	Operator = "GOMEMLIMIT"    // whoever started the process said it
	Group    = "control group" // a container or a service has so much
	Machine  = "machine"       // which others share
	Nowhere  = ""              // nothing is known
)

// Limit is how much memory the process strives to stay within, and of what it is a part.
type Limit struct {
	Bytes int64 // 0: no limit
	Of    int64 // bytes of the group or the machine
	From  string
}

// Parts that are taken, in hundredths: of a group all but what the runtime does
// not count, of a machine what leaves room for a database beside.
const (
	partOfGroup   = 90
	partOfMachine = 70
)

// Find gives the limit that holds here; nothing is changed.
func Find() Limit { return find(os.DirFS("/"), os.Getenv("GOMEMLIMIT"), machine) }

// Bound sets the limit of this process, unless its operator has set one. Near it
// the collector works harder; without it, the system ends the process.
func Bound() Limit {
	l := Find()
	if l.From == Group || l.From == Machine {
		debug.SetMemoryLimit(l.Bytes)
	}
	return l
}

func find(root fs.FS, told string, machine func(fs.FS) int64) Limit {
	if told != "" {
		l := Limit{From: Operator}
		if now := debug.SetMemoryLimit(-1); now != math.MaxInt64 { // -1 only asks
			l.Bytes = now
		}
		return l
	}
	whole := machine(root)
	if group := groupOf(root); group > 0 && (whole == 0 || group < whole) {
		return Limit{group / 100 * partOfGroup, group, Group}
	}
	if whole > 0 {
		return Limit{whole / 100 * partOfMachine, whole, Machine}
	}
	return Limit{}
}

// groupOf is the memory of the control group of this process, 0 when nothing
// bounds it: the least of its own and all above it (cgroups(7), both versions).
func groupOf(root fs.FS) int64 {
	raw, err := fs.ReadFile(root, "proc/self/cgroup")
	if err != nil {
		return 0
	}
	least := int64(0)
	look := func(dir, name string) {
		raw, err := fs.ReadFile(root, path.Join(dir, name))
		if err != nil {
			return
		}
		n, err := strconv.ParseInt(strings.TrimSpace(string(raw)), 10, 64) // or "max"
		if err == nil && n > 0 && n < math.MaxInt64/2 && (least == 0 || n < least) {
			least = n
		}
	}
	for line := range strings.Lines(string(raw)) {
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(parts) != 3 {
			continue
		}
		base, names := "sys/fs/cgroup", []string{"memory.max", "memory.high"}
		if parts[1] != "" {
			if !hasMemory(parts[1]) {
				continue
			}
			base, names = "sys/fs/cgroup/memory", []string{"memory.limit_in_bytes"}
		}
		// Inside a container the path may be that of the host; its own group is the root then.
		for at := path.Clean("/" + parts[2]); ; at = path.Dir(at) {
			for _, name := range names {
				look(base+at, name)
			}
			if at == "/" {
				break
			}
		}
	}
	return least
}

func hasMemory(controllers string) bool {
	for c := range strings.SplitSeq(controllers, ",") {
		if c == "memory" {
			return true
		}
	}
	return false
}

// meminfo is the memory of a Linux machine, 0 elsewhere.
func meminfo(root fs.FS) int64 {
	raw, err := fs.ReadFile(root, "proc/meminfo")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(raw)) {
		if fields := strings.Fields(line); len(fields) == 3 && fields[0] == "MemTotal:" {
			kilobytes, _ := strconv.ParseInt(fields[1], 10, 64)
			return kilobytes << 10
		}
	}
	return 0
}
