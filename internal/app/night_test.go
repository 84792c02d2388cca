package app

import (
	"context"
	"net"
	"net/http"
	"testing"

	"platforma.kg/ashar/internal/foundation/config"
	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
)

func TestAHouseThatStartsPlansTheNightOfItsFactsAlsoWhenNobodyHad(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	for _, start := range []string{"new", "again", "from a backup without the job"} {
		socket, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		a, err := Open(t.Context(), config.Config{Addr: socket.Addr().String(), Data: data}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if start == "from a backup without the job" {
			if err := a.Store().Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				_, err := tx.Exec(ctx, `DELETE FROM job`)
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
		ended := make(chan error, 1)
		go func() { ended <- a.Run(ctx, socket) }()
		res, err := http.Get("http://" + socket.Addr().String() + "/healthz") // it serves: all is planned
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		var planned []jobs.Record
		if err := a.Store().Read(t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
			planned, err = jobs.List(ctx, tx, jobs.Filter{Kind: "ledger.settle", State: jobs.Waiting})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if len(planned) != 1 {
			t.Errorf("%s: %d nights are planned", start, len(planned))
		}
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}
}
