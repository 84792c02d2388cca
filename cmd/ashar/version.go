package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// version is set by make build.
var version string

type versionCommand struct{}

func (versionCommand) Help() string { return "Example: ashar version" }

// Run prints the version, the commit and the Go release on one line.
func (versionCommand) Run(con console) error {
	v, commit := version, "unknown commit"
	if info, ok := debug.ReadBuildInfo(); ok {
		if v == "" {
			v = info.Main.Version
		}
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				commit = s.Value
			}
		}
	}
	_, err := fmt.Fprintf(con.out, "ashar %s (%s, %s %s/%s)\n", v, commit, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}
