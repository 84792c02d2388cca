// Package writing is the part of a form in which a text is written in three languages:
// its fields, which of them lag behind another language, and how they are read when the
// form is sent. All editors of the programme use it. It is no form of questions, which
// people fill in, and it judges no text.
package writing
