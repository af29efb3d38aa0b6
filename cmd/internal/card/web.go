package card

import (
	"embed"
	"net/http"
	"path"
	"strings"
)

//go:embed web/page.html web/pictures.js web/script.js web/style.css
var web embed.FS

//go:embed fonts/*.woff2 fonts/OFL.txt
var fonts embed.FS

// contentTypes are those of all files that a page is made of.
var contentTypes = map[string]string{".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".woff2": "font/woff2"}

// serveWeb gives a file of the page; the empty name is the page itself.
func serveWeb(w http.ResponseWriter, name string) {
	if name == "" {
		name = "page.html"
	}
	content, err := web.ReadFile("web/" + name)
	if err != nil {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	if name == "style.css" {
		content = append([]byte(fontFaces("font/")), content...)
	}
	w.Header().Set("Content-Type", contentTypes[path.Ext(name)])
	_, _ = w.Write(content)
}

func serveFont(w http.ResponseWriter, name string) {
	content, err := fonts.ReadFile("fonts/" + path.Base(name))
	if err != nil || !strings.HasSuffix(name, ".woff2") {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", contentTypes[".woff2"])
	_, _ = w.Write(content)
}
