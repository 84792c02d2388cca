// Package documenttest lets programs that are not ours judge the PDFs that we write:
// veraPDF, qpdf and poppler, which make test installs.
package documenttest
