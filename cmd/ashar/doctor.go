package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"platforma.kg/ashar/internal/app/doctor"
	"platforma.kg/ashar/internal/foundation/config"
)

type doctorCommand struct{ config.Config }

func (doctorCommand) Help() string {
	return "Looks at configuration, disk, keys, database, clock, live events, mail, Telegram and DNS: one line each, with the mend.\n\nExample: ashar doctor --data /var/lib/ashar"
}

// Run prints the findings; bad ones make the exit code 1.
func (c doctorCommand) Run(ctx context.Context, con console) error {
	bad := 0
	for _, f := range doctor.Examine(ctx, c.Config, time.Now()) {
		line := fmt.Sprintf("%-4s  %-13s  %s", f.Grade, f.Part, f.Says)
		if f.Mend != "" {
			line += ". Mend: " + f.Mend
		}
		fmt.Fprintln(con.out, line)
		if f.Grade == doctor.Bad {
			bad++
		}
	}
	if bad > 0 {
		return errors.New("something is bad: see above")
	}
	return nil
}
