package session

import "context"

// Dialog is how the program asks for what does not belong to an interview: set-up, passphrase, the menu. It has the same
// two forms as a Surface. It returns io.EOF when the input has ended and ErrInterrupted when the official broke off.
type Dialog interface {
	// Choose asks for one of the options and returns its value.
	Choose(ctx context.Context, q Question) (string, error)
	// Text asks for one line; it may be empty.
	Text(ctx context.Context, q Question) (string, error)
	// Secret asks for a line that is not shown. The caller wipes it.
	Secret(ctx context.Context, q Question) ([]byte, error)
	// Tell shows something and waits until it was read.
	Tell(ctx context.Context, q Question) error
}

// Question is one thing to ask, in words.
type Question struct {
	// ID stands in brackets before the prompt in line mode.
	ID      string
	Title   string
	Text    []string
	Options []Choice
	// Notice says why the question is asked again.
	Notice string
	// GoOn is the word for going on, below something that is told.
	GoOn string
}

// Choice is one option of a question.
type Choice struct{ Value, Label string }
