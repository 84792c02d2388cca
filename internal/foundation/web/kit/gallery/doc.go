// Package gallery shows every part of the kit in each of its states, on pages of their own:
// for who builds a page, and for the tests, which look at them in three languages, narrow and
// wide, dark, and in the browser's own colours. The house opens them in the demo alone. It
// decides nothing and keeps nothing; what its forms send is dropped.
package gallery
