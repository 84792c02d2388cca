// Package head is what stands at the top of each page on which staff work on one activity,
// whichever room the page is of: what it is called, its day, its city, its state, and
// all pages of it in groups with the present one marked: two lines, on a phone one word that
// opens. Which pages there are is told by the
// manifests (module.Manifest.Event), so that no room knows of another. What is written of
// the activity, its description and agenda, is drawn here too, for strangers and for who
// works there.
package head
