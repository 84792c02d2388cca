package people

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/sheet"
	"platforma.kg/ashar/internal/foundation/storage"
)

// Bounds of an import file.
const (
	maxImport = 5 << 20
	maxRows   = 20_000
)

// Report tells what an import did, or would do.
type Report struct {
	Rows     int // with anything in them, without the header
	Added    int
	Known    int // were there already, or stood twice in the file
	Bad      int // rows with a problem, left out
	Problems []Problem
	Ignored  []string // columns whose names mean nothing here
}

// Problem is one thing that is wrong in one cell. Row and Column count from 1, as
// a spreadsheet shows them; Name is the column's header.
type Problem struct {
	Row, Column int
	Name        string
	Fault       *fault.Error
}

// headers maps folded column names in three languages to fields.
var headers = map[string][]string{
	"name":         {"name", "full name", "аты-жөнү", "аты жөнү", "аты", "ФИО", "имя", "фамилия имя отчество", "фамилия, имя"},
	"address_as":   {"address as", "кантип кайрылабыз", "как обращаться", "обращение"},
	"email":        {"email", "e-mail", "mail", "почта", "электронная почта", "эл. почта", "электрондук дарек", "электрондук почта"},
	"phone":        {"phone", "telephone", "mobile", "телефон", "номер телефона", "моб. телефон", "телефон номери"},
	"sex":          {"sex", "gender", "пол", "жынысы"},
	"birth_year":   {"birth year", "year of birth", "год рождения", "туулган жылы"},
	"age_band":     {"age", "age band", "возраст", "жашы", "курагы"},
	"city":         {"city", "город", "шаар", "шаары"},
	"village":      {"village", "село", "айыл", "айылы"},
	"group":        {"group", "группа", "топ", "тобу"},
	"level":        {"level", "kenesh", "уровень", "кенеш", "деңгээли"},
	"organisation": {"organisation", "organization", "организация", "уюм", "уюму", "СМИ", "outlet", "место работы", "иштеген жери"},
	"languages":    {"languages", "языки", "тилдер", "тилдери"},
	"access_needs": {"access needs", "особые потребности", "доступность", "өзгөчө муктаждыктар"},
	"lang":         {"language", "язык", "тил", "тили", "язык сообщений"},
}

// values maps folded words in three languages to the choices of a field.
var values = map[string]map[string][]string{
	"sex": {
		"female": {"female", "f", "woman", "ж", "жен", "женский", "женщина", "аял", "кыз"}, "male": {"male", "m", "man", "м", "муж", "мужской", "мужчина", "эркек"},
		"undisclosed": {"undisclosed", "prefer not to say", "не указан", "не хочу указывать", "айткым келбейт"},
	},
	"group": {
		"deputies": {"deputies", "deputy", "депутат", "депутаты", "депутаттар"}, "activists": {"activists", "activist", "активист", "активистка", "активисты", "гражданское общество", "активисттер"},
		"media": {"media", "journalist", "СМИ", "медиа", "журналист", "журналисты", "журналисттер"}, "other": {"other", "другое", "башка"},
	},
	"level": {
		"jogorku": {"jogorku", "jogorku kenesh", "parliament", "Жогорку Кеңеш", "парламент"}, "city": {"city", "город", "городской", "шаардык"},
		"village": {"village", "село", "сельский", "айылдык", "айыл"},
	},
	"lang": {"ky": {"ky", "kyrgyz", "кыргызча", "кыргызский", "кыргыз"}, "ru": {"ru", "russian", "орусча", "русский"}, "en": {"en", "english", "английский", "англисче"}},
	"languages": {
		"ky": {"ky", "kyrgyz", "кыргызча", "кыргызский", "кыргыз"}, "ru": {"ru", "russian", "орусча", "русский"}, "en": {"en", "english", "английский", "англисче"},
		"uz": {"uz", "uzbek", "узбекский", "өзбекче"}, "tg": {"tg", "tajik", "таджикский", "тажикче"}, "dng": {"dng", "dungan", "дунганский", "дунганча"}, "other": {"other", "другой", "башка"},
	},
}

// known finds the choice that a word stands for.
func known(table map[string][]string, word string) (string, bool) {
	folded := i18n.FoldKey(word)
	for value, names := range table {
		if slices.ContainsFunc(names, func(n string) bool { return i18n.FoldKey(n) == folded }) {
			return value, true
		}
	}
	return "", false
}

// ImportFile takes people from a CSV or XLSX file: the good rows go in, the bad
// ones are reported. Who is there already is left as she is, so that a second
// import changes nothing. With dryRun nothing is written and the report says
// what would be. Invalid when the file as a whole cannot be read.
func (s *Service) ImportFile(ctx context.Context, store *storage.Store, file io.Reader, filename string, dryRun bool) (Report, error) {
	raw, err := io.ReadAll(io.LimitReader(file, maxImport+1))
	if err != nil {
		return Report{}, err
	}
	if len(raw) > maxImport {
		return Report{}, fault.New(fault.TooLarge, "fault.too_large", fault.Args{"megabytes": maxImport >> 20})
	}
	rows, err := readRows(raw, filename)
	if err != nil {
		return Report{}, err
	}
	// Rows go in by pieces, so that a long import lets others write between.
	var total Report
	columns, report, err := readHeader(rows)
	if err != nil {
		return Report{}, err
	}
	total.Ignored = report
	seen := map[string]bool{}
	for start := 1; start < len(rows); start += 100 {
		part := rows[start:min(start+100, len(rows))]
		var now Report
		var seenNow map[string]bool
		take := func(ctx context.Context, tx *storage.Tx) error {
			now, seenNow = Report{}, map[string]bool{}
			for i, cells := range part {
				if err := s.importRow(ctx, tx, &now, columns, rows[0], start+i+1, cells, dryRun, seen, seenNow); err != nil {
					return err
				}
			}
			return nil
		}
		if dryRun {
			err = store.Read(ctx, take)
		} else {
			err = store.Write(ctx, take)
		}
		if err != nil {
			return total, err
		}
		for k := range seenNow {
			seen[k] = true
		}
		total.Rows += now.Rows
		total.Added += now.Added
		total.Known += now.Known
		total.Bad += now.Bad
		total.Problems = append(total.Problems, now.Problems...)
	}
	return total, nil
}

func (s *Service) importRow(ctx context.Context, tx *storage.Tx, rep *Report, columns map[string]int, header []string, number int, cells []string, dryRun bool, seen, seenNow map[string]bool) error {
	if !slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" }) {
		return nil
	}
	rep.Rows++
	d, problems := rowDetails(columns, cells)
	d = s.place(d)
	d, err := Tidy(d, tx.Now)
	if err != nil {
		f := fault.Of(err)
		if f == nil {
			return err
		}
		for _, e := range f.Fields {
			if !slices.ContainsFunc(problems, func(p *fault.Error) bool { return p.Field == e.Field }) {
				problems = append(problems, e)
			}
		}
	}
	if len(problems) > 0 {
		rep.Bad++
		for _, f := range problems {
			p := Problem{Row: number, Fault: f, Name: f.Field}
			if c, ok := columns[f.Field]; ok {
				p.Column, p.Name = c+1, header[c]
			}
			rep.Problems = append(rep.Problems, p)
		}
		return nil
	}
	if !dryRun {
		_, there, err := s.Same(ctx, tx, d, nil)
		if err != nil {
			return err
		}
		if !there {
			_, err = s.Register(ctx, tx, d)
		}
		count(rep, !there)
		return err
	}
	_, there, err := s.Same(ctx, tx, d, nil)
	for _, c := range []string{emailKey(d.Email), d.Phone} {
		if c != "" {
			key := c + "\x00" + nameKey(d.FullName)
			there = there || seen[key] || seenNow[key]
			seenNow[key] = true
		}
	}
	count(rep, !there)
	return err
}

// place gives the city as its key. A place that is none of the programme's
// cities is a village or another town.
func (s *Service) place(d Details) Details {
	if d.City == "" || d.City == OtherCity || s.findCity == nil {
		return d
	}
	if key, ok := s.findCity(d.City); ok {
		d.City = key
		return d
	}
	if d.Village == "" {
		d.Village = d.City
	} else if i18n.FoldKey(d.Village) != i18n.FoldKey(d.City) {
		d.Village += ", " + d.City
	}
	d.City = OtherCity
	return d
}

func count(rep *Report, added bool) {
	if added {
		rep.Added++
	} else {
		rep.Known++
	}
}

// rowDetails reads the cells of a row; words that mean nothing are problems.
func rowDetails(columns map[string]int, cells []string) (d Details, problems []*fault.Error) {
	get := func(field string) string {
		if c, ok := columns[field]; ok && c < len(cells) {
			return strings.TrimSpace(cells[c])
		}
		return ""
	}
	choice := func(field string) string {
		word := get(field)
		if word == "" {
			return ""
		}
		v, ok := known(values[field], word)
		if !ok {
			problems = append(problems, fault.At(field, "fault.not_a_choice"))
		}
		return v
	}
	d = Details{
		FullName: get("name"), AddressAs: get("address_as"), Email: get("email"), Phone: get("phone"), Sex: choice("sex"),
		City: get("city"), Village: get("village"), Group: choice("group"), Level: choice("level"), Organisation: get("organisation"),
		AccessNeeds: get("access_needs"), Lang: i18n.Language(choice("lang")), AgeBand: strings.ReplaceAll(get("age_band"), "–", "-"),
	}
	if y := get("birth_year"); y != "" {
		n, err := strconv.Atoi(y)
		if err != nil {
			n = -1
		}
		d.BirthYear = n
	}
	for _, w := range strings.FieldsFunc(get("languages"), func(r rune) bool { return r == ',' || r == ';' || r == '/' }) {
		v, ok := known(values["languages"], w)
		if !ok {
			problems = append(problems, fault.At("languages", "fault.not_a_choice"))
			continue
		}
		d.Languages = append(d.Languages, v)
	}
	if d.FullName != "" && d.Email == "" && d.Phone == "" {
		problems = append(problems, fault.At("email", "people.fault.channel"))
	}
	return d, problems
}

// readHeader finds the columns; the name must be among them.
func readHeader(rows [][]string) (columns map[string]int, ignored []string, err error) {
	if len(rows) == 0 {
		return nil, nil, fault.At("file", "people.fault.import_empty")
	}
	columns = map[string]int{}
	for i, h := range rows[0] {
		field, ok := known(headers, h)
		if _, twice := columns[field]; ok && !twice {
			columns[field] = i
		} else if strings.TrimSpace(h) != "" {
			ignored = append(ignored, h)
		}
	}
	if _, ok := columns["name"]; !ok {
		return nil, nil, fault.At("file", "people.fault.import_name")
	}
	if len(rows) > maxRows {
		return nil, nil, fault.At("file", "people.fault.import_rows", fault.Args{"most": maxRows})
	}
	return columns, ignored, nil
}

// readRows reads a file of either kind, told by what lies in it.
func readRows(raw []byte, filename string) ([][]string, error) {
	if bytes.HasPrefix(raw, []byte("PK\x03\x04")) || strings.EqualFold(filepath.Ext(filename), ".xlsx") {
		return readXLSX(raw)
	}
	text, _, err := sheet.Decode(raw)
	if err != nil {
		return nil, fault.At("file", "people.fault.import_file")
	}
	return readCSV(text)
}

func readXLSX(raw []byte) ([][]string, error) {
	// A small file that unfolds to a large one is refused.
	f, err := excelize.OpenReader(bytes.NewReader(raw), excelize.Options{UnzipSizeLimit: 64 << 20, UnzipXMLSizeLimit: 64 << 20, RawCellValue: true})
	if err != nil {
		return nil, fault.At("file", "people.fault.import_file")
	}
	defer f.Close()
	rows, err := f.Rows(f.GetSheetName(0))
	if err != nil {
		return nil, fault.At("file", "people.fault.import_file")
	}
	defer rows.Close()
	var out [][]string
	for rows.Next() {
		cells, err := rows.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return nil, fault.At("file", "people.fault.import_file")
		}
		if out = append(out, cells); len(out) > maxRows+1 {
			break
		}
	}
	return out, nil
}

// readCSV reads rows parted by the character that parts the header most often.
func readCSV(text string) ([][]string, error) {
	first, _, _ := strings.Cut(text, "\n")
	comma, most := ',', 0
	for _, c := range []rune{',', ';', '\t'} {
		if n := strings.Count(first, string(c)); n > most {
			comma, most = c, n
		}
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = comma, -1, true
	var out [][]string
	line := 1
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, fault.At("file", "people.fault.import_line", fault.Args{"line": r.InputOffset()})
		}
		// The reader leaves empty lines out; rows keep the numbers a person sees.
		at, _ := r.FieldPos(0)
		for ; line < at && len(out) > 0 && len(out) <= maxRows; line++ {
			out = append(out, nil)
		}
		out = append(out, cells)
		line = at + 1 + strings.Count(strings.Join(cells, ""), "\n")
		if len(out) > maxRows+1 {
			return out, nil
		}
	}
}

// Cell makes a value safe for a spreadsheet: what would be taken for a formula
// gets an apostrophe, and phone numbers keep their plus.
func Cell(v string) string {
	if v == "" || !strings.ContainsRune("=+-@\t\r", rune(v[0])) {
		return v
	}
	if v[0] == '+' && len(v) > 1 && !strings.ContainsFunc(v[1:], func(r rune) bool { return r < '0' || r > '9' }) {
		return v
	}
	return "'" + v
}
