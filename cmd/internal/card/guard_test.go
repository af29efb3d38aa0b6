package card

import (
	"bytes"
	"encoding/json"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// page is a page that says something, and its address.
func page1(t testing.TB) (*Server, string) {
	t.Helper()
	s, err := Listen()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	address := s.NewAddress()
	s.show(view{Kind: "card", Lang: "en", Said: &said{Lang: "en", Lines: []string{"CANARY what was asked"}}})
	return s, address
}

// joined exchanges the token as the script does.
func joined(t testing.TB, address string) string {
	t.Helper()
	status, body := get(t, "POST", address+"join", "{}", map[string]string{"Content-Type": "application/json", "Origin": origin(address)})
	var got struct{ Key string }
	if err := json.Unmarshal([]byte(body), &got); err != nil || status != http.StatusOK || got.Key == "" {
		t.Fatalf("no key: %d %q", status, body)
	}
	return "Bearer " + got.Key
}

func origin(address string) string {
	return address[:strings.LastIndex(strings.TrimSuffix(address, "/"), "/")]
}

// TestNobodyElseGetsAnything: another token, another host name, another origin, a second client and a client without the
// key get an empty "not found" for every address of the page.
func TestNobodyElseGetsAnything(t *testing.T) {
	t.Parallel()
	_, address := page1(t)
	here := origin(address)
	json := map[string]string{"Content-Type": "application/json", "Origin": here}
	with := func(more ...string) map[string]string {
		all := map[string]string{}
		for k, v := range json {
			all[k] = v
		}
		for i := 0; i < len(more); i += 2 {
			all[more[i]] = more[i+1]
		}
		return all
	}
	nothing := func(what, method, url string, header map[string]string) {
		t.Helper()
		if status, body := get(t, method, url, "{}", header); status != http.StatusNotFound || body != "" {
			t.Errorf("%s: %s %s gives %d %q", what, method, url, status, body)
		}
	}
	wrong := here + "/" + strings.Repeat("0", 32) + "/"
	for _, path := range []string{"", "pictures.js", "script.js", "style.css", "font/latin.woff2", "stream", "act", "join", "sound/x", "../", "fonts/OFL.txt"} {
		for _, method := range []string{"GET", "POST"} {
			nothing("no token", method, here+"/"+path, json)
			nothing("wrong token", method, wrong+path, json)
			nothing("another host name", method, address+path, with("Host", "elsewhere.example:80"))
			nothing("a name for this computer", method, address+path, with("Host", strings.Replace(strings.TrimPrefix(here, "http://"), "127.0.0.1", "localhost", 1)))
			nothing("another origin", method, address+path, with("Origin", "https://elsewhere.example"))
			nothing("a page without an origin", method, address+path, with("Origin", "null"))
			nothing("sent by a page elsewhere", method, address+path, with("Sec-Fetch-Site", "cross-site"))
			nothing("sent by another program of this computer", method, address+path, with("Sec-Fetch-Site", "same-site"))
		}
		if path != "join" {
			nothing("without an origin", "POST", address+path, map[string]string{"Content-Type": "application/json"})
		}
	}
	nothing("as a form sends it", "POST", address+"join", map[string]string{"Content-Type": "text/plain", "Origin": here})
	nothing("without an origin", "POST", address+"join", map[string]string{"Content-Type": "application/json"})
	for _, path := range []string{"stream", "act"} {
		nothing("before joining", "GET", address+path, map[string]string{"Authorization": "Bearer "})
	}
	if status, body := get(t, "GET", address, "", nil); status != http.StatusOK || strings.Contains(body, "CANARY") {
		t.Errorf("the page itself: %d, or it says something before anybody joined", status)
	}
	key := joined(t, address)
	nothing("a second client", "GET", address, nil)
	nothing("a second client", "GET", address+"script.js", nil)
	nothing("a second client", "POST", address+"join", json)
	nothing("without the key", "GET", address+"stream", nil)
	nothing("a wrong key", "GET", address+"stream", map[string]string{"Authorization": key + "0"})
	nothing("a wrong key", "POST", address+"act", with("Authorization", key[:len(key)-1]))
	nothing("the key elsewhere", "GET", wrong+"stream", map[string]string{"Authorization": key})
	nothing("the key from elsewhere", "POST", address+"act", with("Authorization", key, "Origin", "https://elsewhere.example"))
	if status, body := get(t, "GET", address+"stream", "", map[string]string{"Authorization": key}); status != http.StatusOK || !strings.Contains(body, "CANARY") {
		t.Errorf("the one client gets %d %q", status, body)
	}
}

// TestOnlyThisComputer: the port is open on the loopback address alone.
func TestOnlyThisComputer(t *testing.T) {
	t.Parallel()
	s, _ := page1(t)
	host, port, err := net.SplitHostPort(s.host)
	if err != nil || host != "127.0.0.1" {
		t.Fatalf("listens on %s", s.host)
	}
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range addresses {
		ip, _, err := net.ParseCIDR(a.String())
		if err != nil || ip.IsLoopback() {
			continue
		}
		if c, err := net.DialTimeout("tcp", net.JoinHostPort(ip.String(), port), time.Second); err == nil {
			c.Close()
			t.Errorf("%s answers", ip)
		}
	}
}

// TestHeaders: every answer forbids to keep, frame, embed and send on.
func TestHeaders(t *testing.T) {
	t.Parallel()
	_, address := page1(t)
	for _, path := range []string{"", "pictures.js", "script.js", "style.css", "font/khmer.woff2", "nothing"} {
		response, err := http.Get(address + path)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'", "Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff",
			"X-Frame-Options": "DENY", "Cross-Origin-Resource-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
		} {
			if got := response.Header.Get(name); !strings.HasPrefix(got, want) {
				t.Errorf("%q: %s is %q", path, name, got)
			}
		}
		if response.Header.Get("Set-Cookie") != "" || response.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%q: a cookie, or leave for other origins", path)
		}
	}
}

// TestAnAddressWorksOnce: a new address voids the one before and its key; who joined and went away is noticed.
func TestAnAddressWorksOnce(t *testing.T) {
	t.Parallel()
	s, address := page1(t)
	key := joined(t, address)
	next := s.NewAddress()
	if next == address {
		t.Fatal("the same address again")
	}
	for _, a := range []string{address, next} {
		if status, _ := get(t, "GET", a+"stream", "", map[string]string{"Authorization": key}); status != http.StatusNotFound {
			t.Errorf("the old key still opens %s", a)
		}
	}
	joined(t, next)
	select {
	case <-s.Lost():
	case <-time.After(grace + 5*time.Second):
		t.Error("nobody noticed that the page is gone")
	}
}

// TestOneActForEachScreen: a second touch on a screen that was answered, or on one that is gone, does nothing, and neither
// does one that comes before the screen could be read.
func TestOneActForEachScreen(t *testing.T) {
	t.Parallel()
	s, address := page1(t)
	header := map[string]string{"Content-Type": "application/json", "Origin": origin(address), "Authorization": joined(t, address)}
	act := func(body string) int {
		status, _ := get(t, "POST", address+"act", body, header)
		return status
	}
	if got := act(`{"view":3,"do":"choose","value":"yes"}`); got != http.StatusConflict {
		t.Errorf("a view that was not shown yet: %d", got)
	}
	if got := act(`{"view":2,"do":"choose","value":"yes"}`); got != http.StatusNoContent {
		t.Errorf("the first act: %d", got)
	}
	if got := act(`{"view":2,"do":"choose","value":"no"}`); got != http.StatusConflict {
		t.Errorf("the second act: %d", got)
	}
	if got := act(`{"view":1,"do":"hide"}`); got != http.StatusNoContent {
		t.Errorf("hiding an old screen: %d", got)
	}
	if a := <-s.acts; a.Value != "yes" {
		t.Errorf("got %+v", a)
	}
	n := s.show(view{Kind: "card", Wait: 60_000})
	if got := act(`{"view":3,"do":"choose","value":"yes"}`); n != 3 || got != http.StatusConflict {
		t.Errorf("too early: %d", got)
	}
	for _, bad := range []string{"", "{}", "[]", `{"view":3}`, `{"view":3,"do":"choose","more":1}`, `{"view":3,"do":"choose"}{}`, `{"view":-1,"do":"choose"}`} {
		if got := act(bad); got != http.StatusBadRequest {
			t.Errorf("%q: %d", bad, got)
		}
	}
}

func FuzzAct(f *testing.F) {
	f.Add([]byte(`{"view":1,"do":"choose","value":"yes"}`))
	f.Add([]byte(`{"view":1,"do":"write","text":"\u0000"}`))
	f.Add([]byte(`{"view":18446744073709551616,"do":"hide"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		act, err := readAct(bytes.NewReader(data))
		if err == nil && (act.View == 0 || act.Do == "") {
			t.Errorf("%q was read as %+v", data, act)
		}
	})
}
