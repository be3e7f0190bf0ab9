package reconcile

// Cramp makes an engine read so many items at a time, decide part of them at a time, carry out so many writes, and keep so many bytes of what it knows of
// folders in memory.
func (e *Engine) Cramp(read, part, writes, room int) {
	e.limits = limits{read: read, part: part, writes: writes, room: room}
}
