// Package public shows the programme to everybody: home, calendar, map, the page of an
// activity, feeds, pictures to share, sitemap, about and contact. What is drawn for
// strangers takes an Activity of this package, which only ForStrangers makes, so that
// nothing by invitation is drawn for them. It changes nothing; pages for those who plan
// are in package pages.
package public
