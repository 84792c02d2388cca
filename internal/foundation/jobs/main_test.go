package jobs_test

import (
	"os"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if os.Getenv(killPath) != "" {
		os.Exit(killChild())
	}
	goleak.VerifyTestMain(m)
}
