// Package kit is what pages are built from: the layout, forms, tags, notices,
// bars, charts. All text comes from the catalogues in the language of the
// request; nothing carries inline style or script, because the content security
// policy forbids both. A component knows nothing of what the programme does.
//
// A page of many things is a List: ViewOf says what its address may ask for, ShowList
// draws search, filters, counts, columns, export, table and pages of typed rows.
//
// Plain markup with a class does the rest: "card", "grid", "pair", "actions",
// "button" (with "second" or "danger"), "stack", "quiet", <table class="cards">
// with data-label on each td, "stats", <details class="dialog">.
package kit
