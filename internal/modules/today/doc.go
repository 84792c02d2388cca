// Package today is the coordinator's first page: what needs her now, in order,
// and the state of each activity.
//
// It knows nothing itself. Every module tells in its manifest which tasks wait
// for the person who asks, and may add a panel; app hands both in.
package today
