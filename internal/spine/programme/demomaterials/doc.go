// Package demomaterials writes the handouts of the demo: the agenda of a
// template, a checklist for participants and one for the team, each as a PDF in
// three languages. The checklists are real and may be used as they are.
package demomaterials
