// Package door is what happens on the day: who may stand at the desk (Keeper), codes that
// are scanned, marks that are put by hand and taken back, batches that a device kept,
// people who come without an application, and the devices themselves.
//
// What a device may decide without a network stands in Decide, and what it needs for that is
// given by Pack; docs/offline.md.
//
// It judges with what the seats know (package seats) and keeps scans and devices of its
// own. It knows no page.
//
// It is large because one decision has three ways in: at once, later from the phone that read it,
// and later still by another phone that was given what the first one had kept.
package door
