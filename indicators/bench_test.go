package indicators

import "testing"

// BenchmarkLoad reads and checks all embedded data; it is part of the time from the start of the program to the first
// prompt of an interview.
func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := Load(Embedded()); err != nil {
			b.Fatal(err)
		}
	}
}
