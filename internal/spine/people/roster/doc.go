// Package roster holds the pages that show people: to staff the list, a person, duplicates,
// roles and the import of lists; to a person her own data, her contacts and the buttons of
// the letters about them. What may be seen and changed is not judged here but in package
// people, whose use cases the forms call. It keeps no key, reads no table and knows nothing
// of how somebody signs in.
//
// It is large because the list, the record, the import and her own data are pages of one
// record: they share how it is drawn, named and written down as looked at.
package roster
