// Package newsroom tells the press and everybody else what the programme does: releases
// and news in three languages on their way from a draft over a review and an embargo to
// the public, with the corrections that were made since; and the feeds of what is public.
// It keeps the press kit, logos and photos that journalists may take, and writes down what
// others have published.
//
// People write to the staff by the form on the page of contacts, and are answered from
// there: an inquiry.
//
// Who agrees to it, and has proven an address, gets releases by mail: the press list. Its
// people are those with that consent; there is no other list. Whoever types an address
// agrees to nothing: who reads the mail there does, with the button of a letter.
//
// Tables: news_release, news_step (who moved a release where, and with what words),
// news_correction; news_inquiry, news_inquiry_step (what was done with it), both sealed
// under the key of who asked, news_hour (how many came), news_mailing (a release on its
// way to the list); news_kit_item; news_mention; news_channel, news_post (a release in a
// Telegram channel). Facts: newsroom.published, on the day on which a release became public;
// newsroom.mention, on the day on which others published. Messages: newsroom.received,
// newsroom.answer, newsroom.release, newsroom.confirm. Jobs: newsroom.publish, when an
// embargo ends; newsroom.forget, when an inquiry ended 180 days ago; newsroom.send, a
// quarter of an hour after a release became public; newsroom.tidy, for files that no row
// names; newsroom.post and newsroom.amend, in the channels.
//
// What is not public is not there for strangers: on no page, in no feed, in no picture, not
// for search engines. A photo is public only with a credit, words for who does not see it,
// and the consent of who is seen in it.
//
// It is large because releases, letters to the staff, the press list and the press kit
// share one desk; each stands in files of its own and knows the releases alone.
package newsroom
