// Package sheets prints what an activity needs on paper: the sheet to sign, name badges, the
// list of participants, the sheet of allowances and fares, who agreed to photos, and a
// poster. Each is a tree of foundation/document, shown as a page and given as a PDF.
//
// It decides nothing about seats. Who stands on a sheet is read when it is drawn: whoever
// holds a seat then. Whoever withdrew or was erased before is on none, and each who is on
// one reads it in her log. Sheets hold no phone and no mail.
//
// Its tables: sheet_amount, sheet_city_fare and sheet_fare, what is paid, in whole som. A
// person's wish that her organisation stands on her badge is a consent, asked on My data.
package sheets
