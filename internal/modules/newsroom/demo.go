package newsroom

import (
	"context"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/programme"
)

// demoRelease is a release of the demo and how far it has come.
type demoRelease struct {
	kind    Kind
	slug    string
	at      func(now time.Time) time.Time // when it was sent to review
	publish bool
	embargo time.Duration // from now, zero for none
	texts   Texts
}

// begun is the day on which the programme began.
var begun = time.Date(2022, 9, 1, 9, 0, 0, 0, programme.Bishkek)

// demoReleases tell what the programme file of the demo says of the programme, in words
// of a newsroom.
var demoReleases = []demoRelease{
	{
		kind: Press, slug: "programme-begins", publish: true,
		at: func(time.Time) time.Time { return begun },
		texts: Texts{
			Title: i18n.Text{
				Ky: "Сегиз шаарда жарандык лидерлик программасы башталды",
				Ru: "В восьми городах начинается программа гражданского лидерства",
				En: "A programme of civic leadership begins in eight cities",
			},
			Lead: i18n.Text{
				Ky: "2022-жылдын 1-сентябрынан тартып «Жарандык платформа» коомдук фонду аял депутаттарды, жарандык активисттерди жана медиа өкүлдөрүн окутат. Программаны Жергиликтүү демилгелердин Канада фонду колдойт.",
				Ru: "С 1 сентября 2022 года общественный фонд «Гражданская платформа» обучает женщин-депутатов, гражданских активистов и представителей медиа. Программу поддерживает Канадский фонд поддержки местных инициатив.",
				En: "From 1 September 2022 the public foundation Civic Platform trains women deputies, civil-society activists and people of the media. The Canada Fund for Local Initiatives supports the programme.",
			},
			Body: i18n.Text{
				Ky: `Программа Нарын, Каракол, Бишкек, Токмок, Жалал-Абад, Ош, Баткен жана Талас шаарларында өтөт. Катышуу акысыз.

## Ким үчүн

- **Депутаттар** — баардык деңгээлдеги, көбүнчө аялдар: кесиптик билим, адам укуктары, гендердик теңчилик жана көп түрдүүлүк боюнча семинар.
- **Жарандык активисттер** — сегиз шаарда бирден, бир күндүк семинар, бардыгы болуп 200гө жакын катышуучу. Гендердик теңчилик тууралуу билимден тышкары эл алдында сүйлөөгө, талкууга, лидерликке жана социалдык тармактарда иштөөгө машыгышат.
- **Медиа өкүлдөрү** — журналисттер, блогерлер жана коммуникация адистери: бийлик менен иштөө боюнча сегиз семинар.

## Дагы эмне болот

Бишкекте аялдардын саясий укуктары боюнча коворкинг-борбор ачылат. Жарандык лидерлик мектеби диалогдорду өткөрөт, ай сайын саясатчылар, кызматкерлер, жарандык сектор жана медиа катышкан онлайн-талкуу болот. Аял депутаттар үчүн методика, активисттер жана медиа үчүн жергиликтүү бийлик менен иштөө боюнча колдонмо даярдалат.

Ар бир шаарда катышуучулар чогуу ой бөлүшүп, ойлор аткарыла турган иштерге айланат.`,
				Ru: `Программа пройдёт в Нарыне, Караколе, Бишкеке, Токмоке, Джалал-Абаде, Оше, Баткене и Таласе. Участие бесплатное.

## Для кого

- **Депутаты** всех уровней, прежде всего женщины: семинар о профессиональных навыках, правах человека, гендерном равенстве и многообразии.
- **Гражданские активисты**: по одному однодневному семинару в каждом из восьми городов, всего около 200 участников. Кроме знаний о гендерном равенстве — практика публичных выступлений, дебатов, лидерства и работы в социальных сетях.
- **Представители медиа** — журналисты, блогеры, специалисты по коммуникациям: восемь семинаров о работе с органами власти.

## Что ещё

В Бишкеке откроется коворкинг-центр по политическим правам женщин. Школа гражданского лидерства проведёт диалоги, а раз в месяц — онлайн-дискуссию с политиками, чиновниками, гражданским обществом и медиа. Будут подготовлены методика для женщин-депутатов и руководство для активистов и медиа о работе с местной властью.

В каждом городе участники вместе ищут идеи, и из идей вырастают дела.`,
				En: `The programme takes place in Naryn, Karakol, Bishkek, Tokmok, Jalal-Abad, Osh, Batken and Talas. Taking part is free.

## For whom

- **Deputies** of every level, mostly women: a seminar on professional skills, human rights, gender equality and diversity.
- **Civil-society activists**: a one-day seminar in each of the eight cities, about 200 people in all. Beside knowledge of gender equality they practise public speaking, debate, leadership and social media.
- **People of the media**, journalists, bloggers and communications experts: eight seminars on working with the authorities.

## What else

A co-working centre on women's political rights opens in Bishkek. The School of Civic Leadership holds dialogues, and once a month an online discussion with politicians, officials, civil society and the media. A methodology for women deputies and a guide for activists and media on working with local authorities will be written.

In each city those who take part look for ideas together, and ideas become actions.`,
			},
		},
	},
	{
		kind: News, slug: "name-of-manas", publish: true,
		at: func(now time.Time) time.Time { return now.AddDate(0, 0, -9) },
		texts: Texts{
			Title: i18n.Text{
				Ky: "Баракчаларыбызда Манас шаары: мурунку аталышы да калды",
				Ru: "Город Манас на наших страницах: прежнее название тоже осталось",
				En: "The city of Manas on our pages: its former name stays where it belongs",
			},
			Lead: i18n.Text{
				Ky: "Жалал-Абад шаары 2025-жылдын сентябрынан бери Манас деп аталат. Мурунку иш-чаралардын документтеринде ошол күнкү аталышы сакталат.",
				Ru: "Город Джалал-Абад с сентября 2025 года называется Манас. В документах прежних мероприятий остаётся название того дня.",
				En: "The city of Jalal-Abad has been called Manas since September 2025. Documents of earlier events keep the name of their day.",
			},
			Body: i18n.Text{
				Ky: "Издөө эки аталыш менен тең табат. Мурунку билеттерди, тизмелерди жана күбөлүктөрдү кайра алуунун кереги жок.",
				Ru: "Поиск находит по обоим названиям. Прежние билеты, списки и сертификаты получать заново не нужно.",
				En: "The search finds it by both names. Earlier tickets, lists and certificates need not be issued again.",
			},
		},
	},
	{
		kind: Press, slug: "next-month", embargo: 5 * 24 * time.Hour,
		at: func(now time.Time) time.Time { return now.Add(-3 * time.Hour) },
		texts: Texts{
			Title: i18n.Text{
				Ky: "Айлык онлайн-талкуу: жергиликтүү бюджет кимдин колунда",
				Ru: "Ежемесячная онлайн-дискуссия: в чьих руках местный бюджет",
			},
			Lead: i18n.Text{
				Ky: "Депутаттар, активисттер жана журналисттер бир бөлмөдө.",
				Ru: "Депутаты, активисты и журналисты в одной комнате.",
			},
			Body: i18n.Text{
				Ky: "Талкуу онлайн өтөт, уюлдук интернет да жетет. Суроолорду алдын ала жөнөтсө болот.",
				Ru: "Дискуссия пройдёт онлайн, хватит и мобильного интернета. Вопросы можно прислать заранее.",
			},
		},
	},
}

// seed brings the releases of the demo, by the use cases and at their times.
func (m *Module) seed(ctx context.Context, s module.Stage) error {
	staff := s.Staff(access.Coordinator)
	if err := m.Store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
		for _, one := range demoReleases {
			tx.Now = one.at(s.Now).UTC().Truncate(time.Microsecond)
			r, err := m.WriteRelease(ctx, tx, WriteRelease{Actor: staff, Write: func(r Release) (Release, error) {
				r.Kind, r.Slug, r.Texts = one.kind, one.slug, one.texts
				if one.embargo > 0 {
					r.Embargo = s.Now.Add(one.embargo).In(programme.Bishkek).Truncate(time.Hour)
				}
				return r, nil
			}})
			if err != nil {
				return err
			}
			if r, err = m.MoveRelease(ctx, tx, MoveRelease{Actor: staff, Release: r.ID, Version: r.Version, To: Review}); err != nil {
				return err
			}
			if !one.publish {
				continue
			}
			if _, err = m.MoveRelease(ctx, tx, MoveRelease{Actor: staff, Release: r.ID, Version: r.Version, To: Published}); err != nil {
				return err
			}
		}
		return m.seedInquiries(ctx, tx, s)
	}); err != nil {
		return err
	}
	if err := m.announce(ctx, s); err != nil {
		return err
	}
	return m.seedPress(ctx, s)
}

// announce publishes news about one activity of each kind that strangers may know of.
func (m *Module) announce(ctx context.Context, s module.Stage) error {
	staff := s.Staff(access.Coordinator)
	return m.Store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
		all, err := programme.All(ctx, tx, programme.Filter{State: programme.Published})
		if err != nil {
			return err
		}
		told := map[string]bool{}
		for _, a := range all {
			if told[a.Kind] || !a.OpenToStrangers() {
				continue
			}
			told[a.Kind] = true
			tx.Now = s.Now.AddDate(0, 0, -30-len(told)).UTC().Truncate(time.Microsecond)
			in := func(l i18n.Language, before, after string) (title, lead, body string) {
				if name := a.Title.Exactly(l); name != "" {
					return before + name, a.Summary.Exactly(l), after
				}
				return "", "", ""
			}
			var t Texts
			t.Title.Ky, t.Lead.Ky, t.Body.Ky = in(i18n.Kyrgyz, "Жарыяланды: ", "Бардык маалымат өзүнүн барагында.")
			t.Title.Ru, t.Lead.Ru, t.Body.Ru = in(i18n.Russian, "Объявлено: ", "Все подробности — на отдельной странице.")
			t.Title.En, t.Lead.En, t.Body.En = in(i18n.English, "Announced: ", "All about it is on its own page.")
			r, err := m.WriteRelease(ctx, tx, WriteRelease{Actor: staff, Write: func(r Release) (Release, error) {
				r.Kind, r.Texts, r.Activity = News, t, a.ID
				return r, nil
			}})
			if err != nil {
				return err
			}
			for _, to := range []State{Review, Published} {
				if r, err = m.MoveRelease(ctx, tx, MoveRelease{Actor: staff, Release: r.ID, Version: r.Version, To: to}); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
