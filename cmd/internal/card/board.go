package card

// Board is a page for a second screen on a wall: the queue, in letters as large as the window allows. It shows what it is
// given and takes nothing.
type Board struct {
	server *Server
	tell   func(address string)
	stop   chan struct{}
	done   chan struct{}
}

// NewBoard opens the page. tell gets its address now, and another one whenever the browser went away.
func NewBoard(tell func(address string)) (*Board, error) {
	server, err := Listen()
	if err != nil {
		return nil, err
	}
	b := &Board{server: server, tell: tell, stop: make(chan struct{}), done: make(chan struct{})}
	tell(server.NewAddress())
	go b.watch()
	return b, nil
}

func (b *Board) watch() {
	defer close(b.done)
	for {
		select {
		case <-b.stop:
			return
		case <-b.server.Lost():
			b.tell(b.server.NewAddress())
		}
	}
}

// Show puts these lines on the page, in this language and direction.
func (b *Board) Show(lang string, right bool, lines []string) {
	b.server.show(view{Kind: "card", Lang: lang, Right: right, Said: &said{Lang: lang, Right: right, Lines: lines}})
}

// Blank empties the page.
func (b *Board) Blank() { b.server.show(view{}) }

// Close empties the page and ends it.
func (b *Board) Close() error {
	close(b.stop)
	<-b.done
	return b.server.Close()
}
