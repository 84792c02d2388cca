// Package lists changes the lists of the house: its cities, groups, age bands and levels.
// The value, and how each process comes to see a change, is spine/profile; here stand the
// use cases, one file for each change. An entry is named, moved and closed, never taken
// away: its code stands in records, activities and facts.
package lists
