package messages

import (
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
)

func dateTime(_ i18n.Language, at time.Time) string { return at.Format("02.01.2006 15:04") }
