package review

import (
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// BuiltFrom are the keys that are put together while the code runs.
func BuiltFrom() []i18n.Built {
	return []i18n.Built{
		{Keys: "seminars.filter.unheard.*", Of: []string{"yes", "no"}, Why: "whom messages do not reach"},
		{Keys: "seminars.filter.scored.*", Of: []string{"yes", "no", "apart"}, Why: "what was scored"},
		{Keys: "seminars.unheard.*", Of: i18n.Words(seats.NoOtherWay, seats.NotArrived, seats.Unasked), Why: "why messages do not reach her"},
	}
}
