// Package web is the door of the house: routes, requests, languages, limits,
// errors as pages, and the page kit in the folder kit.
package web
