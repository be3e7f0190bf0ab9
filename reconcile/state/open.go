package state

// Format is the version of the format that this version of Accord writes.
const Format = 1
