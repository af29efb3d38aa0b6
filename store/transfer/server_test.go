package transfer

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// server is a real S3 server: versitygw v1.8.0, which .ci/run installs.
type server struct {
	t       testing.TB
	program string
	dir     string
	port    int
	flags   []string
	cmd     *exec.Cmd
}

const (
	rootKey, rootSecret     = "rootkey", "rootsecret123"
	deviceKey, deviceSecret = "devkey01", "devsecret0123"
	boxName                 = "intake"
)

// newServer starts a server with one bucket that keeps every version and can be locked, and one user who may only put
// bundles and get receipts and releases.
func newServer(t testing.TB, flags ...string) *server {
	t.Helper()
	program := os.Getenv("VERSITYGW")
	if program == "" {
		program = "versitygw"
	}
	program, err := exec.LookPath(program)
	if err != nil {
		t.Skip("no versitygw here: neither on the path nor named by VERSITYGW")
	}
	s := &server{t: t, program: program, dir: t.TempDir(), flags: flags}
	for _, name := range []string{"data", "iam", "versions"} {
		if err := os.Mkdir(filepath.Join(s.dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.port = listener.Addr().(*net.TCPAddr).Port
	listener.Close()
	s.start()
	t.Cleanup(s.stop)
	if len(flags) == 0 {
		s.furnish()
	}
	return s
}

func (s *server) start(more ...string) {
	s.t.Helper()
	args := append([]string{"--quiet", "--port", s.host(), "--health", "/health", "--iam-dir", filepath.Join(s.dir, "iam")}, append(s.flags, more...)...)
	s.cmd = exec.Command(s.program, append(args, "posix", "--versioning-dir", filepath.Join(s.dir, "versions"), filepath.Join(s.dir, "data"))...)
	s.cmd.Env = append(os.Environ(), "ROOT_ACCESS_KEY="+rootKey, "ROOT_SECRET_KEY="+rootSecret)
	var said bytes.Buffer
	s.cmd.Stdout, s.cmd.Stderr = &said, &said
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	for range 200 {
		if c, err := net.Dial("tcp", s.host()); err == nil {
			c.Close()
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	s.t.Fatalf("the server does not start: %s", said.String())
}

// stop kills it, as a power cut would.
func (s *server) stop() {
	if s.cmd != nil {
		_ = s.cmd.Process.Kill()
		_ = s.cmd.Wait()
		s.cmd = nil
	}
}

func (s *server) host() string { return fmt.Sprintf("127.0.0.1:%d", s.port) }

func (s *server) root() *minio.Client {
	s.t.Helper()
	c, err := minio.New(s.host(), &minio.Options{Creds: credentials.NewStaticV4(rootKey, rootSecret, ""), Region: "us-east-1"})
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

func (s *server) furnish() {
	s.t.Helper()
	ctx := context.Background()
	if err := s.root().MakeBucket(ctx, boxName, minio.MakeBucketOptions{ObjectLocking: true}); err != nil {
		s.t.Fatal(err)
	}
	out, err := exec.Command(s.program, "admin", "-a", rootKey, "-s", rootSecret, "--er", "http://"+s.host(), "create-user",
		"-a", deviceKey, "-s", deviceSecret, "-r", "user").CombinedOutput()
	if err != nil {
		s.t.Fatalf("%v: %s", err, out)
	}
	s.allow("from/*", "receipts/*", "releases/*")
}

// allow says what the laptop's user may put and get, below any agency's box.
func (s *server) allow(put string, get ...string) {
	s.t.Helper()
	statement := func(action, what string) string {
		return fmt.Sprintf(`{"Effect":"Allow","Principal":{"AWS":[%q]},"Action":[%q],"Resource":["arn:aws:s3:::%s/*/tipscreen-1/*/%s"]}`, deviceKey, action, boxName, what)
	}
	policy := statement("s3:PutObject", put)
	for _, what := range get {
		policy += "," + statement("s3:GetObject", what)
	}
	if err := s.root().SetBucketPolicy(context.Background(), boxName, `{"Version":"2012-10-17","Statement":[`+policy+`]}`); err != nil {
		s.t.Fatal(err)
	}
}

// open gives a bucket with some keys, below a prefix of its own, and counts its requests.
func (s *server) open(prefix, access, secret string) (*bucket, *line) {
	s.t.Helper()
	b, err := openBucket(Settings{Address: fmt.Sprintf("s3://%s/%s?endpoint=http://%s", boxName, prefix, s.host()), Access: access, Secret: secret})
	if err != nil {
		s.t.Fatal(err)
	}
	l := &line{next: b.signer.next}
	b.signer.next = l
	b.pause = func(ctx context.Context, _ time.Duration) error { return pause(ctx, 20*time.Millisecond) }
	return b, l
}

// line stands between client and server.
type line struct {
	next     http.RoundTripper
	requests atomic.Int64
	// before may change a request or fail in its place.
	before func(n int64, r *http.Request) error
}

func (l *line) RoundTrip(r *http.Request) (*http.Response, error) {
	n := l.requests.Add(1)
	if l.before != nil {
		if err := l.before(n, r); err != nil {
			return nil, err
		}
	}
	return l.next.RoundTrip(r)
}

// versions counts all versions of all objects.
func (s *server) versions() int {
	s.t.Helper()
	n := 0
	for one := range s.root().ListObjects(context.Background(), boxName, minio.ListObjectsOptions{Recursive: true, WithVersions: true}) {
		if one.Err != nil {
			s.t.Fatal(one.Err)
		}
		n++
	}
	return n
}
