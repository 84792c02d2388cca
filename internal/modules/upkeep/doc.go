// Package upkeep is what the administrator sees of the house's own work: the jobs that
// wait, run or have failed, and the button that lets a failed one run again.
//
// A page of it shows kinds, times and classes of errors, never what a job is about:
// payloads and keys name persons' records, error texts repeat what servers said.
package upkeep
