// Package team is who helps at one activity and is not staff: reviewers of applications,
// raters of practice, speakers, interpreters, translators, editors. Staff of the activity
// invite them on its page, for some days, and take the role back; who helps finds on a page
// of her own what she needs, and translators and editors write its texts there.
//
// It is not who works for the programme (spine/people, roster), and it keeps nothing: the
// roles lie with all others in spine/people, where each sleeps until its invitation was
// used. It records no facts, and sends nothing but that invitation; spine/people tells her
// besides that a role was given or taken.
//
// A role ends by itself at the midnight DaysAfter days after the activity's last day, or on
// the day that was chosen (lastDay); with no day known after 90 days. When the activity
// moves, what is not over moves by as many days (changed; MoveHelp in spine/people); what is
// over stays so. Whoever gives, takes or moves holds the activity first, then the person.
package team
