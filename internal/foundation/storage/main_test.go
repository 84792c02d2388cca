package storage_test

import (
	"os"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if os.Getenv(crashPath) != "" {
		os.Exit(crashChild())
	}
	goleak.VerifyTestMain(m)
}
