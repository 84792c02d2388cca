package newsroom

import (
	"context"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/people"
)

// demoInquiries are what is asked in the demo, with the answers there are.
var demoInquiries = []struct {
	before time.Duration // the moment of the demo
	role   access.Role   // who asks
	asked  Asked
	answer string
}{
	{
		before: 50 * time.Hour, role: access.Deputy,
		asked:  Asked{From: FromOther, Outlet: "Ош шаардык кеңеши", Words: "Семинарга балам менен келсем болобу? Ал төрт жашта."},
		answer: "Ооба, келиңиз. Залдын жанында балдар бөлмөсү бар, анда күнү бою тарбиячы болот.",
	},
	{
		before: 3 * time.Hour, role: access.Participant,
		asked: Asked{From: FromPress, Outlet: "Ош жаңырыгы", Words: "Дискуссия тууралуу макала жазып жатам. Уюштуруучулардын бири менен сүйлөшсөм болобу? Ыңгайлуу убакыт: бейшемби, түштөн кийин."},
	},
}

// seedInquiries asks and answers in the demo; no letters leave.
func (m *Module) seedInquiries(ctx context.Context, tx *storage.Tx, s module.Stage) error {
	quiet := *m
	quiet.Messages, quiet.Effort = nil, nil
	for _, one := range demoInquiries {
		tx.Now = s.Now.Add(-one.before).UTC().Truncate(time.Microsecond)
		q, _, err := quiet.Ask(ctx, tx, Ask{Actor: s.Staff(one.role), Asked: one.asked, Lang: i18n.Kyrgyz, Demo: true, Mark: people.NewToken()})
		if err != nil {
			return err
		}
		if one.answer == "" {
			continue
		}
		tx.Now = tx.Now.Add(5 * time.Hour)
		if _, err := quiet.AnswerInquiry(ctx, tx, AnswerInquiry{Actor: s.Staff(access.Coordinator), Inquiry: q.ID, Version: q.Version, Words: one.answer}); err != nil {
			return err
		}
	}
	return nil
}
