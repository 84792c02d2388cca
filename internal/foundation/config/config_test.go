package config

import (
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the configuration table into the README")

const (
	readme = "../../../README.md"
	begin  = "<!-- configuration: made from internal/foundation/config by make generate -->\n"
	end    = "<!-- /configuration -->"
)

func TestTheReadmeHoldsTheConfigurationTable(t *testing.T) {
	raw, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, ok := strings.Cut(string(raw), begin)
	if !ok {
		t.Fatalf("README.md lacks the line %q", begin)
	}
	table, tail, ok := strings.Cut(rest, end)
	if !ok {
		t.Fatalf("README.md lacks %q", end)
	}
	if table == Table() {
		return
	}
	if !*update {
		t.Fatal("the configuration table in README.md is stale: run make generate")
	}
	if err := os.WriteFile(readme, []byte(head+begin+Table()+end+tail), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestEveryVariableHasANameAFlagAndAHelp(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	c := reflect.TypeFor[Config]()
	for i := range c.NumField() {
		f := c.Field(i)
		env := f.Tag.Get("env")
		if !strings.HasPrefix(env, "ASHAR_") || seen[env] {
			t.Errorf("%s: variable %q is missing, foreign or there twice", f.Name, env)
		}
		seen[env] = true
		if want := strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(env, "ASHAR_"), "_", "-")); f.Tag.Get("name") != want {
			t.Errorf("%s: flag %q, want %q", f.Name, f.Tag.Get("name"), want)
		}
		if !strings.HasSuffix(f.Tag.Get("help"), ".") {
			t.Errorf("%s: the help is not a sentence", f.Name)
		}
	}
	for _, name := range strings.Fields(`ASHAR_ADDR ASHAR_PUBLIC_URL ASHAR_DATA ASHAR_DATABASE_URL ASHAR_NATS_URL
		ASHAR_LIVEKIT_URL ASHAR_LIVEKIT_KEY ASHAR_LIVEKIT_SECRET ASHAR_FILES_URL ASHAR_SMTP_URL ASHAR_TELEGRAM_TOKEN
		ASHAR_OIDC_ISSUER ASHAR_OIDC_ID ASHAR_OIDC_SECRET ASHAR_SECRET_FILE ASHAR_BACKUP_KEY ASHAR_ACME_DOMAIN ASHAR_METRICS_ADDR ASHAR_LOG`) {
		if !seen[name] {
			t.Errorf("%s is promised and missing", name)
		}
	}
}

func TestCheckNamesEveryWrongVariableAndNoSecret(t *testing.T) {
	t.Parallel()
	c := Config{Addr: "8080", PublicURL: "ashar.example", DatabaseURL: "mysql://root:hunter2@db/x", SMTPURL: "://hunter2", Proxies: "10.0.0.0/8, proxy"}
	err := c.Check()
	if err == nil {
		t.Fatal("no error")
	}
	for _, name := range []string{"ASHAR_ADDR", "ASHAR_PUBLIC_URL", "ASHAR_DATABASE_URL", "ASHAR_SMTP_URL", "ASHAR_PROXIES"} {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%s is not named in %q", name, err)
		}
	}
	if strings.Contains(err.Error(), "hunter2") {
		t.Errorf("a password is shown: %q", err)
	}
	if err := (Config{Addr: "127.0.0.1:0", DatabaseURL: "postgres://u@h/d"}).Check(); err != nil {
		t.Errorf("a good configuration is refused: %v", err)
	}
}

func TestTheDomainOfACertificateIsTheOneThatPeopleUse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ domain, public, wrong string }{
		{"ashar.example.org", "", ""},
		{"ashar.example.org", "https://ashar.example.org", ""},
		{"ashar.example.org", "https://Ashar.example.org:8443/", ""},
		{"ashar.example.org", "http://ashar.example.org", "ASHAR_PUBLIC_URL"},
		{"ashar.example.org", "https://other.example.org", "ASHAR_PUBLIC_URL"},
		{"https://ashar.example.org", "", "ASHAR_ACME_DOMAIN"},
		{"ashar.example.org:443", "", "ASHAR_ACME_DOMAIN"},
		{"ashar.example.org/x", "", "ASHAR_ACME_DOMAIN"},
		{"*.example.org", "", "ASHAR_ACME_DOMAIN"},
		{"192.0.2.1", "", "ASHAR_ACME_DOMAIN"},
		{"localhost", "", "ASHAR_ACME_DOMAIN"},
	} {
		err := Config{Addr: ":443", ACMEDomain: c.domain, PublicURL: c.public}.Check()
		if (err == nil) != (c.wrong == "") || err != nil && !strings.Contains(err.Error(), c.wrong) {
			t.Errorf("%s at %q: %v", c.domain, c.public, err)
		}
	}
	if got := (Config{Addr: ":443", ACMEDomain: "ashar.example.org"}).Base(); got != "https://ashar.example.org" {
		t.Errorf("people come by %s", got)
	}
}

func TestAnIssuerIsAgreedOnWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ issuer, id, secret, wrong string }{
		{"", "", "", ""},
		{"https://login.example.org/realms/one", "ashar", "hunter2", ""},
		{"http://127.0.0.1:5556/dex", "ashar", "hunter2", ""},
		{"https://login.example.org", "", "", "ASHAR_OIDC_ID ASHAR_OIDC_SECRET"},
		{"", "ashar", "hunter2", "ASHAR_OIDC_ISSUER"},
		{"https://login.example.org", "ashar", "", "ASHAR_OIDC_SECRET"},
		{"http://login.example.org", "ashar", "hunter2", "ASHAR_OIDC_ISSUER"},
		{"login.example.org", "ashar", "hunter2", "ASHAR_OIDC_ISSUER"},
		{"https://login.example.org?tenant=1", "ashar", "hunter2", "ASHAR_OIDC_ISSUER"},
		{"https://me:hunter2@login.example.org", "ashar", "hunter2", "ASHAR_OIDC_ISSUER"},
	} {
		cfg := Config{Addr: "127.0.0.1:0", OIDCIssuer: c.issuer, OIDCID: c.id, OIDCSecret: c.secret}
		err := cfg.Check()
		if (err == nil) != (c.wrong == "") {
			t.Errorf("%+v: %v", c, err)
		}
		for _, name := range strings.Fields(c.wrong) {
			if !strings.Contains(err.Error(), name+":") {
				t.Errorf("%+v: %s is not named in %q", c, name, err)
			}
		}
		if err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("a secret is shown: %q", err)
		}
		if got := cfg.NotYet(); got != nil {
			t.Errorf("without effect: %q", got)
		}
	}
}

func TestAVariableWithoutEffectIsNamed(t *testing.T) {
	t.Parallel()
	got := Config{LiveKitURL: "wss://rooms.example"}.NotYet()
	if len(got) != 1 || !strings.HasPrefix(got[0], "ASHAR_LIVEKIT_URL ") {
		t.Errorf("got %q", got)
	}
}

func TestDefaultsFollowTheDataFolder(t *testing.T) {
	t.Parallel()
	c := Config{Addr: "127.0.0.1:8080", Data: "d", PublicURL: "https://ashar.example/"}
	if c.Base() != "https://ashar.example" || c.Keys() != "d/secret.key" || c.Database() != "d/ashar.db" {
		t.Errorf("got %q %q %q", c.Base(), c.Keys(), c.Database())
	}
	c.DatabaseURL = "postgres://h/d"
	if c.Database() != "" {
		t.Error("PostgreSQL and SQLite at once")
	}
}

func TestTextMessagesAreOffOrCanWork(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(file, []byte("hunter2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	const url, body = "https://gate.example/send", "to={phone}&text={text}&key={secret}"
	for _, c := range []struct {
		c     Config
		wrong string
	}{
		{Config{}, ""},
		{Config{SMSURL: url, SMSSender: "Ashar", SMSDaily: "300"}, ""},
		{Config{SMSURL: url, SMSBody: body, SMSSecret: "hunter2", SMSDaily: "1", SMSPrice: "2.5"}, ""},
		{Config{SMSURL: url, SMSBody: body, SMSSecretFile: file, SMSDaily: "1", SMSPrice: "3"}, ""},
		{Config{SMSURL: url, SMSBody: body, SMSSecretFile: file, SMSSecret: "hunter2", SMSDaily: "1"}, "ASHAR_SMS_SECRET_FILE"},
		{Config{SMSURL: url, SMSBody: body, SMSSecretFile: file + "2", SMSDaily: "1"}, "ASHAR_SMS_SECRET_FILE"},
		{Config{SMSURL: "http://gate.example", SMSBody: body, SMSSecret: "hunter2", SMSDaily: "1"}, "ASHAR_SMS_URL"},
		{Config{SMSURL: url, SMSSender: "Ashar", SMSDaily: "0"}, "ASHAR_SMS_DAILY"},
		{Config{SMSURL: url, SMSSender: "Ashar", SMSDaily: "many"}, "ASHAR_SMS_DAILY"},
		{Config{SMSURL: url, SMSSender: "Ashar", SMSDaily: "1", SMSPrice: "-1"}, "ASHAR_SMS_PRICE"},
		{Config{SMSURL: url, SMSSender: "Ashar", SMSDaily: "1", SMSPrice: "1.234"}, "ASHAR_SMS_PRICE"},
		{Config{SMSURL: url, SMSSender: "Ashar", SMSDaily: "1", SMSPrice: ".5"}, "ASHAR_SMS_PRICE"},
	} {
		c.c.Addr = "127.0.0.1:0"
		err := c.c.Check()
		if (err == nil) != (c.wrong == "") || err != nil && (!strings.HasPrefix(err.Error(), c.wrong+":") || strings.Contains(err.Error(), "hunter2")) {
			t.Errorf("%+v: %v, want %s", c.c, err, c.wrong)
		}
		o, err := c.c.SMS()
		if err != nil {
			continue
		}
		if (o != nil) != (c.c.SMSURL != "") || o != nil && strings.Contains(c.c.SMSBody, "secret") && o.Secret != "hunter2" {
			t.Errorf("%+v: %+v", c.c, o)
		}
		if price := map[string]int64{"2.5": 250, "3": 300}[c.c.SMSPrice]; o != nil && o.Price != price {
			t.Errorf("%s costs %d", c.c.SMSPrice, o.Price)
		}
	}
}
