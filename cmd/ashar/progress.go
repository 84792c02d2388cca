package main

import (
	"io"
	"os"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/schollz/progressbar/v3"

	"platforma.kg/ashar/internal/app/analysis"
)

// progress gives a bar on the terminal for work that takes long, and nothing
// where messages go into a pipe or a file. The second value clears it away.
func (c console) progress(what string) (analysis.Progress, func()) {
	if !terminal(c.err) {
		return nil, func() {}
	}
	bar := progressbar.NewOptions(1,
		progressbar.OptionSetWriter(c.err),
		progressbar.OptionSetDescription(what),
		progressbar.OptionSetWidth(30),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionSetPredictTime(true),
	)
	step := func(done, total int) {
		bar.ChangeMax(max(total, 1))
		_ = bar.Set(min(done, total)) // a bar that cannot be drawn is no reason to stop
	}
	return step, func() { _ = bar.Finish() }
}

func terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && isatty.IsTerminal(f.Fd())
}
