// Package files keeps what people upload: a Store of four calls over a folder
// or S3, and Clean, through which every upload passes before it is kept.
//
// A Store knows names and bytes only. Whose a file is, who may read it and what
// it is called for people is a row in the database of the part it belongs to:
// the row is written after the file and removed before it, so that no row names
// a file that is not there.
package files
