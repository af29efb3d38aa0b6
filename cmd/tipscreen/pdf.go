package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

var errNoBrowser = errors.New("there is no Chromium or Edge here")

// printing is far more than a browser needs for one page.
const printing = 60 * time.Second

// browser finds a browser that can print without a window; empty: none.
func browser() string {
	names := []string{
		"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "microsoft-edge-stable", "msedge", "chrome",
		"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
	}
	for _, base := range []string{os.Getenv("ProgramFiles"), os.Getenv("ProgramFiles(x86)")} {
		if base != "" {
			names = append(names, filepath.Join(base, "Microsoft", "Edge", "Application", "msedge.exe"), filepath.Join(base, "Google", "Chrome", "Application", "chrome.exe"))
		}
	}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// printPDF lets the browser print a page to a new file. The page and the profile of the browser lie, while it prints, in a
// folder beside the new file that only this user can read; what was acknowledged for the file holds for them, and they are
// overwritten and removed. The browser is told to reach no network.
func printPDF(ctx context.Context, page []byte, out string) (err error) {
	program := browser()
	if program == "" {
		return errNoBrowser
	}
	if _, err := os.Lstat(out); err == nil {
		return fmt.Errorf("write the file: %w", os.ErrExist)
	}
	out, err = filepath.Abs(out)
	if err != nil {
		return fmt.Errorf("write the file: %w", err)
	}
	dir, err := os.MkdirTemp(filepath.Dir(out), "tipscreen-print-")
	if err != nil {
		return fmt.Errorf("make a folder for printing: %w", err)
	}
	source, target := filepath.Join(dir, "page.html"), filepath.Join(dir, "page.pdf")
	defer func() { err = errors.Join(err, forget(dir, source, target)) }()
	if err := writeNew(source, page); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, printing)
	defer cancel()
	args := []string{
		"--headless", "--disable-gpu", "--no-first-run", "--no-default-browser-check", "--disable-extensions", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--disable-crash-reporter", "--disable-breakpad", "--host-resolver-rules=MAP * ~NOTFOUND",
		"--user-data-dir=" + filepath.Join(dir, "profile"), "--no-pdf-header-footer", "--print-to-pdf=" + target,
	}
	if os.Geteuid() == 0 { // the sandbox of Chromium refuses to start for root
		args = append(args, "--no-sandbox")
	}
	if err := exec.CommandContext(ctx, program, append(args, fileURL(source))...).Run(); err != nil {
		return fmt.Errorf("let %s print: %w", filepath.Base(program), err)
	}
	printed, err := os.ReadFile(target)
	if err != nil || len(printed) == 0 {
		return fmt.Errorf("%s printed nothing; open the page in a browser and print it there", filepath.Base(program))
	}
	return writeNew(out, printed)
}

// fileURL is the address of a file, on every system and with every sign in its name.
func fileURL(path string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") { // a drive of Windows
		path = "/" + path
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}

// forget overwrites files and removes the folder around them. Old blocks of a flash disk may keep what was in them.
func forget(dir string, paths ...string) error {
	for _, path := range paths {
		if info, err := os.Stat(path); err == nil {
			_ = os.WriteFile(path, make([]byte, info.Size()), 0o600)
		}
	}
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("remove the folder %s: %w", dir, err)
	}
	return nil
}
