package card

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// TestSheet: the paper is given to whoever has its address, from this laptop, until it is taken away; to nobody else.
func TestSheet(t *testing.T) {
	t.Parallel()
	s, err := NewSheet([]byte("<p>CANARY"))
	if err != nil {
		t.Fatal(err)
	}
	get := func(address, host, site string) (int, string, http.Header) {
		t.Helper()
		r, err := http.NewRequest(http.MethodGet, address, nil)
		if err != nil {
			t.Fatal(err)
		}
		if host != "" {
			r.Host = host
		}
		if site != "" {
			r.Header.Set("Sec-Fetch-Site", site)
		}
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			return 0, "", nil
		}
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		return answer.StatusCode, string(body), answer.Header
	}
	code, body, header := get(s.Address, "", "none")
	if code != http.StatusOK || body != "<p>CANARY" || header.Get("Cache-Control") != "no-store" || !strings.Contains(header.Get("Content-Security-Policy"), "default-src 'none'") {
		t.Errorf("%d %q %v", code, body, header)
	}
	base := s.Address[:strings.LastIndex(strings.TrimSuffix(s.Address, "/"), "/")]
	for name, try := range map[string][3]string{
		"another token": {base + "/0123456789abcdef0123456789abcdef/", "", ""}, "no token": {base + "/", "", ""},
		"another host name": {s.Address, "evil.example", ""}, "another site": {s.Address, "", "cross-site"},
	} {
		if code, body, _ := get(try[0], try[1], try[2]); code != http.StatusNotFound || body != "" {
			t.Errorf("%s gets %d %q", name, code, body)
		}
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if code, _, _ := get(s.Address, "", ""); code != 0 {
		t.Errorf("after it was taken away there is still an answer: %d", code)
	}
}
