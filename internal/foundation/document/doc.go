// Package document writes papers from one tree of headings, paragraphs, lists, tables,
// figures and footnotes: as HTML, and as PDF that everybody can read.
//
// A paper says what its parts are, never where they stand: the tree is checked, set into
// lines and strips, divided into pages and only then drawn. The PDF is tagged and keeps
// PDF/UA-1 (ISO 14289-1) and PDF/A-2a (ISO 19005-2, level A): every part stands in a
// structure tree in the order of reading, links and figures are described, fonts are
// embedded as the letters that are used, and the same paper gives the same bytes.
//
// The pages themselves are drawn by fpdf; the layer of tags is ours (structure.go,
// seal.go), since no library in Go writes it.
//
// The one typeface is DejaVu Sans. It has the letters of Kyrgyz, Russian and English and
// of most languages that are written from left to right; a paper with a letter that it has
// not is refused before anything is drawn.
//
// It is large because one tree has two writers, and the way to a tagged file (letters, lines,
// strips, pages, marks, tree) is of one piece: each step is of use to the next alone.
package document
