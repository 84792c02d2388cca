package memory

import (
	"math"
	"runtime/debug"
	"testing"
	"testing/fstest"
)

func files(pairs ...string) fstest.MapFS {
	out := fstest.MapFS{"proc/meminfo": {Data: []byte("MemTotal:       8388608 kB\nMemFree:  1000 kB\n")}}
	for i := 0; i < len(pairs); i += 2 {
		out[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return out
}

func TestTheLimitIsPartOfWhatTheSurroundingsGive(t *testing.T) {
	t.Parallel()
	const gigabyte = 1 << 30
	for name, c := range map[string]struct {
		root fstest.MapFS
		want Limit
	}{
		"nothing is known":           {fstest.MapFS{}, Limit{}},
		"a machine":                  {files(), Limit{8 * gigabyte / 100 * 70, 8 * gigabyte, Machine}},
		"a group without a bound":    {files("proc/self/cgroup", "0::/a\n", "sys/fs/cgroup/a/memory.max", "max\n"), Limit{8 * gigabyte / 100 * 70, 8 * gigabyte, Machine}},
		"a container":                {files("proc/self/cgroup", "0::/\n", "sys/fs/cgroup/memory.max", "1073741824\n"), Limit{gigabyte / 100 * 90, gigabyte, Group}},
		"a service":                  {files("proc/self/cgroup", "0::/system.slice/ashar.service\n", "sys/fs/cgroup/system.slice/ashar.service/memory.max", "2147483648\n"), Limit{2 * gigabyte / 100 * 90, 2 * gigabyte, Group}},
		"one that is slowed earlier": {files("proc/self/cgroup", "0::/a\n", "sys/fs/cgroup/a/memory.max", "2147483648\n", "sys/fs/cgroup/a/memory.high", "1073741824\n"), Limit{gigabyte / 100 * 90, gigabyte, Group}},
		"one above it is bounded":    {files("proc/self/cgroup", "0::/a/b/c\n", "sys/fs/cgroup/a/memory.max", "1073741824\n", "sys/fs/cgroup/a/b/c/memory.max", "max\n"), Limit{gigabyte / 100 * 90, gigabyte, Group}},
		"a path of the host":         {files("proc/self/cgroup", "0::/docker/0123\n", "sys/fs/cgroup/memory.max", "1073741824\n"), Limit{gigabyte / 100 * 90, gigabyte, Group}},
		"the older version":          {files("proc/self/cgroup", "3:cpu,cpuacct:/x\n7:memory:/a\n", "sys/fs/cgroup/memory/a/memory.limit_in_bytes", "1073741824\n", "sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n"), Limit{gigabyte / 100 * 90, gigabyte, Group}},
		"more than the machine has":  {files("proc/self/cgroup", "0::/\n", "sys/fs/cgroup/memory.max", "17179869184\n"), Limit{8 * gigabyte / 100 * 70, 8 * gigabyte, Machine}},
		"nonsense":                   {files("proc/self/cgroup", "\n::\nx\n0::/../..\n", "sys/fs/cgroup/memory.max", "-5\n"), Limit{8 * gigabyte / 100 * 70, 8 * gigabyte, Machine}},
	} {
		if got := find(c.root, "", meminfo); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
	if got := find(files(), "1GiB", meminfo); got.From != Operator {
		t.Errorf("the operator's word is not heard: %+v", got)
	}
}

// It is not parallel: the limit is the process's.
func TestTheLimitIsSetUnlessTheOperatorHasSetOne(t *testing.T) {
	before := debug.SetMemoryLimit(math.MaxInt64)
	defer debug.SetMemoryLimit(before)
	t.Setenv("GOMEMLIMIT", "5GiB")
	if l := Bound(); l.From != Operator || debug.SetMemoryLimit(-1) != math.MaxInt64 {
		t.Errorf("the operator's limit was changed: %+v", l)
	}
	t.Setenv("GOMEMLIMIT", "")
	if l := Bound(); l.Bytes <= 0 || debug.SetMemoryLimit(-1) != l.Bytes {
		t.Errorf("%+v is found, %d is set", l, debug.SetMemoryLimit(-1))
	}
}
