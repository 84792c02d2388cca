// Package config is everything an installation can be told from outside: one
// struct, read from flags, else ASHAR_* variables, else defaults. The table in
// the README is made from the same struct.
package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/oidc"
	"platforma.kg/ashar/internal/foundation/sms"
)

// Config is the configuration of one process. The tags are read by kong (the
// command line), by Table (the README) and by NotYet; "reserved" marks a
// variable whose name is settled while the part that reads it is still to come.
type Config struct {
	Addr      string `name:"addr" env:"ASHAR_ADDR" default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Address to listen on."`
	PublicURL string `name:"public-url" env:"ASHAR_PUBLIC_URL" placeholder:"URL" help:"Address by which people reach the site, used in links, mail and tickets; empty: http://ADDR, or https:// and the domain of the certificate."`
	Proxies   string `name:"proxies" env:"ASHAR_PROXIES" placeholder:"NET,…" help:"Networks of the proxies in front that write X-Forwarded-For, 10.0.0.0/8 or 10.0.0.5; this machine itself is always one."`
	Data      string `name:"data" env:"ASHAR_DATA" default:"data" placeholder:"DIR" help:"Folder of the database, files and keys."`

	DatabaseURL string `name:"database-url" env:"ASHAR_DATABASE_URL" placeholder:"URL" help:"PostgreSQL, postgres://…; empty: SQLite in the data folder."`
	NATSURL     string `name:"nats-url" env:"ASHAR_NATS_URL" placeholder:"URL" help:"NATS cluster for live events between replicas; empty: in process."`

	LiveKitURL    string `name:"livekit-url" env:"ASHAR_LIVEKIT_URL" placeholder:"URL" help:"LiveKit cluster for rooms; empty: in process." reserved:"online rooms"`
	LiveKitKey    string `name:"livekit-key" env:"ASHAR_LIVEKIT_KEY" placeholder:"KEY" help:"Key of the LiveKit cluster." reserved:"online rooms"`
	LiveKitSecret string `name:"livekit-secret" env:"ASHAR_LIVEKIT_SECRET" placeholder:"SECRET" help:"Secret of the LiveKit cluster." reserved:"online rooms"`

	FilesURL string `name:"files-url" env:"ASHAR_FILES_URL" placeholder:"URL" help:"Where uploads lie, s3://key:secret@host/bucket; empty: files in the data folder, which backups hold too."`

	SMTPURL       string `name:"smtp-url" env:"ASHAR_SMTP_URL" placeholder:"URL" help:"Mail server, smtp://user:password@host:587?from=ADDRESS or smtps://…; empty: no mail goes out."`
	TelegramToken string `name:"telegram-token" env:"ASHAR_TELEGRAM_TOKEN" placeholder:"TOKEN" help:"Token of the Telegram bot; empty: no Telegram."`
	TelegramURL   string `name:"telegram-url" env:"ASHAR_TELEGRAM_URL" placeholder:"URL" help:"Bot API server of your own; empty: that of Telegram."`

	SMSURL        string `name:"sms-url" env:"ASHAR_SMS_URL" placeholder:"URL" help:"Gateway of text messages that takes POST, https://…; with a name before the host it asks by HTTP Basic; empty: no text messages. docs/sms.md shows the settings of several gateways."`
	SMSSender     string `name:"sms-sender" env:"ASHAR_SMS_SENDER" placeholder:"NAME" help:"Name of the sender of text messages, as the gateway has agreed to."`
	SMSSecret     string `name:"sms-secret" env:"ASHAR_SMS_SECRET" placeholder:"SECRET" help:"Password or key at the gateway."`
	SMSSecretFile string `name:"sms-secret-file" env:"ASHAR_SMS_SECRET_FILE" placeholder:"FILE" help:"File with the password or key at the gateway, instead of ASHAR_SMS_SECRET."`
	SMSBody       string `name:"sms-body" env:"ASHAR_SMS_BODY" placeholder:"TEXT" help:"What is posted: a form, JSON or XML with {phone} (+996…) or {digits} (996…), {text}, {sender}, {secret} and {id}; empty: JSON with id, from, to and text."`
	SMSHeader     string `name:"sms-header" env:"ASHAR_SMS_HEADER" placeholder:"LINE" help:"One more header of the request, such as Authorization: Bearer {secret}; empty: none."`
	SMSTaken      string `name:"sms-taken" env:"ASHAR_SMS_TAKEN" placeholder:"WORDS" help:"Words in the answer of a gateway that has taken a message, such as <status>0</status>; empty: a status below 300 says it."`
	SMSKnown      string `name:"sms-known" env:"ASHAR_SMS_KNOWN" placeholder:"WORDS" help:"Words in the answer to an {id} that the gateway has taken before, or same when it answers as it did; then what got no answer is tried again. Empty: it knows no ids, and somebody is to be called instead."`
	SMSPrice      string `name:"sms-price" env:"ASHAR_SMS_PRICE" placeholder:"SOM" help:"Price of one part of a text message in som, such as 2.50; staff see the sum before and after. Empty: they see parts only."`
	SMSDaily      string `name:"sms-daily" env:"ASHAR_SMS_DAILY" default:"300" placeholder:"PARTS" help:"How many parts may leave on one day of Bishkek; what is beyond waits for the next day and is shown."`

	OIDCIssuer string `name:"oidc-issuer" env:"ASHAR_OIDC_ISSUER" placeholder:"URL" help:"OpenID Connect issuer by which staff may sign in beside passkeys, https://…, exactly as it names itself; with the two below; empty: passkeys only."`
	OIDCID     string `name:"oidc-id" env:"ASHAR_OIDC_ID" placeholder:"ID" help:"Client id at the issuer; the redirect address to register is ASHAR_PUBLIC_URL and /sign-in/oidc/back."`
	OIDCSecret string `name:"oidc-secret" env:"ASHAR_OIDC_SECRET" placeholder:"SECRET" help:"Client secret at the issuer."`

	SecretFile    string `name:"secret-file" env:"ASHAR_SECRET_FILE" placeholder:"FILE" help:"File with the installation's keys, made on the first start; empty: secret.key in the data folder. The list of the erased lies beside it. Keep copies of both apart from the backups: without the secret sealed data cannot be read."`
	BackupKey     string `name:"backup-key" env:"ASHAR_BACKUP_KEY" placeholder:"PASSPHRASE" help:"Passphrase that encrypts backups; empty: anybody reads in them what is not personal, personal data stay sealed."`
	ACMEDomain    string `name:"acme-domain" env:"ASHAR_ACME_DOMAIN" placeholder:"DOMAIN" help:"Domain to fetch a certificate for, so that ASHAR_ADDR, for example :443, speaks HTTPS; you accept the terms of the authority; empty: a proxy in front speaks HTTPS."`
	ACMEDirectory string `name:"acme-directory" env:"ASHAR_ACME_DIRECTORY" placeholder:"URL" help:"Directory of the certificate authority; empty: Let's Encrypt."`
	MetricsAddr   string `name:"metrics-addr" env:"ASHAR_METRICS_ADDR" placeholder:"HOST:PORT" help:"Second address, which answers Prometheus at /metrics; keep it from the public; empty: none."`
	Log           string `name:"log" env:"ASHAR_LOG" default:"info" enum:"debug,info,warn,error" help:"Least important level that is logged: debug, info, warn or error."`
}

// Base is the public address without a slash at the end.
func (c Config) Base() string {
	if c.PublicURL != "" {
		return strings.TrimRight(c.PublicURL, "/")
	}
	if c.ACMEDomain != "" {
		return "https://" + c.ACMEDomain
	}
	return "http://" + c.Addr
}

// ProxyNets is where the proxies in front stand; see Check for what it refuses.
func (c Config) ProxyNets() (nets []netip.Prefix, err error) {
	for text := range strings.SplitSeq(c.Proxies, ",") {
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		net, wrong := netip.ParsePrefix(text)
		if wrong != nil {
			var address netip.Addr
			if address, wrong = netip.ParseAddr(text); wrong == nil {
				net, wrong = address.Prefix(address.BitLen())
			}
		}
		if wrong != nil {
			return nil, fmt.Errorf("ASHAR_PROXIES: %q is not a network such as 10.0.0.0/8 and not an address", text)
		}
		nets = append(nets, net.Masked())
	}
	return nets, nil
}

// Keys is the file of the installation's keys.
func (c Config) Keys() string {
	if c.SecretFile != "" {
		return c.SecretFile
	}
	return filepath.Join(c.Data, "secret.key")
}

// Database is the SQLite file, empty when PostgreSQL keeps the data.
func (c Config) Database() string {
	if c.DatabaseURL != "" {
		return ""
	}
	return filepath.Join(c.Data, "ashar.db")
}

// Check reports everything that cannot work, each with the mend.
func (c Config) Check() error {
	var bad []error
	if _, _, err := net.SplitHostPort(c.Addr); err != nil {
		bad = append(bad, fmt.Errorf("ASHAR_ADDR: %q is not HOST:PORT, for example 127.0.0.1:8080", c.Addr))
	}
	if _, _, err := net.SplitHostPort(c.MetricsAddr); err != nil && c.MetricsAddr != "" {
		bad = append(bad, fmt.Errorf("ASHAR_METRICS_ADDR: %q is not HOST:PORT, for example 127.0.0.1:9090", c.MetricsAddr))
	}
	if _, err := c.ProxyNets(); err != nil {
		bad = append(bad, err)
	}
	bad = append(bad, c.checkDomain()...)
	bad = append(bad, c.checkIssuer()...)
	if _, err := c.SMS(); err != nil {
		bad = append(bad, err)
	}
	for _, v := range []struct {
		name, value string
		schemes     []string
	}{
		{"ASHAR_PUBLIC_URL", c.PublicURL, []string{"http", "https"}},
		{"ASHAR_DATABASE_URL", c.DatabaseURL, []string{"postgres", "postgresql"}},
		{"ASHAR_NATS_URL", c.NATSURL, []string{"nats", "tls"}},
		{"ASHAR_FILES_URL", c.FilesURL, []string{"s3"}},
		{"ASHAR_SMTP_URL", c.SMTPURL, []string{"smtp", "smtps"}},
		{"ASHAR_ACME_DIRECTORY", c.ACMEDirectory, []string{"https"}},
	} {
		if v.value == "" {
			continue
		}
		u, err := url.Parse(v.value)
		if err != nil || u.Host == "" || !slices.Contains(v.schemes, u.Scheme) {
			bad = append(bad, fmt.Errorf("%s: must begin with %s:// and name a host", v.name, v.schemes[0])) // never the value: it may hold a password
		}
	}
	return errors.Join(bad...)
}

// checkDomain looks at the domain of the certificate: a name, the same as people use.
func (c Config) checkDomain() (bad []error) {
	if c.ACMEDomain == "" {
		return nil
	}
	u, err := url.Parse("https://" + c.ACMEDomain)
	_, isAddress := netip.ParseAddr(c.ACMEDomain)
	if err != nil || u.Host != c.ACMEDomain || u.Port() != "" || !strings.Contains(c.ACMEDomain, ".") || isAddress == nil || strings.ContainsAny(c.ACMEDomain, " *") {
		return []error{fmt.Errorf("ASHAR_ACME_DOMAIN: %q is not a name such as ashar.example.org", c.ACMEDomain)}
	}
	if public, err := url.Parse(c.Base()); err == nil && (public.Scheme != "https" || !strings.EqualFold(public.Hostname(), c.ACMEDomain)) {
		bad = append(bad, fmt.Errorf("ASHAR_PUBLIC_URL: must begin with https://%s when ASHAR_ACME_DOMAIN is that", c.ACMEDomain))
	}
	return bad
}

// checkIssuer looks at the sign-in by OpenID Connect: all of it or nothing.
func (c Config) checkIssuer() (bad []error) {
	three := []struct{ name, value string }{{"ASHAR_OIDC_ISSUER", c.OIDCIssuer}, {"ASHAR_OIDC_ID", c.OIDCID}, {"ASHAR_OIDC_SECRET", c.OIDCSecret}}
	if c.OIDCIssuer == "" && c.OIDCID == "" && c.OIDCSecret == "" {
		return nil
	}
	for _, v := range three {
		if v.value == "" {
			bad = append(bad, fmt.Errorf("%s: is empty; set ASHAR_OIDC_ISSUER, ASHAR_OIDC_ID and ASHAR_OIDC_SECRET together, or none", v.name))
		}
	}
	if u, err := url.Parse(c.OIDCIssuer); c.OIDCIssuer != "" && (err != nil || !oidc.Safe(c.OIDCIssuer) || u.RawQuery != "") {
		bad = append(bad, errors.New("ASHAR_OIDC_ISSUER: must begin with https:// and name a host, without a name, password, query or fragment; http:// is for an issuer on this machine alone"))
	}
	return bad
}

// SMS is what is said of text messages.
type SMS struct {
	sms.Options
	Price int64 // of one part, in hundredths of a som; 0: not told
	Daily int   // parts on one day
}

// SMS gives what is said of text messages; nil when none go. It reads the file of the secret.
func (c Config) SMS() (*SMS, error) {
	if c.SMSURL == "" {
		return nil, nil
	}
	o := SMS{Options: sms.Options{URL: c.SMSURL, Sender: c.SMSSender, Secret: c.SMSSecret, Body: c.SMSBody, Header: c.SMSHeader, Taken: c.SMSTaken, Known: c.SMSKnown}}
	if c.SMSSecretFile != "" {
		if c.SMSSecret != "" {
			return nil, errors.New("ASHAR_SMS_SECRET_FILE: is set beside ASHAR_SMS_SECRET; one of them is enough")
		}
		raw, err := os.ReadFile(c.SMSSecretFile)
		if err != nil {
			return nil, errors.New("ASHAR_SMS_SECRET_FILE: cannot be read")
		}
		o.Secret = strings.TrimSpace(string(raw))
	}
	if c.SMSPrice != "" {
		whole, part, _ := strings.Cut(c.SMSPrice, ".")
		n, err := strconv.ParseUint(whole+(part + "00")[:2], 10, 32)
		if err != nil || whole == "" || len(part) > 2 || n > 100_000 {
			return nil, fmt.Errorf("ASHAR_SMS_PRICE: %q is no sum in som such as 2.50", c.SMSPrice)
		}
		o.Price = int64(n)
	}
	var err error
	if o.Daily, err = strconv.Atoi(c.SMSDaily); err != nil || o.Daily < 1 || o.Daily > 100_000 {
		return nil, fmt.Errorf("ASHAR_SMS_DAILY: %q is no number from 1 to 100000", c.SMSDaily)
	}
	if _, err := sms.New(o.Options); err != nil {
		return nil, err
	}
	return &o, nil
}

// NotYet names the variables that are set though this version has no part that
// reads them, each with what they are kept for.
func (c Config) NotYet() []string {
	var out []string
	v := reflect.ValueOf(c)
	for i := range v.NumField() {
		tag := v.Type().Field(i).Tag
		if part := tag.Get("reserved"); part != "" && v.Field(i).String() != "" {
			out = append(out, tag.Get("env")+" is kept for "+part+" and has no effect yet")
		}
	}
	return out
}
