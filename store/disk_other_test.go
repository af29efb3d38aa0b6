//go:build !linux

package store

func diskChild(string, string) {}
