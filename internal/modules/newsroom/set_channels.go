package newsroom

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strings"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/programme"
)

// SetChannels says in which channels news are posted, by language.
type SetChannels struct {
	Actor access.Actor
	Names map[i18n.Language]string // as typed: a name, with its sign or as a link; empty for none
}

// channelName is a public name as Telegram allows it.
var channelName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{3,31}$`)

// readChannel gives a name with its sign, "@ashar". ok is false for what is none.
func readChannel(typed string) (name string, ok bool) {
	typed = strings.TrimSpace(typed)
	for _, before := range []string{"https://", "http://", "t.me/", "telegram.me/", "@"} {
		typed = strings.TrimPrefix(typed, before)
	}
	typed = strings.TrimSuffix(typed, "/")
	if typed == "" {
		return "", true
	}
	return "@" + typed, channelName.MatchString(typed)
}

// SetChannels is the use case. It concerns the whole programme. Forbidden; Invalid at the
// fields channel_ky, channel_ru, channel_en. What was posted stays where it is.
func (m *Module) SetChannels(ctx context.Context, tx *storage.Tx, cmd SetChannels) error {
	if may, err := m.everywhere(ctx, tx, cmd.Actor); err != nil || !may {
		return cmp.Or(err, error(fault.New(fault.Forbidden, "fault.forbidden")))
	}
	var form fault.Form
	names := map[i18n.Language]string{}
	for _, l := range i18n.Languages {
		name, ok := readChannel(cmd.Names[l])
		form.Check(ok, "channel_"+string(l), "newsroom.fault.channel")
		names[l] = name
	}
	if err := form.Err(); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM news_channel`); err != nil {
		return err
	}
	for _, l := range i18n.Languages {
		if names[l] == "" {
			continue
		}
		if _, err := tx.Exec(ctx, `INSERT INTO news_channel (lang, name) VALUES ($1, $2)`, string(l), names[l]); err != nil {
			return err
		}
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: cmd.Actor.Person, Action: "newsroom.audit.channels", Detail: strings.Join(slices.DeleteFunc([]string{names[i18n.Kyrgyz], names[i18n.Russian], names[i18n.English]}, func(s string) bool { return s == "" }), " ")})
}

// everywhere reports whether somebody may publish for the whole programme.
func (m *Module) everywhere(ctx context.Context, tx *storage.Tx, actor access.Actor) (bool, error) {
	p, err := programme.Current(ctx, tx)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return false, err
	}
	return actor.May(MayPublish, access.Scope{Programme: p.ID}), nil
}

// channels are the names by language, with their sign.
func channels(ctx context.Context, tx *storage.Tx) (map[i18n.Language]string, error) {
	type row struct {
		lang i18n.Language
		name string
	}
	list, err := storage.All(ctx, tx, func(s storage.Scanner) (r row, err error) {
		err = s.Scan(&r.lang, &r.name)
		return r, err
	}, `SELECT lang, name FROM news_channel`)
	out := map[i18n.Language]string{}
	for _, r := range list {
		out[r.lang] = r.name
	}
	return out, err
}
