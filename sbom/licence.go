package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// marks are sentences by which the text of a licence is known, the more special first.
var marks = []struct{ id, text string }{
	{"Apache-2.0", "apache license version 2.0, january 2004"},
	{"MPL-2.0", "mozilla public license version 2.0"},
	{"LGPL-3.0-only", "gnu lesser general public license version 3"},
	{"GPL-3.0-only", "gnu general public license version 3"},
	{"CC0-1.0", "cc0 1.0 universal"},
	{"Unlicense", "this is free and unencumbered software released into the public domain"},
	{"ISC", "permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted"},
	{"ISC", "permission to use, copy, modify, and distribute this software for any purpose with or without fee is hereby granted"},
	{"MIT", "permission is hereby granted, free of charge, to any person obtaining a copy"},
	{"BSD-3-Clause", "may be used to endorse or promote products derived from this software"},
	{"BSD-2-Clause", "redistributions in binary form must reproduce the above copyright notice"},
}

var (
	licenceFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying|unlicense)([.-].*)?$`)
	between     = regexp.MustCompile(`[\s*/#]+`)
)

// licencesIn reads the licences of a module from the files of its folder; nothing when
// there is none or none that is known.
func licencesIn(folder string) []licence {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil
	}
	var ids []string
	for _, e := range entries {
		if e.IsDir() || !licenceFile.MatchString(e.Name()) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			continue
		}
		if id := licenceOf(string(text)); id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return known(ids...)
}

// licenceOf knows a licence by its text, empty for one that is not known.
func licenceOf(text string) string {
	text = between.ReplaceAllString(strings.ToLower(text), " ")
	for _, m := range marks {
		if strings.Contains(text, m.text) {
			return m.id
		}
	}
	return ""
}
