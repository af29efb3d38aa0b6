//go:build ignore

// Packs folders and files into a zip, which is what the program carries:
//
//	go run pack.go OUT FOLDER NAME...
//
// It runs by go generate ./screening/training ./indicators after something there changed; tests say when that was forgotten.
package main

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"io"
	"io/fs"
	"log"
	"os"
)

func main() {
	log.SetFlags(0)
	var packed bytes.Buffer
	w := zip.NewWriter(&packed)
	w.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) { return flate.NewWriter(out, flate.BestCompression) })
	folder := os.DirFS(os.Args[2])
	pack := func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(folder, name)
		if err != nil {
			return err
		}
		file, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
		if err == nil {
			_, err = file.Write(content)
		}
		return err
	}
	var err error
	for _, name := range os.Args[3:] {
		if err == nil {
			err = fs.WalkDir(folder, name, pack)
		}
	}
	if err == nil {
		err = w.Close()
	}
	if err == nil {
		err = os.WriteFile(os.Args[1], packed.Bytes(), 0o644)
	}
	if err != nil {
		log.Fatal(err)
	}
}
