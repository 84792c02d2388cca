package storagetest

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
)

// Database makes a database on PostgreSQL that is dropped with the test and
// gives its address; migrated or quite empty.
func Database(t testing.TB, migrated bool) string {
	t.Helper()
	if os.Getenv("ASHAR_TEST_ENGINES") == "sqlite" {
		t.Skip("ASHAR_TEST_ENGINES=sqlite: not tested on PostgreSQL")
	}
	admin, err := server()
	if err != nil {
		t.Fatalf("PostgreSQL for tests: %v (set ASHAR_TEST_POSTGRES to a server's address, install PostgreSQL, or set ASHAR_TEST_ENGINES=sqlite)", err)
	}
	template := "template0"
	if migrated {
		if template, err = templateDatabase(); err != nil {
			t.Fatalf("prepare a migrated PostgreSQL database: %v", err)
		}
	}
	name := "ashar_" + randomHex()
	if err := execute(admin, "CREATE DATABASE "+name+" TEMPLATE "+template); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := execute(admin, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	return onDatabase(admin, name)
}

// templateDatabase makes, once for a server and a set of migrations, the
// database that the others are copied from.
var templateDatabase = sync.OnceValues(func() (string, error) {
	admin, err := server()
	if err != nil {
		return "", err
	}
	sum, err := storage.TimelineSum(storage.PostgreSQL)
	if err != nil {
		return "", err
	}
	name := "ashar_template_" + sum
	db, err := sql.Open("pgx", admin)
	if err != nil {
		return "", err
	}
	defer db.Close()
	ctx := context.Background()
	conn, err := db.Conn(ctx)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	// Test binaries that share a server take turns; the lock ends with the connection.
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock(6517)"); err != nil {
		return "", err
	}
	var there bool
	if err := conn.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)", name).Scan(&there); err != nil {
		return "", err
	}
	if there {
		return name, nil
	}
	half := name + "_half"
	if err := execute(admin, "DROP DATABASE IF EXISTS "+half+" WITH (FORCE)"); err != nil {
		return "", err
	}
	if err := execute(admin, "CREATE DATABASE "+half+" TEMPLATE template0"); err != nil {
		return "", err
	}
	s, err := storage.Open(ctx, storage.Options{URL: onDatabase(admin, half)})
	if err != nil {
		return "", err
	}
	if err := s.Close(); err != nil {
		return "", err
	}
	return name, execute(admin, "ALTER DATABASE "+half+" RENAME TO "+name)
})

func execute(address, statement string) error {
	db, err := sql.Open("pgx", address)
	if err != nil {
		return err
	}
	defer db.Close()
	if _, err = db.ExecContext(context.Background(), statement); err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}

func onDatabase(address, name string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	u.Path = "/" + name
	return u.String()
}

func randomHex() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// server gives the address of a PostgreSQL server, starting one when none is named.
func server() (string, error) {
	if address := os.Getenv("ASHAR_TEST_POSTGRES"); address != "" {
		return address, nil
	}
	i, err := private()
	return i.address, err
}

// instance is a server of our own; it lives as long as the pipe is open.
type instance struct {
	address string
	pipe    *os.File
}

var private = sync.OnceValues(func() (instance, error) {
	bin, err := programs()
	if err != nil {
		return instance{}, err
	}
	return start(bin)
})

// programs finds the newest PostgreSQL of this machine.
func programs() (string, error) {
	var found []string
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin/postgres",
		"/opt/homebrew/opt/postgresql@*/bin/postgres",
		"/usr/local/opt/postgresql@*/bin/postgres",
		"/Applications/Postgres.app/Contents/Versions/latest/bin/postgres",
	} {
		list, err := filepath.Glob(pattern)
		if err != nil {
			return "", err
		}
		found = append(found, list...)
	}
	if path, err := exec.LookPath("postgres"); err == nil {
		found = append(found, path)
	}
	if len(found) == 0 {
		return "", errors.New("no postgres program on this machine")
	}
	slices.Sort(found)
	return filepath.Dir(found[len(found)-1]), nil
}

// start runs a server in a folder of its own. Its shell waits on a pipe from
// this process: when the process ends, however it ends, the pipe closes, the
// shell stops the server and removes the folder.
func start(bin string) (instance, error) {
	dir, err := os.MkdirTemp(place(), "ashar-pg-")
	if err != nil {
		return instance{}, err
	}
	attributes, err := owner(dir)
	if err != nil {
		return instance{}, err
	}
	data := filepath.Join(dir, "data")
	initdb := exec.Command(filepath.Join(bin, "initdb"), "-D", data, "-U", "ashar", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	initdb.SysProcAttr, initdb.Dir = attributes, dir
	var output bytes.Buffer
	initdb.Stdout, initdb.Stderr = &output, &output
	if err := initdb.Run(); err != nil {
		os.RemoveAll(dir)
		return instance{}, fmt.Errorf("initdb: %w: %s", err, output.String())
	}
	port, err := freePort()
	if err != nil {
		return instance{}, err
	}
	settings := []string{
		"-D", data, "-p", strconv.Itoa(port), "-k", dir, "-h", "127.0.0.1",
		"-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=400", "-c", "shared_buffers=128MB",
		"-c", "autovacuum=off", "-c", "wal_level=minimal", "-c", "max_wal_senders=0",
	}
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		return instance{}, err
	}
	defer log.Close()
	shell := exec.Command("/bin/sh", append([]string{
		"-c",
		`program=$1; folder=$2; shift 2; "$program" "$@" & read -r _; kill -INT $!; wait $!; rm -rf "$folder"`,
		"sh", filepath.Join(bin, "postgres"), dir,
	}, settings...)...)
	shell.SysProcAttr = attributes
	shell.SysProcAttr.Setpgid = true // an interrupt of the tests reaches it by the pipe only
	shell.Stdout, shell.Stderr, shell.Dir = log, log, "/"
	in, out, err := os.Pipe()
	if err != nil {
		return instance{}, err
	}
	shell.Stdin = in
	if err := shell.Start(); err != nil {
		return instance{}, err
	}
	in.Close()
	address := fmt.Sprintf("postgres://ashar@127.0.0.1:%d/postgres?sslmode=disable", port)
	for range 300 { // up to 30 s on a busy machine
		if err = ping(address); err == nil {
			return instance{address: address, pipe: out}, nil
		}
		time.Sleep(100 * time.Millisecond) // another program: nothing else tells that it has started
	}
	text, _ := os.ReadFile(log.Name())
	return instance{}, fmt.Errorf("the server does not answer: %w: %s", err, text)
}

// place is memory where there is some, else the disk; a short path, because a
// socket's path has at most 100 bytes.
func place() string {
	var room syscall.Statfs_t
	if syscall.Statfs("/dev/shm", &room) == nil && room.Bavail*uint64(room.Bsize) > 2<<30 {
		return "/dev/shm"
	}
	return "/tmp"
}

// owner gives the folder to the account postgres when the tests run as root,
// because PostgreSQL refuses to run as root.
func owner(dir string) (*syscall.SysProcAttr, error) {
	if os.Getuid() != 0 {
		return &syscall.SysProcAttr{}, nil
	}
	var account *user.User
	var err error
	for _, name := range []string{"postgres", "nobody"} {
		if account, err = user.Lookup(name); err == nil {
			break
		}
	}
	if err != nil {
		return nil, err
	}
	uid, err := strconv.Atoi(account.Uid)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.Atoi(account.Gid)
	if err != nil {
		return nil, err
	}
	if err := os.Chown(dir, uid, gid); err != nil {
		return nil, err
	}
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, nil
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

func ping(address string) error {
	db, err := sql.Open("pgx", address)
	if err != nil {
		return err
	}
	defer db.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	return db.PingContext(ctx)
}
