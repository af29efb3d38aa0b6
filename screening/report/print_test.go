package report_test

import (
	"context"
	"encoding/base64"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"tipscreen/screening/report"
)

// most is how many A4 pages a paper may take, in one language and in two.
var most = map[report.Kind][2]int{
	report.Hold: {1, 1}, report.Help: {1, 1}, report.Discreet: {1, 1}, report.Letter: {1, 2}, report.Referral: {4, 6},
}

var pdfPage = regexp.MustCompile(`/Type\s*/Page\b[^s]`)

// TestPrints prints each paper in each language, alone and beside English, and looks at the pages: how many there are, and
// whether anything is wider than its place. With KEEP=folder the PDF files stay there to be looked at.
func TestPrints(t *testing.T) {
	t.Parallel()
	program := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil && program == "" {
			program = path
		}
	}
	if program == "" {
		t.Skip("there is no Chromium here: nothing was printed")
	}
	browser, stop := chromedp.NewContext(context.Background(), chromedp.WithAllocatorOptions(chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.Headless))
	defer stop()
	browser, cancel := context.WithTimeout(browser, 4*time.Minute)
	defer cancel()
	papers(t, func(kind report.Kind, one report.Language) {
		f := of(facts(t), kind)
		columns := [][]report.Language{{one}}
		if one.Tag != "en" {
			columns = append(columns, []report.Language{one, language(t, "en")})
		}
		for n, languages := range columns {
			name := string(kind) + "-" + one.Tag + strings.Repeat("-en", n)
			printed, wide := printed(t, browser, made(t, kind, f, languages...))
			if dir := os.Getenv("KEEP"); dir != "" {
				if err := os.WriteFile(filepath.Join(dir, name+".pdf"), printed, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			limit := most[kind][n]
			if one.Tag == "en-XA" {
				limit++ // it is half as long again as English, more than any language
			}
			if pages := len(pdfPage.FindAll(printed, -1)); pages < 1 || pages > limit {
				t.Errorf("%s takes %d pages, want at most %d", name, pages, limit)
			}
			if wide != 0 {
				t.Errorf("%s: %d parts are cut at the side", name, wide)
			}
		}
	})
}

// printed gives the PDF of a page, and how many of its parts are wider than their place.
func printed(t *testing.T, browser context.Context, content string) (pdf []byte, wide int) {
	t.Helper()
	const count = `[...document.querySelectorAll('.cell, p, li, h1, h2, footer')].filter(e => e.scrollWidth > e.clientWidth + 1).length`
	address := "data:text/html;charset=utf-8;base64," + base64.StdEncoding.EncodeToString([]byte(content))
	// 680 is the width between the margins, at 96 points an inch.
	if err := chromedp.Do(browser, chromedp.EmulateViewport(680, 1000), chromedp.Navigate(address)); err != nil {
		t.Fatal(err)
	}
	wide, err := chromedp.Run(browser, chromedp.Evaluate[int](count))
	if err != nil {
		t.Fatal(err)
	}
	yes := true
	result, err := chromedp.Call(browser, page.PrintToPDF, page.PrintToPDFParams{PreferCSSPageSize: &yes, PrintBackground: &yes})
	if err != nil {
		t.Fatal(err)
	}
	return result.Data, wide
}
