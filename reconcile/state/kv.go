package state

// kv is an ordered set of keys and values that changes in atomic steps. It is safe for concurrent use.
type kv interface {
	// get gives the value of a key, nil when it is not there. The value belongs to the caller.
	get(key []byte) ([]byte, error)

	// scan calls each for every key from from up to but without to, in order, as the set was when scan was called. Key and value are
	// only valid during the call. An error of each ends the scan and is returned as it is.
	scan(from, to []byte, each func(key, value []byte) error) error

	// commit makes all changes, in order, or none. durable waits until they are on the disk; it is called once.
	commit(changes []change) (durable func() error, err error)

	// close releases the set.
	close() error
}

// change puts a value to a key, removes a key (value is nil), or removes all keys from key up to but without end.
type change struct{ key, value, end []byte }
