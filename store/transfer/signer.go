package transfer

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	v4 "github.com/minio/minio-go/v7/pkg/signer"
)

// signer signs each request by AWS's Signature Version 4, over a digest of the whole content, with the time of the
// server: a laptop whose clock is wrong can still send. The client library signs with the laptop's clock only, so it
// sends unsigned requests through here; the keyed part of the signature is the library's.
type signer struct {
	next                   http.RoundTripper
	access, secret, region string
	now                    func() time.Time
	ahead                  atomic.Int64 // what the server's clock is taken to be ahead
	seen                   atomic.Int64 // what it was in the last answer
}

type contentKey struct{}

// digests of what a request carries.
type digests struct{ hex, base64 string }

func withContent(ctx context.Context, content []byte) context.Context {
	sum := sha256.Sum256(content)
	return context.WithValue(ctx, contentKey{}, digests{hex.EncodeToString(sum[:]), base64.StdEncoding.EncodeToString(sum[:])})
}

func (s *signer) seenAhead() time.Duration { return time.Duration(s.seen.Load()) }

// learn takes over the server's clock. It is false when that changes nothing.
func (s *signer) learn() bool {
	seen := s.seen.Load()
	return s.ahead.Swap(seen) != seen
}

// RoundTrip implements [http.RoundTripper].
func (s *signer) RoundTrip(request *http.Request) (*http.Response, error) {
	request = request.Clone(request.Context())
	s.sign(request, s.now().Add(time.Duration(s.ahead.Load())).UTC())
	answer, err := s.next.RoundTrip(request)
	if err == nil {
		if date, derr := http.ParseTime(answer.Header.Get("Date")); derr == nil {
			s.seen.Store(int64(date.Sub(s.now()).Round(time.Second)))
		}
	}
	return answer, err
}

func (s *signer) sign(r *http.Request, at time.Time) {
	content, given := r.Context().Value(contentKey{}).(digests)
	if !given {
		content, _ = withContent(r.Context(), nil).Value(contentKey{}).(digests)
	}
	stamp := at.Format("20060102T150405Z")
	r.Header.Set("X-Amz-Date", stamp)
	r.Header.Set("X-Amz-Content-Sha256", content.hex)
	if r.Method == http.MethodPut {
		r.Header.Set("X-Amz-Checksum-Sha256", content.base64)
	}
	names := []string{"host"}
	for name := range r.Header {
		if name = strings.ToLower(name); strings.HasPrefix(name, "x-amz-") || name == "if-none-match" || name == "content-type" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var lines strings.Builder
	for _, name := range names {
		value := strings.Join(r.Header.Values(name), ",")
		if name == "host" {
			value = r.URL.Host
		}
		fmt.Fprintf(&lines, "%s:%s\n", name, strings.TrimSpace(value))
	}
	signed := strings.Join(names, ";")
	canonical := strings.Join([]string{r.Method, r.URL.EscapedPath(), strings.ReplaceAll(r.URL.Query().Encode(), "+", "%20"), lines.String(), signed, content.hex}, "\n")
	sum := sha256.Sum256([]byte(canonical))
	scope := at.Format("20060102") + "/" + s.region + "/s3/aws4_request"
	signature := v4.PostPresignSignatureV4(strings.Join([]string{"AWS4-HMAC-SHA256", stamp, scope, hex.EncodeToString(sum[:])}, "\n"), at, s.secret, s.region)
	r.Header.Set("Authorization", fmt.Sprintf("AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s", s.access, scope, signed, signature))
}
