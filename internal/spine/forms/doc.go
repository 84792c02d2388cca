// Package forms holds what is asked of people and what they answer: questions with their
// kinds, options and conditions, forms in versions, answers with files, the judge of a
// whole form, the component that draws a question, and the editor in which an organiser
// words it. Applications, registration, feedback and consultation use it; none has a
// second one. It is not a use case: it knows no activity and no application, decides
// nobody's rights, keeps no answers, and names an owner by an id (Owner) and its tables by
// a Shelf.
//
// # How a room uses it
//
// It declares a Shelf with its two tables, and a usual form that is asked where nobody
// wrote one. A page reads Shelf.Now, draws a Page with Fields inside its own form element,
// and gives the request to Page.Take. Its use case, in its own transaction, reads
// Shelf.Now again, judges everything with Form.Validate and Shelf.SameWords, stores the
// sealed answers (Answers.Encode) with Form.ID beside them, and notes the consents with
// Form.Consents. What it finds wrong goes back to the page through Page.Refuse. Later
// Shelf.AnsweredForm gives the words that were answered: Form.Shown for a page,
// Form.InWords for an export of one person, Columns for a table of many. The editor is
// Editor, drawn by Edit, read by WrittenChange and done by Shelf.Change once the room has
// found that its organiser may.
//
// The fields of the person (OwnKinds) are those of spine/profile. Known fills them in from
// her record, Answers.Details takes them out for it, FillIn adds them to what is known, and
// AtQuestions brings a fault of the record back to its question.
//
// # What never changes
//
// A question has a key and an option a value that are never given again, also when it is
// gone: answers point to them. A version is never changed once it is written, nor dropped
// while Shelf.Answered names it. Question, Answers and QuestionKind are stored as they
// stand, so their JSON names and codes stay.
//
// # How to add a kind of question
//
// A kind that an organiser words ("a time of day", "how much do you agree, in five steps"):
//
//  1. kind.go: a constant of QuestionKind (its code is stored for ever), its place in
//     QuestionKinds, and its nature in allNatures. The nature is all that there is to say:
//     how it is drawn (look), whether its options or bounds are the organiser's (options,
//     bounds: the editor then offers them), what may be chosen (values) and its words (word),
//     or how a written value is judged and kept (fix), how it is shown again (shown), and
//     what its input has of its own (dress). The first lines of Question.Fix (one line or several, nothing
//     unseen, the length or the choice) hold for it without a word.
//  2. text/ky.json, ru.json, en.json: its name for the editor, forms.kind.CODE; and the
//     words of a fault that fix gives, when it is a new one.
//  3. question.templ: only when no look draws it, a new look and its case in Draw. It works
//     without a script, and its name is Question.Field.
//  4. kind_test.go: one line in the table samples: what it takes, what is kept of that, and
//     what it refuses. The test fails for a kind that is missing there, has no nature, no
//     name, or is not drawn.
//
// A field of the person is added in spine/profile (fields.go, with the question that asks
// for it) and in people.Details; here it gets its constant and its look in allNatures.
package forms
