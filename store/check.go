package store

// Check tells whether handle and passphrase are those of the officer who opened the store, as for a screen that was
// hidden. It takes as long as opening, and changes nothing.
func (s *Store) Check(handle string, passphrase []byte) bool {
	officer, err := s.ring.Unlock(handle, passphrase)
	if err != nil {
		return false
	}
	same := officer.OMK == s.officer.OMK
	officer.Wipe()
	return same
}
