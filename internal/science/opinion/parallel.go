package opinion

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// parallel does tasks 0 to n-1 on as many cores as there are. Tasks write to
// places of their own, so the result does not depend on who does them when.
func parallel(n int, task func(int)) {
	workers := min(n, runtime.GOMAXPROCS(0))
	if workers <= 1 {
		for i := range n {
			task(i)
		}
		return
	}
	var next atomic.Int64
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				task(i)
			}
		})
	}
	group.Wait()
}

// chunks splits n things into parts of a fixed size and does each part.
func chunks(n int, part func(from, to int)) {
	const size = 2048
	parallel((n+size-1)/size, func(i int) { part(i*size, min(n, (i+1)*size)) })
}
