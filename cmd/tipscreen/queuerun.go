package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"tipscreen/cmd/internal/session"
	"tipscreen/screening"
	"tipscreen/screening/queue"
)

// rowsOnMenu is how much of the board fits above the menu in a window of 24 lines.
const rowsOnMenu = 8

// run is the queue as a menu: the board, and what can be done.
func (l *lane) run(ctx context.Context) error {
	lock, err := l.lockOnce(ctx)
	if err != nil {
		return err
	}
	shift := &queueShift{lane: l, lock: lock, carried: map[string][]screening.Event{}}
	closeBoard, err := l.openBoard()
	if err != nil {
		return err
	}
	defer closeBoard()
	said := ""
	for {
		l.showOnPage()
		choice, err := l.choose(ctx, said)
		if errors.Is(err, io.EOF) { // everything that was done is on the disk
			return nil
		}
		if err != nil {
			return broken(err)
		}
		switch choice {
		case "end":
			return nil
		case "arrive", "mark":
			said, err = l.ask1(ctx, choice)
		case "board":
			err = l.showBoard(ctx)
			said = ""
		case "screen":
			said, err = shift.screen(ctx)
		case "private":
			said, err = shift.private(ctx)
		case "enter":
			said, err = shift.enter(ctx)
		}
		var usage usageError
		switch {
		case errors.As(err, &usage):
			said = usage.Error() // nothing was noted; the menu says why
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, session.ErrInterrupted) && l.onTerminal() && ctx.Err() == nil:
			said = ""
		case err != nil:
			return err
		}
	}
}

// lockOnce asks once for the short code that opens hidden screens of this session.
func (l *lane) lockOnce(ctx context.Context) (*session.Lock, error) {
	surface, end, err := l.openOwn()
	if err != nil {
		return nil, err
	}
	defer end()
	code, err := surface.Code(ctx)
	if err != nil {
		return nil, broken(err)
	}
	return session.NewLock(code, l.check), nil
}

// choose shows the board and asks what to do. said is what the last step brought.
func (l *lane) choose(ctx context.Context, said string) (string, error) {
	dialog, end, err := l.openOwn()
	if err != nil {
		return "", err
	}
	defer end()
	q := l.question("queue")
	q.Text = l.boardLines(l.q.Board(l.now(), l.own.Prefix), rowsOnMenu)
	q.Notice = said
	for _, value := range []string{"arrive", "screen", "private", "mark", "board", "enter", "end"} {
		q.Options = append(q.Options, session.Choice{Value: value, Label: l.say("queue.option."+value, nil)})
	}
	return dialog.Choose(ctx, q)
}

// ask1 takes one line and does what it says.
func (l *lane) ask1(ctx context.Context, what string) (said string, err error) {
	text, err := l.line(ctx, what)
	if err != nil || text == "" && what == "mark" {
		return "", err
	}
	if what == "mark" {
		return l.mark(text)
	}
	numbers, err := l.arrive(text)
	if len(numbers) == 0 {
		return "", err
	}
	return l.say("queue.given_out", map[string]any{"Numbers": firstAndLast(numbers)}), err
}

// line asks for one line.
func (l *lane) line(ctx context.Context, what string) (string, error) {
	dialog, end, err := l.openOwn()
	if err != nil {
		return "", err
	}
	defer end()
	return dialog.Text(ctx, l.question("queue."+what))
}

func (l *lane) showBoard(ctx context.Context) error {
	board := l.q.Board(l.now(), l.own.Prefix)
	q := l.question("queue.board")
	q.Text = l.boardLines(board, len(board.Rows))
	return l.tell(ctx, q)
}

// queueShift holds what is checked once for a shift, for each language.
type queueShift struct {
	*lane
	lock    *session.Lock
	carried map[string][]screening.Event
}

// screen leads through the short look with the next person, and on to the one after, until somebody wants the menu.
func (s *queueShift) screen(ctx context.Context) (said string, err error) {
	for {
		number, ok := s.q.Next(s.own.Prefix)
		if !ok {
			return s.say("queue.nobody", nil), nil
		}
		if more, err := s.lookAt(ctx, number); err != nil || !more {
			return "", err
		}
	}
}

// lookAt is the short look with one person and what follows; more: the next one may come.
func (s *queueShift) lookAt(ctx context.Context, number string) (more bool, err error) {
	ended, err := s.shortLook(ctx, number)
	if err != nil {
		return false, err
	}
	s.showOnPage()
	choice, err := s.afterLook(ctx, number, ended)
	if err == nil && choice == "slip" {
		err = s.do(queue.Slip, number, "")
	}
	return choice != "menu", err
}

// enter keys in the paper card of one person, whose turn it need not be.
func (s *queueShift) enter(ctx context.Context) (said string, err error) {
	number, err := s.line(ctx, "enter")
	if err != nil || number == "" {
		return "", err
	}
	number = strings.ToUpper(number)
	if p, known := s.q.Person(number); !known || p.Holder != s.own.Prefix {
		return "", usageError{fmt.Errorf("this laptop does not look after the number; nothing was keyed in")}
	}
	s.beside.paper = true
	defer func() { s.beside.paper = false }()
	_, err = s.lookAt(ctx, number)
	return "", err
}

// shortLook interviews one person by the plan checkpoint and notes what comes next.
func (s *queueShift) shortLook(ctx context.Context, number string) (session.Page, error) {
	iv, ended, err := s.talk(ctx, "checkpoint", number, s.carried[s.languageOf(number)])
	if err != nil {
		return ended, err
	}
	if !iv.IsFinished() { // put off: the others go first for a while
		return ended, s.do(queue.Later, number, "")
	}
	s.carried[s.languageOf(number)] = iv.ShiftEvents()
	a := iv.Assess()
	if err := s.writeSlip(number, iv.Claim()); err != nil {
		return ended, err
	}
	for _, need := range needsOf(&a) {
		if err := s.do(queue.Needs, number, need); err != nil {
			return ended, err
		}
	}
	var answers []screening.Event
	if iv.MayRecord() { // the private talk asks nothing twice
		answers = screening.EarlierEvents(iv.Setup().Data, iv.Events(), number)
	}
	return ended, s.do(queue.Screened, number, stepAfter(a.Outcome, needsOf(&a)), answers...)
}

// stepAfter is the next step by place.
func stepAfter(outcome screening.Outcome, needs []string) string {
	switch {
	case outcome >= screening.TalkFurther, len(needs) > 0 && needs[0] == "child":
		return "private"
	case outcome == screening.NotEnoughKnown:
		return "wait"
	}
	return "help"
}

// needsOf are the needs that a short look brought to light.
func needsOf(a *screening.Assessment) (needs []string) {
	for _, flag := range a.Flags {
		if need := map[string]string{"child": "child", "health": "medical", "urgent": "urgent"}[flag]; need != "" {
			needs = append(needs, need)
		}
	}
	return needs
}

func (s *queueShift) languageOf(number string) string {
	p, _ := s.q.Person(number)
	switch {
	case p.Language != "" && slices.Contains(s.catalog().Languages(), p.Language): // another laptop may know more languages
		return p.Language
	case s.person != "":
		return s.person
	}
	return s.kept.settings.Person
}

// talk runs one interview for a number.
func (s *queueShift) talk(ctx context.Context, plan, number string, carried []screening.Event) (*screening.Interview, session.Page, error) {
	setup, err := s.setupFor(s.kept, &screenOptions{plan: plan, person: s.languageOf(number)})
	if err != nil {
		return nil, session.Page{}, err
	}
	desk, end, err := s.openDesk(s.kept, setup)
	if err != nil {
		return nil, session.Page{}, err
	}
	defer end()
	desk.lock, desk.brief = s.lock, true
	iv, err := screening.Replay(setup, nil)
	if err != nil {
		return nil, session.Page{}, err
	}
	ended, err := desk.interview(ctx, iv, &shelf{store: s.kept.Store}, carried)
	return iv, ended, err
}

// afterLook tells what was kept and what comes next for this number.
func (s *queueShift) afterLook(ctx context.Context, number string, ended session.Page) (string, error) {
	dialog, end, err := s.openOwn()
	if err != nil {
		return "", err
	}
	defer end()
	p, _ := s.q.Person(number)
	q := s.question("queue.after")
	q.Text = append([]string{s.say("queue.goes", map[string]any{"Number": number, "Step": s.say("queue.step."+p.Step, nil)})}, s.endLines(ended)...)
	for _, value := range []string{"slip", "next", "menu"} {
		q.Options = append(q.Options, session.Choice{Value: value, Label: s.say("queue.after.option."+value, nil)})
	}
	return dialog.Choose(ctx, q)
}

// private leads through the private talk with the next person for whom it is due; what the counter recorded is not asked
// again. Somebody who may be a child gets the talk for children.
func (s *queueShift) private(ctx context.Context) (said string, err error) {
	number, ok := s.q.NextPrivate(s.own.Prefix)
	if !ok {
		return s.say("queue.nobody", nil), nil
	}
	p, _ := s.q.Person(number)
	plan := "full"
	for _, need := range p.Needs {
		if need == "child" {
			plan = "child"
		}
	}
	iv, ended, err := s.talk(ctx, plan, number, p.Answers)
	if err != nil {
		return "", err
	}
	if !iv.IsFinished() {
		return number, s.do(queue.Later, number, "")
	}
	if err := s.do(queue.Screened, number, "onward"); err != nil {
		return "", err
	}
	return number + ": " + s.endLines(ended)[0], nil
}
