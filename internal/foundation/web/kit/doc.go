// Package kit is what pages are built from: the layout, forms, tags, notices,
// bars, charts. All text comes from the catalogues in the language of the
// request; nothing carries inline style or script, because the content security
// policy forbids both. A component knows nothing of what the programme does.
//
// A page of many things is a List: ViewOf says what its address may ask for, ShowList
// draws search, filters, counts, columns, export, table and pages of typed rows.
//
// Numbers are a Chart: Bars, Lines or Proportion draw it, each with its table; PlacesMap
// draws numbers of places. What happened is a Timeline, a form of several pages has a
// Stepper. Package gallery shows all of it in each state.
//
// Plain markup with a class does the rest: "card", "grid", "pair", "actions",
// "button" (with "second" or "danger"), "stack", "quiet", <table class="cards">
// with data-label on each td, "stats", <details class="dialog">.
//
// It is large because a page takes a dozen of its parts at once, and each part the texts,
// the language and the rules of the others (labels, faults, links, focus); every part is a
// file of its own and stands in the gallery.
package kit
