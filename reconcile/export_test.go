package reconcile

// Cramp makes an engine decide part items at a time, and keep so many bytes of what it knows of folders in memory.
func (e *Engine) Cramp(part, room int) { e.limits = limits{part: part, room: room} }
