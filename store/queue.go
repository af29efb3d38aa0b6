package store

import "fmt"

// The queue of people who wait is kept in pieces, each a sealed row, so that a change rewrites one small piece and not
// the whole day. All officers of the device share it, like the settings.
const queueBucket = 4096

func queueRow(n int) string { return fmt.Sprintf("queue.%d", n) }

// QueuePieces gives the pieces of the queue, in order.
func (s *Store) QueuePieces() ([][]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var pieces [][]byte
	for {
		plain, err := s.openBlob(queueRow(len(pieces)))
		if err != nil {
			return nil, failure("read the queue", err)
		}
		if plain == nil {
			return pieces, nil
		}
		pieces = append(pieces, plain)
	}
}

// SaveQueuePiece makes a piece durable, a new one or one that is there already.
func (s *Store) SaveQueuePiece(n int, piece []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.ready(); err != nil {
		return failure("keep the queue", err)
	}
	put, err := s.putBlob(queueRow(n), queueBucket, piece)
	if err != nil {
		return failure("keep the queue", err)
	}
	return failure("keep the queue", s.commit(change{apply: put}))
}

// AgencyRoot names the agency that this laptop works for; nil: it works alone.
func (s *Store) AgencyRoot() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.enrolled() {
		return nil
	}
	root := s.officer.State.Root
	return root[:]
}
