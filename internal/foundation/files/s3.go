package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// bucket is a store in S3 or what speaks like it.
type bucket struct {
	client *minio.Client
	name   string
}

// errAddress never holds the address, which holds a secret.
var errAddress = errors.New("ASHAR_FILES_URL must be s3://key:secret@host/bucket")

func newS3(address string) (*bucket, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "s3" || u.Host == "" || u.User == nil {
		return nil, errAddress
	}
	name := strings.Trim(u.Path, "/")
	secret, _ := u.User.Password()
	if name == "" || strings.Contains(name, "/") || u.User.Username() == "" || secret == "" {
		return nil, errAddress
	}
	client, err := minio.New(u.Host, &minio.Options{
		Creds:      credentials.NewStaticV4(u.User.Username(), secret, ""),
		Secure:     u.Query().Get("tls") != "0",
		Region:     u.Query().Get("region"),
		MaxRetries: 3,
	})
	if err != nil {
		return nil, errAddress
	}
	return &bucket{client: client, name: name}, nil
}

func (b *bucket) Put(ctx context.Context, name string, r io.Reader, size int64) error {
	if err := checkName(name); err != nil {
		return err
	}
	// One request: S3 shows an object only when it is whole.
	_, err := b.client.PutObject(ctx, b.name, name, r, size, minio.PutObjectOptions{DisableMultipart: true})
	return b.say("put", err)
}

func (b *bucket) Open(ctx context.Context, name string) (io.ReadCloser, error) {
	if err := checkName(name); err != nil {
		return nil, err
	}
	object, err := b.client.GetObject(ctx, b.name, name, minio.GetObjectOptions{})
	if err != nil {
		return nil, b.say("open", err)
	}
	if _, err := object.Stat(); err != nil { // GetObject asks only when it is read
		return nil, errors.Join(b.say("open", err), object.Close())
	}
	return object, nil
}

func (b *bucket) Delete(ctx context.Context, name string) error {
	if err := checkName(name); err != nil {
		return err
	}
	err := b.say("delete", b.client.RemoveObject(ctx, b.name, name, minio.RemoveObjectOptions{}))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func (b *bucket) List(ctx context.Context, prefix string) (list []Info, err error) {
	for o := range b.client.ListObjectsIter(ctx, b.name, minio.ListObjectsOptions{Prefix: prefix, Recursive: true}) {
		if o.Err != nil {
			return nil, b.say("list", o.Err)
		}
		list = append(list, Info{Name: o.Key, Size: o.Size, Changed: o.LastModified})
	}
	return list, ctx.Err()
}

func (b *bucket) say(what string, err error) error {
	if err == nil {
		return nil
	}
	if minio.ToErrorResponse(err).Code == minio.NoSuchKey {
		return fmt.Errorf("%s: %w", what, fs.ErrNotExist)
	}
	return fmt.Errorf("%s a file in the bucket %s: %w", what, b.name, err)
}
