package card

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// chromium finds the browser of the tests; without one they are skipped.
func chromium(t testing.TB) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("there is no Chromium here to show pages in")
	return ""
}

// browser is a window of a Chromium of its own.
type browser struct {
	t   testing.TB
	ctx context.Context
}

// newBrowser starts a Chromium. The tests that need one run one after the other: two at once take the time from each other
// that the program is measured by.
func newBrowser(t testing.TB, width, height int) *browser {
	t.Helper()
	ctx, cancel := chromedp.NewContext(context.Background(), chromedp.WithAllocatorOptions(chromedp.ExecPath(chromium(t)), chromedp.NoSandbox, chromedp.Headless,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("hide-scrollbars", true)))
	ctx, late := context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(func() {
		late()
		cancel()
	})
	b := &browser{t: t, ctx: ctx}
	b.run(chromedp.EmulateViewport(int64(width), int64(height)))
	if _, err := chromedp.Call(b.ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: watch}); err != nil {
		t.Fatal(err)
	}
	return b
}

// watch notes when what the page shows has changed and was drawn.
const watch = `window.drawn = 0; addEventListener("DOMContentLoaded", () => new MutationObserver(() => requestAnimationFrame(() => setTimeout(() => { window.drawn = performance.timeOrigin + performance.now() }))).observe(document.body, {childList: true, subtree: true}))`

func (b *browser) run(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		b.t.Fatal(err)
	}
}

func (b *browser) open(address string) { b.t.Helper(); b.run(chromedp.Navigate(address)) }

// eval gives the value of an expression in the page, as text.
func (b *browser) eval(expression string) string {
	b.t.Helper()
	value, err := chromedp.Run(b.ctx, chromedp.Evaluate[string]("Promise.resolve("+expression+").then(String)", chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return value
}

// until waits until an expression is true.
func (b *browser) until(expression string) {
	b.t.Helper()
	end := time.Now().Add(15 * time.Second)
	for b.eval("Boolean("+expression+")") != "true" {
		if time.Now().After(end) {
			b.t.Fatalf("this did not become true: %s\nthe page shows: %s", expression, b.eval("document.body.innerText"))
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// shows waits until the page shows a text.
func (b *browser) shows(text string) {
	b.t.Helper()
	b.until(fmt.Sprintf("document.body.innerText.replaceAll('\\u200b','').includes(%q)", strings.ReplaceAll(text, "\u200b", "")))
}

// isBlank waits until nothing is left on the page.
func (b *browser) isBlank() {
	b.t.Helper()
	b.until(`document.getElementById("page").childNodes.length === 0`)
}

// keys presses keys, as the keyboard would.
func (b *browser) keys(keys string) {
	b.t.Helper()
	if sign := []rune(keys)[0]; sign < 0x80 || !unicode.IsDigit(sign) {
		b.run(chromedp.KeyEvent(keys))
		return
	}
	// A sign of another layout, which the driver knows no key for.
	b.eval(fmt.Sprintf(`document.body.dispatchEvent(new KeyboardEvent("keydown", {key: %q, bubbles: true, cancelable: true}))`, keys))
}

// picture writes what the window shows into the folder that PICTURES names, to be looked at.
func (b *browser) picture(name string) {
	b.t.Helper()
	folder := os.Getenv("PICTURES")
	if folder == "" {
		return
	}
	time.Sleep(300 * time.Millisecond)
	image, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(folder+"/"+name+".png", image, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// nothing checks that the page holds nothing and that the browser kept nothing for it.
func (b *browser) nothing() {
	b.t.Helper()
	b.isBlank()
	for expression, want := range map[string]string{
		`document.body.innerText.trim()`:                             "",
		`document.title.replace("\u200b", "")`:                       "",
		`document.cookie`:                                            "",
		`localStorage.length`:                                        "0",
		`sessionStorage.length`:                                      "0",
		`indexedDB.databases().then(d => d.length)`:                  "0",
		`location.pathname + location.hash`:                          "/",
		`"caches" in window ? caches.keys().then(k => k.length) : 0`: "0",
		`navigator.serviceWorker ? navigator.serviceWorker.getRegistrations().then(r => r.length) : 0`: "0",
	} {
		if got := b.eval(expression); got != want {
			b.t.Errorf("%s is %q", expression, got)
		}
	}
}

// get asks for something without a browser and gives status and content.
func get(t testing.TB, method, url, body string, header map[string]string) (int, string) {
	t.Helper()
	r, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range header {
		if name == "Host" {
			r.Host = value
			continue
		}
		r.Header.Set(name, value)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	response, err := http.DefaultClient.Do(r.WithContext(ctx))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	content := make([]byte, 1<<16)
	n, _ := response.Body.Read(content)
	return response.StatusCode, string(content[:n])
}

// Keys by the names of the driver.
const (
	kbDown = kb.ArrowDown
	kbF2   = kb.F2
	kbF3   = kb.F3
	kbF4   = kb.F4
	kbF5   = kb.F5
	kbF6   = kb.F6
	kbF7   = kb.F7
	kbF8   = kb.F8
	kbF9   = kb.F9
	kbF10  = kb.F10
	kbF12  = kb.F12
)

// press is keys, and knows ctrl+s.
func (b *browser) press(key string) {
	b.t.Helper()
	if key != "ctrl+s" {
		b.keys(key)
		return
	}
	b.eval(`document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key: "s", ctrlKey: true, bubbles: true, cancelable: true}))`)
}

// settled waits until the page shows the present screen and takes keys.
func (b *browser) settled(s *Server) {
	b.t.Helper()
	wait := 20 * time.Millisecond
	s.mu.Lock()
	wait += time.Duration(s.view.Wait) * time.Millisecond
	s.mu.Unlock()
	time.Sleep(wait)
	b.eval("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
}
