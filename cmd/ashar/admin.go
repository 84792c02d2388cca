package main

import (
	"context"
	"fmt"

	"platforma.kg/ashar/internal/app"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
)

type adminCommand struct {
	Invite adminInviteCommand `cmd:"" help:"Make an administrator: print a one-time link by which she makes her passkey."`
}

type adminInviteCommand struct {
	database
	PublicURL  string `name:"public-url" env:"ASHAR_PUBLIC_URL" placeholder:"URL" help:"Address of the site, as it stands in the link; passkeys need a name in it, not an address in numbers."`
	ACMEDomain string `name:"acme-domain" env:"ASHAR_ACME_DOMAIN" hidden:""`
	Addr       string `name:"addr" env:"ASHAR_ADDR" default:"127.0.0.1:8080" hidden:""`
	Name       string `help:"Her name, when she is new here." placeholder:"NAME"`
	Anew       bool   `help:"She is an administrator already and has lost her passkeys: take them away and invite her again."`
	Email      string `arg:"" help:"Her e-mail address."`
}

func (adminInviteCommand) Help() string {
	return "The link works once, for seven days. Give it to her yourself: whoever opens it first becomes administrator. Works while the server runs; makes the data folder when there is none.\n\nExample: ashar admin invite aizada@example.org --name \"Aizada Asanova\" --public-url https://ashar.example.org --data /var/lib/ashar"
}

// Run prints the link.
func (c adminInviteCommand) Run(ctx context.Context, con console) error {
	conf := c.config()
	conf.PublicURL, conf.ACMEDomain, conf.Addr = c.PublicURL, c.ACMEDomain, c.Addr
	if err := conf.Check(); err != nil {
		return err
	}
	a, err := app.Open(ctx, conf, app.Options{Say: con.say})
	if err != nil {
		return err
	}
	defer a.Close()
	var path string
	err = a.Store().Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
		path, err = a.People().InviteAdministrator(ctx, tx, c.Email, c.Name, c.Anew)
		return err
	})
	if err != nil {
		return inWords(err, a.Texts(i18n.English))
	}
	if !a.People().TakesPasskeys() {
		con.say("This link has an address in numbers, for which browsers make no passkeys: name the site with --public-url or ASHAR_PUBLIC_URL.")
	}
	_, err = fmt.Fprintln(con.out, conf.Base()+path)
	return err
}
