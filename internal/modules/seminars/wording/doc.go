// Package wording is what staff write into messages: the places that a text may have, how
// they are checked, and how they are filled. It knows neither seats nor senders, so that
// messages to groups and those that go by themselves judge a text alike.
package wording
