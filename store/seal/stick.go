package seal

import (
	"bytes"
	"fmt"
	"io"

	"filippo.io/age"
)

// stickMagic begins what is sealed for a stick, inside, so that a file of another kind is told from a wrong passphrase.
const stickMagic = "tipscreen/1 stick\n"

// The work for a passphrase on a stick: 64 MiB of memory, as for the store. More than maxStickWork a hostile file may not
// ask for.
const (
	stickWork    = 16
	maxStickWork = 18
	maxStick     = 16 << 20
)

// SealStick encrypts what one laptop hands to another under a passphrase that the officers tell each other: an age file
// for one scrypt recipient.
func SealStick(passphrase, plain []byte) ([]byte, error) {
	recipient, err := age.NewScryptRecipient(string(NormalizePassphrase(passphrase)))
	if err != nil {
		return nil, fmt.Errorf("seal for a stick: %w", err)
	}
	recipient.SetWorkFactor(stickWork)
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, recipient)
	if err != nil {
		return nil, fmt.Errorf("seal for a stick: %w", err)
	}
	if _, err := w.Write(append([]byte(stickMagic), plain...)); err != nil {
		return nil, fmt.Errorf("seal for a stick: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("seal for a stick: %w", err)
	}
	return sealed.Bytes(), nil
}

// OpenStick opens what SealStick wrote. It gives ErrCannotOpen for a wrong passphrase and for what was changed.
func OpenStick(passphrase, sealed []byte) ([]byte, error) {
	identity, err := age.NewScryptIdentity(string(NormalizePassphrase(passphrase)))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCannotOpen, err)
	}
	identity.SetMaxWorkFactor(maxStickWork)
	r, err := age.Decrypt(bytes.NewReader(sealed), identity)
	if err != nil {
		return nil, ErrCannotOpen
	}
	plain, err := io.ReadAll(io.LimitReader(r, maxStick+1))
	if err != nil || len(plain) > maxStick || !bytes.HasPrefix(plain, []byte(stickMagic)) {
		return nil, ErrCannotOpen
	}
	return plain[len(stickMagic):], nil
}
