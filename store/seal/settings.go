package seal

import "io"

// SealBlob seals a small table of the device, such as the settings, under a name that it can only be opened with
// (§11). bucket hides its size.
func SealBlob(rand io.Reader, dk Key, device ID, name string, bucket int, plain []byte) ([]byte, error) {
	return box(rand, dk, pad(plain, bucket), name, device[:])
}

// OpenBlob opens what SealBlob made.
func OpenBlob(dk Key, device ID, name string, sealed []byte) ([]byte, error) {
	p, err := unbox(dk, sealed, name, device[:])
	if err != nil {
		return nil, err
	}
	return unpad(p)
}
