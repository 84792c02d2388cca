// Package materials keeps the files that go with an activity or a template: who may read
// which, the commands that add, change, move and remove them, the store of their bytes,
// and the pages of a shelf. A file that no row names any more is tidied away by a job.
// It does not say who may know of an activity, package programme does, nor clean what
// was handed in, package files does.
package materials
