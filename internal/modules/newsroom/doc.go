// Package newsroom tells the press and everybody else what the programme does: releases
// and news in three languages on their way from a draft over a review and an embargo to
// the public, with the corrections that were made since; and the feeds of what is public.
//
// People write to the staff by the form on the page of contacts, and are answered from
// there: an inquiry.
//
// Tables: news_release, news_step (who moved a release where, and with what words),
// news_correction; news_inquiry, news_inquiry_step (what was done with it), both sealed
// under the key of who asked, and news_hour (how many came). Facts: newsroom.published, on
// the day on which it became public. Messages: newsroom.received, newsroom.answer. Jobs:
// newsroom.publish, when an embargo ends; newsroom.forget, when an inquiry ended 180 days
// ago. A release that is not public is not there for
// strangers: on no page, in no feed, in no picture, not for search engines.
package newsroom
