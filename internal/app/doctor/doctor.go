// Package doctor looks at an installation from outside and says, one line each,
// what is well, what is not, and how to mend it. It changes nothing.
package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"os"
	"strings"
	"syscall"
	"time"

	"platforma.kg/ashar/internal/app"
	"platforma.kg/ashar/internal/foundation/config"
	"platforma.kg/ashar/internal/foundation/files"
	"platforma.kg/ashar/internal/foundation/live"
	"platforma.kg/ashar/internal/foundation/mail"
	"platforma.kg/ashar/internal/foundation/memory"
	"platforma.kg/ashar/internal/foundation/oidc"
	"platforma.kg/ashar/internal/foundation/sms"
	"platforma.kg/ashar/internal/foundation/telegram"
	"platforma.kg/ashar/internal/spine/people"
)

// Grade is how well something is.
type Grade string

// The grades. Off is a part that is not used, which is no fault.
const (
	Well Grade = "ok"
	Off  Grade = "off"
	Warn Grade = "warn"
	Bad  Grade = "BAD"
)

// Finding is one line: what was looked at, how it is, and the mend when it is not well.
type Finding struct {
	Part  string
	Grade Grade
	Says  string
	Mend  string
}

// Patience is how long one part may take to answer.
const Patience = 8 * time.Second

// Examine looks at everything, in the order in which to mend it.
func Examine(ctx context.Context, c config.Config, now time.Time) []Finding {
	var all []Finding
	for _, look := range []func(context.Context, config.Config, time.Time) []Finding{
		configuration, room, folder, keys, erased, database, backups, passphrase, uploads, clock, bus, letters, bot, texts, accounts, names,
	} {
		part, cancel := context.WithTimeout(ctx, Patience)
		all = append(all, look(part, c, now)...)
		cancel()
	}
	return all
}

func one(part string, g Grade, mend, says string, args ...any) []Finding {
	return []Finding{{Part: part, Grade: g, Says: fmt.Sprintf(says, args...), Mend: mend}}
}

func configuration(_ context.Context, c config.Config, _ time.Time) []Finding {
	if err := c.Check(); err != nil {
		return one("configuration", Bad, "see the table of variables in the README", "%s", strings.ReplaceAll(err.Error(), "\n", "; "))
	}
	out := one("configuration", Well, "", "readable")
	for _, line := range c.NotYet() {
		out = append(out, one("configuration", Warn, "take it out", "%s", line)...)
	}
	if u, err := url.Parse(c.Base()); err == nil && u.Scheme == "http" && !loopback(u.Hostname()) {
		out = append(out, one("configuration", Bad, "put a proxy with HTTPS in front and set ASHAR_PUBLIC_URL to https://…", "the public address %s is not encrypted", c.Base())...)
	}
	return out
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || host == "" || ip != nil && (ip.IsLoopback() || ip.IsUnspecified())
}

// little is the memory with which a busy installation is slow, in bytes.
const little = 512 << 20

// room says how much memory ashar strives to stay within, as seen from here: a
// service may have a control group of its own.
func room(context.Context, config.Config, time.Time) []Finding { return roomOf(memory.Find()) }

func roomOf(l memory.Limit) []Finding {
	const part = "memory"
	switch {
	case l.Bytes == 0:
		return one(part, Warn, "set GOMEMLIMIT, for example GOMEMLIMIT=1GiB, so that ashar works harder before the system ends it", "without a limit")
	case l.Bytes < little:
		return one(part, Warn, fmt.Sprintf("give it %d MB or more", little>>20), "%s", says(l))
	}
	return one(part, Well, "", "%s", says(l))
}

func says(l memory.Limit) string {
	mine := fmt.Sprintf("ashar strives to stay within %d MB", l.Bytes>>20)
	if l.From == memory.Operator {
		return mine + ", as GOMEMLIMIT says"
	}
	return fmt.Sprintf("%s, of the %d MB of the %s", mine, l.Of>>20, l.From)
}

// spare is the room that a busy installation needs before the disk is a danger, in bytes.
const spare = 1 << 30

func folder(_ context.Context, c config.Config, _ time.Time) []Finding {
	probe, err := os.CreateTemp(c.Data, ".doctor-*")
	if errors.Is(err, fs.ErrNotExist) {
		return one("data folder", Warn, "ashar serve makes it on its first start", "%s is not there yet", c.Data)
	}
	if err != nil {
		return one("data folder", Bad, "give the folder to the account that runs ashar", "cannot write into %s", c.Data)
	}
	probe.Close()
	os.Remove(probe.Name())
	if open := app.Exposed(c); len(open) > 0 {
		return one("data folder", Bad, "start ashar serve, which takes it away, or chmod -R go= "+c.Data, "others on this machine can read %s", strings.Join(open, ", "))
	}
	var disk syscall.Statfs_t
	if err := syscall.Statfs(c.Data, &disk); err != nil {
		return one("disk", Warn, "", "cannot be measured: %v", err)
	}
	return disks(disk.Bavail*uint64(disk.Bsize), c.Data)
}

// disks judges the room of the folder's disk, in bytes.
func disks(free uint64, folder string) []Finding {
	if free < spare {
		return one("disk", Bad, "make room: without it no write is taken", "%d MB free in %s", free>>20, folder)
	}
	return one("disk", Well, "", "%d GB free in %s", free>>30, folder)
}

// uploads tries the store of files by writing, finding and deleting a small one.
func uploads(ctx context.Context, c config.Config, _ time.Time) []Finding {
	where, mend := "in the data folder, part of every backup", "give the folder "+files.Folder(c.Data)+" to the account that runs ashar"
	if c.FilesURL != "" {
		where = "in the bucket, not part of a backup: keep copies of it"
		mend = "ASHAR_FILES_URL is s3://key:secret@host/bucket[?tls=0][&region=…]; may the key write, list and delete there?"
	} else if _, err := os.Stat(c.Data); err != nil {
		return one("files", Warn, "ashar serve makes it on its first start", "%s is not there yet", files.Folder(c.Data))
	}
	kept, err := files.New(c.FilesURL, c.Data)
	if err != nil {
		return one("files", Bad, mend, "%v", err)
	}
	const probe = "doctor/probe"
	err = kept.Put(ctx, probe, strings.NewReader("ashar"), 5)
	if err == nil {
		err = kept.Delete(ctx, probe)
	}
	list, errList := kept.List(ctx, "")
	if err := errors.Join(err, errList); err != nil {
		return one("files", Bad, mend, "cannot be written: %v", err)
	}
	var size int64
	for _, info := range list {
		size += info.Size
	}
	return one("files", Well, "", "%d, %d MB, %s", len(list), (size+1<<19)>>20, where)
}

// made is a time that has passed: a clock before it is wrong.
var made = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func clock(_ context.Context, _ config.Config, now time.Time) []Finding {
	if now.Before(made) {
		return one("clock", Bad, "switch time synchronisation on (timedatectl set-ntp true)", "it says %s", now.UTC().Format(time.DateOnly))
	}
	if _, err := time.LoadLocation("Asia/Bishkek"); err != nil {
		return one("clock", Bad, "use a binary made by make build", "the zone Asia/Bishkek is unknown")
	}
	return one("clock", Well, "", "%s UTC", now.UTC().Format("2006-01-02 15:04:05"))
}

func bus(ctx context.Context, c config.Config, _ time.Time) []Finding {
	if c.NATSURL == "" {
		return one("live events", Off, "", "in process: right for one process")
	}
	b, err := live.Open(ctx, c.NATSURL)
	if err != nil {
		return one("live events", Bad, "is NATS running at ASHAR_NATS_URL?", "no answer")
	}
	defer b.Close()
	if err := b.Ready(); err != nil {
		return one("live events", Bad, "is NATS running at ASHAR_NATS_URL?", "no answer")
	}
	return one("live events", Well, "", "NATS answers")
}

func letters(ctx context.Context, c config.Config, _ time.Time) []Finding {
	if c.SMTPURL == "" {
		return one("mail", Warn, "name a mail server with ASHAR_SMTP_URL: invitations and sign-in codes go by mail", "no mail goes out")
	}
	from := "ashar@localhost"
	if u, err := url.Parse(c.Base()); err == nil && u.Hostname() != "" {
		from = "ashar@" + u.Hostname()
	}
	sender, err := mail.NewSMTP(c.SMTPURL, from)
	if err != nil {
		return one("mail", Bad, "ASHAR_SMTP_URL is smtp://user:password@host:587?from=ADDRESS", "%v", err)
	}
	defer sender.Close()
	if err := sender.Check(ctx); err != nil {
		return one("mail", Bad, "are host, port and password right, and may this machine reach the server?", "the server does not take us: %v", err)
	}
	out := one("mail", Well, "", "the server takes us")
	u, err := url.Parse(c.SMTPURL)
	if err != nil {
		return out
	}
	_, domain, ok := strings.Cut(strings.TrimSuffix(u.Query().Get("from"), ">"), "@")
	if !ok {
		return out
	}
	for _, r := range []struct{ host, begins, mend string }{
		{domain, "v=spf1", "add a TXT record v=spf1 … that names the mail server"},
		{"_dmarc." + domain, "v=DMARC1", "add a TXT record at _dmarc." + domain + ": v=DMARC1; p=quarantine"},
	} {
		if texts, err := net.DefaultResolver.LookupTXT(ctx, r.host); err != nil || !anyBegins(texts, r.begins) {
			out = append(out, one("DNS of mail", Warn, r.mend, "no %s at %s: mail may land among junk", r.begins, r.host)...)
		}
	}
	return out
}

func anyBegins(texts []string, with string) bool {
	for _, t := range texts {
		if strings.HasPrefix(t, with) {
			return true
		}
	}
	return false
}

func bot(ctx context.Context, c config.Config, _ time.Time) []Finding {
	if c.TelegramToken == "" {
		return one("telegram", Off, "", "not used")
	}
	name, err := telegram.New(telegram.Options{Token: c.TelegramToken, URL: c.TelegramURL}).Name(ctx)
	if err != nil {
		return one("telegram", Bad, "ask @BotFather for the token again; may this machine reach api.telegram.org?", "the bot does not answer")
	}
	return one("telegram", Well, "", "the bot is @%s", name)
}

func texts(ctx context.Context, c config.Config, _ time.Time) []Finding {
	o, err := c.SMS()
	if err != nil {
		return one("text messages", Bad, "docs/sms.md shows the settings of several gateways", "%v", err)
	}
	if o == nil {
		return one("text messages", Off, "", "not used")
	}
	gate, err := sms.New(o.Options)
	if err != nil {
		return one("text messages", Bad, "docs/sms.md shows the settings of several gateways", "%v", err)
	}
	if err := gate.Check(ctx); err != nil {
		return one("text messages", Bad, "is ASHAR_SMS_URL right, and may this machine reach it?", "the gateway does not answer: %v", err)
	}
	return one("text messages", Well, "", "the gateway answers, at most %d parts leave a day; whether it takes our secret shows with the first message", o.Daily)
}

func accounts(ctx context.Context, c config.Config, _ time.Time) []Finding {
	if c.OIDCIssuer == "" {
		return one("issuer", Off, "", "not used: staff sign in with passkeys")
	}
	if err := oidc.New(oidc.Options{Issuer: c.OIDCIssuer}).Discover(ctx); err != nil {
		return one("issuer", Bad, "is ASHAR_OIDC_ISSUER what it calls itself, to the last letter; may this machine reach it?", "%v", err)
	}
	return one("issuer", Well, "", "%s answers; %s must be registered there", c.OIDCIssuer, c.Base()+people.IssuerBack)
}

func names(ctx context.Context, c config.Config, _ time.Time) []Finding {
	u, err := url.Parse(c.Base())
	if err != nil || loopback(u.Hostname()) {
		return one("DNS", Off, "", "this machine only: set ASHAR_PUBLIC_URL when people shall reach it")
	}
	if _, err := net.DefaultResolver.LookupHost(ctx, u.Hostname()); err != nil {
		return one("DNS", Bad, "add an A or AAAA record for "+u.Hostname(), "%s is not known", u.Hostname())
	}
	return one("DNS", Well, "", "%s is known", u.Hostname())
}
