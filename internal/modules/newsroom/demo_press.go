package newsroom

import (
	"bytes"
	"context"
	"image/color"
	"sync"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/ledger"
	"platforma.kg/ashar/internal/spine/module"
)

// demoItem is a picture of the demo's press kit.
type demoItem struct {
	kind  KitKind
	drawn func() (sizes, error)
	texts KitTexts
}

// once draws a picture when the first demo of the process asks for it.
func once(draw func() ([]byte, error)) func() (sizes, error) {
	return sync.OnceValues(func() (sizes, error) {
		raw, err := draw()
		if err != nil {
			return sizes{}, err
		}
		return cleanPicture(context.Background(), bytes.NewReader(raw))
	})
}

var ours = i18n.Text{Ky: "Ашар", Ru: "Ашар", En: "Ashar"}

var demoItems = []demoItem{
	{
		kind:  Logo,
		drawn: once(func() ([]byte, error) { return drawLogo(1024, color.NRGBA{0xA3, 0x2B, 0x22, 0xFF}, color.NRGBA{}) }),
		texts: KitTexts{
			Alt:     i18n.Text{Ky: "Ашардын белгиси: кызыл кочкор мүйүз", Ru: "Знак Ашара: красный бараний рог", En: "The sign of Ashar: a red ram's horn"},
			Caption: i18n.Text{Ky: "Ак фон үчүн белги", Ru: "Знак для белого фона", En: "The sign for white ground"},
			Credit:  ours,
		},
	},
	{
		kind: Logo,
		drawn: once(func() ([]byte, error) {
			return drawLogo(1024, color.NRGBA{0xFF, 0xFF, 0xFF, 0xFF}, color.NRGBA{0x14, 0x53, 0x7A, 0xFF})
		}),
		texts: KitTexts{
			Alt:     i18n.Text{Ky: "Ашардын белгиси: көк фондо ак кочкор мүйүз", Ru: "Знак Ашара: белый бараний рог на синем", En: "The sign of Ashar: a white ram's horn on blue"},
			Caption: i18n.Text{Ky: "Социалдык тармактар үчүн белги", Ru: "Знак для социальных сетей", En: "The sign for social media"},
			Credit:  ours,
		},
	},
	{
		kind:  Photo,
		drawn: once(func() ([]byte, error) { return drawLake(1500, 1000) }),
		texts: KitTexts{
			Alt:     i18n.Text{Ky: "Кечки көл, артында карлуу тоолор", Ru: "Озеро вечером, за ним снежные горы", En: "A lake in the evening with snowy mountains behind it"},
			Caption: i18n.Text{Ky: "Каракол семинарына бара жатканда. Демо үчүн тартылган сүрөт.", Ru: "По дороге на семинар в Караколе. Рисунок для демоверсии.", En: "On the way to the seminar in Karakol. Drawn for the demo."},
			Credit:  ours,
		},
	},
}

// demoMention is something that others have published in the demo.
type demoMention struct {
	link, outlet, title string
	language            i18n.Language
	day                 func(now time.Time) time.Time
	kind                MentionKind
	release             string // address of the release that it goes back to
}

var demoMentions = []demoMention{
	{
		"https://kabarlar.example.org/2022/09/sheriktik", "Үлгү кабарлары", "Сегиз шаарда жарандык лидерлик мектеби башталат", i18n.Kyrgyz,
		func(time.Time) time.Time { return begun.AddDate(0, 0, 1) }, Online, demoReleases[0].slug,
	},
	{
		"https://radio.example.com/efir/karakol", "Радио «Пример»", "В Караколе говорили о бюджете айыл окмоту", i18n.Russian,
		func(now time.Time) time.Time { return now.AddDate(0, 0, -6) }, OnRadio, "",
	},
}

// seedPress brings the press kit of the demo and what others have published in it.
func (m *Module) seedPress(ctx context.Context, s module.Stage) error {
	staff := s.Staff(access.Coordinator)
	for _, one := range demoItems {
		if m.Files == nil {
			break
		}
		both, err := one.drawn()
		if err != nil {
			return err
		}
		pictures, err := m.keepPicture(ctx, both)
		if err != nil {
			return err
		}
		if err := m.Store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
			i, err := m.KeepKitItem(ctx, tx, KeepKitItem{Actor: staff, Pictures: pictures, Write: func(i KitItem) (KitItem, error) {
				i.Kind, i.Texts, i.Pictured = one.kind, one.texts, Nobody
				return i, nil
			}})
			if err != nil {
				return err
			}
			_, err = m.ShowKitItem(ctx, tx, ShowKitItem{Actor: staff, Item: i.ID, Version: i.Version, Public: true})
			return err
		}); err != nil {
			return err
		}
	}
	return m.Store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
		for _, one := range demoMentions {
			var release storage.ID
			if one.release != "" {
				r, err := OpenBySlug(ctx, tx, one.release)
				if err != nil {
					return err
				}
				release = r.ID
			}
			if _, err := m.NoteMention(ctx, tx, NoteMention{Actor: staff, Write: func(n Mention) (Mention, error) {
				n.Link, n.Outlet, n.Title, n.Language, n.Kind = one.link, one.outlet, one.title, one.language, one.kind
				n.Day, n.Release = ledger.DayOf(one.day(s.Now)), release
				return n, nil
			}}); err != nil {
				return err
			}
		}
		return nil
	})
}
