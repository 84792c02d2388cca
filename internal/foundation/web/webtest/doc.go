// Package webtest serves routes to tests as the house serves them, and asks for pages as a
// browser without script does: it keeps cookies, follows no redirect by itself and says
// that it is on the site.
package webtest
