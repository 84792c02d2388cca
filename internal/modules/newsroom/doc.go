// Package newsroom tells the press and everybody else what the programme does: releases
// and news in three languages on their way from a draft over a review and an embargo to
// the public, with the corrections that were made since; and the feeds of what is public.
//
// Tables: news_release, news_step (who moved a release where, and with what words),
// news_correction. Facts: newsroom.published, on the day on which it became public. Jobs:
// newsroom.publish, when an embargo ends. A release that is not public is not there for
// strangers: on no page, in no feed, in no picture, not for search engines.
package newsroom
