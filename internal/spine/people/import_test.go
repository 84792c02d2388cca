package people_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"strings"
	"testing"
	"unicode/utf16"

	"platforma.kg/ashar/internal/spine/people/peopletest"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/seal"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/profile"
)

// thousand is a file of 1,000 people, every hundredth wrong in its own way.
func thousand() string {
	var b strings.Builder
	b.WriteString("Аты-жөнү,Почта,Телефон,Жынысы,Туулган жылы,Шаар,Башка тилке\n")
	for i := range 1000 {
		mail, phone, sex, year := fmt.Sprintf("p%d@mail.kg", i), fmt.Sprintf("0555 %06d", 100000+i), []string{"аял", "м"}[i%2], "1990"
		switch i {
		case 100:
			mail = "бул почта эмес"
		case 200:
			phone = "8 555 12 34 56"
		case 300:
			sex = "?"
		case 400:
			year, mail = "90", "also wrong"
		}
		fmt.Fprintf(&b, "Үсөнова Өмүргүл %d,%s,%s,%s,%s,osh,x\n", i, mail, phone, sex, year)
	}
	return b.String()
}

func TestTheGoodRowsGoInAndTheBadAreNamed(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		svc := room(t, store)
		run := func(dry bool) people.Report {
			rep, err := svc.ImportFile(t.Context(), store, strings.NewReader(thousand()), "people.csv", dry)
			if err != nil {
				t.Fatal(err)
			}
			return rep
		}
		dry, first, second := run(true), run(false), run(false)
		if dry.Added != 996 || dry.Bad != 4 || dry.Known != 0 || dry.Rows != 1000 {
			t.Errorf("preview %+v", dry)
		}
		if first.Added != 996 || first.Bad != 4 {
			t.Errorf("first %d added, %d bad", first.Added, first.Bad)
		}
		if second.Added != 0 || second.Known != 996 {
			t.Errorf("second %d added, %d known", second.Added, second.Known)
		}
		var got []string
		for _, p := range first.Problems {
			got = append(got, fmt.Sprintf("%d/%d %s %s", p.Row, p.Column, p.Name, p.Fault.Key))
		}
		want := []string{
			"102/2 Почта fault.not_an_email", "202/3 Телефон fault.phone_eight", "302/4 Жынысы fault.not_a_choice",
			"402/2 Почта fault.not_an_email", "402/5 Туулган жылы fault.not_a_year",
		}
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("problems:\n%s", strings.Join(got, "\n"))
		}
		if len(first.Ignored) != 1 || first.Ignored[0] != "Башка тилке" {
			t.Errorf("ignored %v", first.Ignored)
		}
	})
}

func TestAFileIsReadInTheEncodingsAndKindsThatPeopleHave(t *testing.T) {
	t.Parallel()
	// Windows-1251 has no Ө and Ү, so the name has none.
	rows := func(sep string) string {
		return strings.ReplaceAll("ФИО|E-mail|Телефон|Группа\r\n\"Асанов|Бакыт\"|b@mail.kg|+996555123456|журналист\r\n\r\n|||\r\n|x@mail.kg||\r\n", "|", sep)
	}
	latin1251, err := charmap.Windows1251.NewEncoder().String(rows(";"))
	if err != nil {
		t.Fatal(err)
	}
	units := utf16.Encode([]rune("\ufeff" + rows("\t")))
	var little, big bytes.Buffer
	for _, u := range units {
		little.Write([]byte{byte(u), byte(u >> 8)})
		big.Write([]byte{byte(u >> 8), byte(u)})
	}
	sheet := excelize.NewFile()
	for i, line := range [][]any{{"ФИО", "E-mail", "Телефон", "Группа"}, {"Асанов Бакыт", "b@mail.kg", 996555123456, "журналист"}, {}, {}, {"", "x@mail.kg"}} {
		if err := sheet.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &line); err != nil {
			t.Fatal(err)
		}
	}
	xlsx, err := sheet.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	for name, body := range map[string]string{
		"UTF-8, commas": rows(","), "UTF-8 with BOM, semicolons": "\ufeff" + rows(";"), "Windows-1251": latin1251,
		"UTF-16 little-endian, tabs": little.String(), "UTF-16 big-endian": big.String(), "XLSX": xlsx.String(),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := storagetest.Open(t)
			svc := room(t, store)
			rep, err := svc.ImportFile(t.Context(), store, strings.NewReader(body), "file", false)
			if err != nil || rep.Added != 1 || rep.Bad != 1 || rep.Rows != 2 || len(rep.Problems) != 1 || rep.Problems[0].Row != 5 {
				t.Fatalf("%+v, %v", rep, err)
			}
			peopletest.Write(t, store, func(ctx context.Context, tx *storage.Tx) error {
				list, err := svc.WithContact(ctx, tx, people.EmailContact, "b@mail.kg")
				if err != nil || len(list) != 1 {
					t.Fatalf("%d people, %v", len(list), err)
				}
				if p := list[0]; p.Phone != "+996555123456" || p.Group != "media" || !strings.HasPrefix(p.FullName, "Асанов") {
					t.Errorf("%+v", p)
				}
				return nil
			})
		})
	}
}

func TestAFileThatIsNoListIsRefusedWhole(t *testing.T) {
	t.Parallel()
	store := storagetest.Open(t)
	svc := room(t, store)
	for name, body := range map[string]string{
		"empty": "", "no name column": "a,b\n1,2\n", "half an XLSX": "PK\x03\x04rubbish", "an image": "\x89PNG\r\n\x1a\n\x00\x00",
	} {
		if _, err := svc.ImportFile(t.Context(), store, strings.NewReader(body), name, false); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := svc.ImportFile(t.Context(), store, strings.NewReader(strings.Repeat("x", 6<<20)), "big", false); !fault.Is(err, fault.TooLarge) {
		t.Errorf("6 MB: %v", err)
	}
}

func FuzzAnyFileIsReadOrRefused(f *testing.F) {
	f.Add([]byte("name,email\nA,a@b.kg\n"))
	f.Add([]byte("\xff\xfeA\x00"))
	f.Add([]byte("PK\x03\x04"))
	store := storagetest.Open(f)
	svc := people.New(people.Options{Keys: peopletest.Keys(f), Store: store})
	f.Fuzz(func(t *testing.T, body []byte) {
		if _, err := svc.ImportFile(t.Context(), store, bytes.NewReader(body), "x.csv", true); err != nil && fault.Of(err) == nil {
			t.Fatal(err)
		}
	})
}

func TestAPlaceThatIsNoCityOfTheProgrammeIsAVillage(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		keys, err := seal.New(bytes.Repeat([]byte{7}, seal.SecretLen))
		if err != nil {
			t.Fatal(err)
		}
		svc := people.New(people.Options{Keys: keys, Store: store, Book: profile.NewBook(store)})
		file := "ФИО,Почта,Город,Село\nА,a@mail.kg,Ош,\nБ,b@mail.kg,Кара-Суу,\nВ,v@mail.kg,Кара-Суу,Савай\nГ,g@mail.kg,,Савай\nД,d@mail.kg,other,Талас айылы\n"
		if _, err := svc.ImportFile(t.Context(), store, strings.NewReader(file), "people.csv", false); err != nil {
			t.Fatal(err)
		}
		look(t, store, func(ctx context.Context, tx *storage.Tx) error {
			all, err := svc.Search(ctx, tx, people.Query{})
			got := map[string]string{}
			for _, p := range all {
				got[p.FullName] = p.City + "|" + p.Village
			}
			want := map[string]string{"А": "osh|", "Б": "other|Кара-Суу", "В": "other|Савай, Кара-Суу", "Г": "|Савай", "Д": "other|Талас айылы"}
			if err != nil || !maps.Equal(got, want) {
				t.Errorf("%v, %v, want %v", got, err, want)
			}
			return nil
		})
	})
}
