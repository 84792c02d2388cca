// Package sheet reads the tables that people bring: CSV as spreadsheets of three
// languages write it, and XLSX.
//
// A CSV file may be in UTF-8 with or without a byte order mark, in UTF-16, or in
// Windows-1251; its cells may be parted by comma, semicolon or tab; its lines may
// end in LF, CRLF or CR; quoted cells may hold line breaks. What cannot be read is
// told with file, line and column, never guessed at.
package sheet
