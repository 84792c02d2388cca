// Package analysis brings the sciences to files: it reads what a researcher has,
// calls one science and writes its result as JSON. It needs no installation, no
// database and no people. Formulas are in the sciences, formats in docs.
package analysis
