package transfer

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"iter"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// ErrCertificate means that the server could not show by TLS that it is the one of the address.
var ErrCertificate = errors.New("the certificate of the server does not hold")

// bucket is a Target in an S3-compatible object store. Writing needs the right to put, and no other: nothing is looked
// up first, and "412 precondition failed" is how a file that is there says so. Getting is needed for receipts and
// releases only, listing only by the agency.
type bucket struct {
	core   minio.Core
	line   *http.Transport
	signer *signer
	bucket string
	prefix string // "" or ends with a slash
	pause  func(context.Context, time.Duration) error
	told   func(sent int) // of the file that is being put; nil: nobody asks
}

const (
	attempts  = 6
	firstWait = 500 * time.Millisecond
	lastWait  = 10 * time.Second
	// stalled is how long nothing may move on the line before an attempt is given up.
	stalled   = 3 * time.Minute
	maxListed = 1 << 20
)

var (
	bucketPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)
	prefixPattern = regexp.MustCompile(`^([A-Za-z0-9_-][A-Za-z0-9._-]*/)*$`)
	regionPattern = regexp.MustCompile(`^[a-z0-9-]{1,40}$`)
)

// place is an address of an object store, read.
type place struct {
	bucket, prefix, region string
	endpoint               *url.URL
}

// readPlace reads s3://bucket/prefix?endpoint=https://host:port&region=name.
func readPlace(address string) (place, error) {
	var p place
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "s3" || u.User != nil || u.Fragment != "" {
		return p, ErrAddress
	}
	q, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return p, ErrAddress
	}
	for key, values := range q {
		if len(values) != 1 || key != "endpoint" && key != "region" {
			return p, ErrAddress
		}
	}
	p.bucket, p.prefix, p.region = u.Host, strings.Trim(u.Path, "/"), q.Get("region")
	if p.prefix != "" {
		p.prefix += "/"
	}
	if p.region == "" {
		p.region = "us-east-1"
	}
	endpoint := q.Get("endpoint")
	if endpoint == "" {
		endpoint = "https://s3." + p.region + ".amazonaws.com"
	}
	p.endpoint, err = url.Parse(endpoint)
	if err != nil || p.endpoint.Host == "" || strings.Trim(p.endpoint.Path, "/") != "" || p.endpoint.RawQuery != "" || p.endpoint.User != nil ||
		!bucketPattern.MatchString(p.bucket) || !prefixPattern.MatchString(p.prefix) || !regionPattern.MatchString(p.region) {
		return p, ErrAddress
	}
	switch p.endpoint.Scheme {
	case "https":
	case "http":
		if !loopback(p.endpoint.Hostname()) {
			return p, ErrPlainHTTP
		}
	default:
		return p, ErrAddress
	}
	return p, nil
}

// loopback takes addresses only: a name could be made to lead elsewhere.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

func openBucket(s Settings) (*bucket, error) {
	p, err := readPlace(s.Address)
	if err != nil {
		return nil, err
	}
	line := &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 20 * time.Second, KeepAlive: 15 * time.Second}).DialContext,
		TLSHandshakeTimeout:   20 * time.Second,
		ExpectContinueTimeout: 5 * time.Second,
		IdleConnTimeout:       time.Minute,
		MaxIdleConnsPerHost:   2,
		DisableCompression:    true,
		TLSClientConfig:       &tls.Config{MinVersion: tls.VersionTLS12},
	}
	if s.Authority != "" {
		pool := x509.NewCertPool()
		if !pool.AppendCertsFromPEM([]byte(s.Authority)) {
			return nil, ErrCertificate
		}
		line.TLSClientConfig.RootCAs = pool
	}
	signs := &signer{next: line, access: s.Access, secret: s.Secret, region: p.region, now: time.Now}
	signs.ahead.Store(int64(s.Offset()))
	client, err := minio.New(p.endpoint.Host, &minio.Options{
		// The requests are signed below the client, where a clock that is wrong can be set right.
		Creds: credentials.NewStatic("", "", "", credentials.SignatureAnonymous), Secure: p.endpoint.Scheme == "https",
		Transport: signs, Region: p.region, MaxRetries: 1,
	})
	if err != nil {
		return nil, ErrAddress
	}
	return &bucket{core: minio.Core{Client: client}, line: line, signer: signs, bucket: p.bucket, prefix: p.prefix, pause: pause}, nil
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// offset is what the server's clock was last seen ahead; zero while it is less than a minute.
func (b *bucket) offset() time.Duration {
	if d := b.signer.seenAhead(); d.Abs() >= time.Minute {
		return d
	}
	return 0
}

// Put writes a file if none is there.
func (b *bucket) Put(ctx context.Context, name string, content []byte) (already bool, err error) {
	ctx = withContent(ctx, content)
	err = b.try(ctx, func(ctx context.Context, moved func()) error {
		sent := 0
		progress := tick(func(n int) {
			moved()
			if sent += n; b.told != nil {
				b.told(sent)
			}
		})
		opts := minio.PutObjectOptions{ContentType: "application/octet-stream", DisableContentSha256: true, DisableMultipart: true, Progress: progress}
		opts.SetMatchETagExcept("*")
		_, err := b.core.PutObject(ctx, b.bucket, b.prefix+name, bytes.NewReader(content), int64(len(content)), "", "", opts)
		if minio.ToErrorResponse(err).StatusCode == http.StatusPreconditionFailed {
			already, err = true, nil
		}
		return err
	})
	return already, err
}

// Get reads a file. Object stores that hide what is not there answer "access denied" to whoever may not list: so that
// counts as not there.
func (b *bucket) Get(ctx context.Context, name string, limit int64) (content []byte, err error) {
	err = b.try(withContent(ctx, nil), func(ctx context.Context, moved func()) error {
		r, _, _, err := b.core.GetObject(ctx, b.bucket, b.prefix+name, minio.GetObjectOptions{})
		if minio.ToErrorResponse(err).Code == "AccessDenied" {
			return ErrAbsent
		}
		if err != nil {
			return err
		}
		defer r.Close()
		content, err = io.ReadAll(io.LimitReader(io.TeeReader(r, tick(func(int) { moved() })), limit+1))
		if err == nil && int64(len(content)) > limit {
			err = ErrTooBig
		}
		return err
	})
	return content, err
}

// List gives the names below a prefix. After a broken line it goes on behind the last name that came.
func (b *bucket) List(ctx context.Context, prefix string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		var names []string
		err := b.try(withContent(ctx, nil), func(ctx context.Context, moved func()) error {
			opts := minio.ListObjectsOptions{Prefix: b.prefix + prefix, Recursive: true}
			if len(names) > 0 {
				opts.StartAfter = names[len(names)-1]
			}
			for one := range b.core.ListObjectsIter(ctx, b.bucket, opts) {
				if one.Err != nil {
					return one.Err
				}
				if len(names) >= maxListed {
					return ErrTooBig
				}
				names = append(names, one.Key)
				moved()
			}
			return ctx.Err()
		})
		for _, name := range names {
			if !yield(strings.TrimPrefix(name, b.prefix), nil) {
				return
			}
		}
		if err != nil {
			yield("", err)
		}
	}
}

// Close lets go of the connections that were kept for the next request.
func (b *bucket) Close() error {
	b.line.CloseIdleConnections()
	return nil
}

// tick is told how much moved.
type tick func(n int)

func (t tick) Read(p []byte) (int, error)  { t(len(p)); return len(p), nil }
func (t tick) Write(p []byte) (int, error) { t(len(p)); return len(p), nil }

// try makes an attempt, and a few more while that can help: after a wrong clock with the server's, after a line that
// broke or a server that was busy with growing pauses.
func (b *bucket) try(ctx context.Context, attempt func(ctx context.Context, moved func()) error) error {
	wait := firstWait
	for n := 1; ; n++ {
		err := watched(ctx, attempt)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		told, again := b.judge(err)
		if told == nil || !again || n == attempts {
			return told
		}
		if errors.Is(told, errSkewed) {
			if !b.signer.learn() {
				return ErrRefused
			}
			continue
		}
		if err := b.pause(ctx, wait); err != nil {
			return err
		}
		wait = min(2*wait, lastWait)
	}
}

// watched gives an attempt up when nothing moved for a while.
func watched(ctx context.Context, attempt func(context.Context, func()) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	timer := time.AfterFunc(stalled, cancel)
	defer timer.Stop()
	return attempt(ctx, func() { timer.Reset(stalled) })
}

var errSkewed = errors.New("the clock of this laptop and that of the server disagree")

// judge says what the user can do something about, and whether another attempt can help.
func (b *bucket) judge(err error) (told error, again bool) {
	var badCert *tls.CertificateVerificationError
	var answer minio.ErrorResponse
	switch {
	case err == nil, errors.Is(err, ErrAbsent), errors.Is(err, ErrTooBig):
		return err, false
	case errors.As(err, &badCert):
		return ErrCertificate, false
	case !errors.As(err, &answer) || answer.StatusCode == 0:
		return ErrOffline, true
	}
	switch answer.Code {
	case "RequestTimeTooSkewed":
		return errSkewed, true
	case "NoSuchKey":
		return ErrAbsent, false
	case "NoSuchBucket":
		return ErrNotThere, false
	case "BadDigest", "XAmzContentSHA256Mismatch", "XAmzContentChecksumMismatch", "InvalidDigest", "IncompleteBody":
		return ErrChanged, true
	case "XMinioStorageFull", "QuotaExceeded", "EntityTooLarge":
		return ErrFull, false
	case "ConditionalRequestConflict", "OperationAborted", "SlowDown", "RequestTimeout":
		return ErrOffline, true
	}
	switch {
	case answer.StatusCode == http.StatusNotFound:
		return ErrAbsent, false
	case answer.StatusCode == http.StatusUnauthorized, answer.StatusCode == http.StatusForbidden, answer.StatusCode == http.StatusMethodNotAllowed:
		return ErrRefused, false
	case answer.StatusCode == http.StatusInsufficientStorage:
		return ErrFull, false
	case answer.StatusCode >= 500, answer.StatusCode == http.StatusTooManyRequests, answer.StatusCode == http.StatusConflict:
		return ErrOffline, true
	}
	return ErrChanged, true
}
