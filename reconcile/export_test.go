package reconcile

// Cramp makes an engine decide part items at a time, carry out so many writes, and keep so many bytes of what it knows of folders in memory.
func (e *Engine) Cramp(part, writes, room int) {
	e.limits = limits{part: part, writes: writes, room: room}
}
