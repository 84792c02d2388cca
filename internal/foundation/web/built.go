package web

import (
	"strconv"

	"platforma.kg/ashar/internal/foundation/i18n"
)

// Built are the keys of the shared texts that are put together while the code runs.
func Built() []i18n.Built {
	var pages []string
	for _, status := range ErrorStatuses {
		pages = append(pages, strconv.Itoa(status)+".title", strconv.Itoa(status)+".text")
	}
	return []i18n.Built{
		{Keys: "web.nav.group.*", Of: i18n.Words(Groups[:]...), Why: "the groups of the navigation"},
		{Keys: "web.error.*", Of: pages, Why: "each status that has a page of its own has a title and a text"},
	}
}
