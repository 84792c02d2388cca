package people

import (
	"regexp"
	"slices"
	"strings"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/sheet"
)

// headings maps names of columns in three languages, by their keys, to fields.
var headings = keyed(map[string][]string{
	"name": {
		"name", "full name", "name and surname", "surname and name", "surname, name", "surname name", "surname, first name, patronymic", "participant", "participant name",
		"аты-жөнү", "толук аты-жөнү", "катышуучу", "катышуучунун аты-жөнү", "аты-жөнү, атасынын аты", "фамилиясы, аты", "фамилиясы, аты, атасынын аты", "фамилиясы, аты-жөнү",
		"фамилия, аты", "фамилия, аты, атасынын аты", "аты, фамилиясы", "аты жана фамилиясы", "аты-жөнүңүз",
		"Ф.И.О.", "Ф.И.", "фамилия имя отчество", "фамилия имя", "фамилия и имя", "имя и фамилия", "имя фамилия", "имя, отчество, фамилия", "имя отчество фамилия", "полное имя",
		"участник", "участница", "Ф.И.О. участника", "Ф.И.О. участницы", "ФИО полностью", "ваше имя и фамилия", "аты-жөнү (ФИО)",
	},
	"surname":      {"surname", "last name", "family name", "фамилия", "фамилиясы", "тегиңиз"},
	"given":        {"first name", "given name", "имя", "аты", "ысымы", "өз аты"},
	"patronymic":   {"patronymic", "father's name", "middle name", "second name", "отчество", "атасынын аты", "атасынын ысымы", "ата-тегинин аты"},
	"address_as":   {"address as", "кантип кайрылабыз", "как обращаться", "обращение"},
	"email":        {"email", "e-mail", "mail", "e-mail address", "почта", "электронная почта", "эл. почта", "эл. адрес", "адрес электронной почты", "электрондук дарек", "электрондук почта", "почтасы", "эл. дареги", "имейл"},
	"phone":        {"phone", "telephone", "tel", "mobile", "mobile phone", "cell", "phone number", "contact phone", "телефон", "тел.", "номер телефона", "моб. телефон", "мобильный телефон", "мобильный", "сотовый", "сот. тел.", "контактный телефон", "№ телефона", "тел. номер", "номер тел.", "моб. тел.", "мобильный тел.", "тел. номери", "WhatsApp", "ватсап", "телефону", "телефон номери", "байланыш телефону", "уюлдук телефону", "номери"},
	"sex":          {"sex", "gender", "пол", "жынысы", "жыныс"},
	"birth_year":   {"birth year", "year of birth", "date of birth", "birth date", "birthday", "dob", "born", "год рождения", "дата рождения", "г.р.", "год рожд.", "дата рожд.", "день рождения", "туулган жылы", "туулган күнү", "туулган датасы", "туулган жылы, айы, күнү", "туулган күнү, айы, жылы"},
	"age_band":     {"age", "age band", "age group", "возраст", "возрастная группа", "лет", "жашы", "курагы", "жаш курагы"},
	"city":         {"city", "город", "шаар", "шаары"},
	"village":      {"village", "village or town", "село", "село или город", "населённый пункт", "айыл", "айылы", "айылы же шаары", "айыл аймагы"},
	"group":        {"group", "группа", "топ", "тобу"},
	"level":        {"level", "kenesh", "deputy of which kenesh", "уровень", "кенеш", "депутат какого кенеша", "деңгээли", "кайсы кеңештин депутаты"},
	"organisation": {"organisation", "organization", "organisation or newsroom", "организация", "организация или редакция", "место работы", "СМИ", "outlet", "уюм", "уюму", "уюму же редакциясы", "иштеген жери", "жумуш орду"},
	"languages":    {"languages", "языки", "тилдер", "тилдери"},
	"access_needs": {"access needs", "what would help to take part", "особые потребности", "доступность", "что поможет участвовать", "өзгөчө муктаждыктар", "катышууга эмне жардам берет"},
	"lang":         {"language", "язык", "тил", "тили", "язык сообщений"},
})

// namesAlone are headings of whole names that stand for given names beside surnames.
var namesAlone = []string{headingKey("name"), headingKey("имя"), headingKey("аты-жөнү")}

func keyed(fields map[string][]string) map[string]string {
	out := map[string]string{}
	for field, names := range fields {
		for _, n := range names {
			out[headingKey(n)] = field
		}
	}
	return out
}

var inBrackets = regexp.MustCompile(`\([^)]*\)|\[[^\]]*\]`)

// headingKey is what makes two headings one: neither capitals, signs and spaces
// matter, nor what stands in brackets behind, nor Kyrgyz letters typed as Russian ones.
func headingKey(h string) string {
	if short := strings.TrimSpace(inBrackets.ReplaceAllString(h, " ")); short != "" {
		h = short
	}
	return strings.NewReplacer("ө", "о", "ү", "у", "ң", "н").Replace(sheet.Key(h))
}

// values maps folded words in three languages to the choices of a field.
var values = map[string]map[string][]string{
	"sex": {
		"female": {"female", "f", "woman", "ж", "жен", "женский", "женщина", "аял", "кыз", "аял киши"}, "male": {"male", "m", "man", "м", "муж", "мужской", "мужчина", "эркек", "э", "эркек киши"},
		"undisclosed": {"undisclosed", "prefer not to say", "не указан", "не хочу указывать", "предпочитаю не указывать", "айткым келбейт"},
	},
	"group": {
		"deputies": {"deputies", "deputy", "депутат", "депутаты", "депутаттар"},
		"activists": {
			"activists", "activist", "civil-society activist", "civil-society activists", "активист", "активистка", "активисты", "гражданское общество",
			"гражданский активист", "гражданская активистка", "гражданский активист / активистка", "гражданские активисты", "активисттер", "жарандык активист", "жарандык активисттер",
		},
		"media": {
			"media", "media people", "journalist", "СМИ", "медиа", "журналист", "журналистка", "журналисты", "представитель медиа", "работники медиа", "журналисттер",
			"медиа өкүлү", "медиа өкүлдөрү", "медиа кызматкерлери",
		},
		"other": {"other", "другое", "башка"},
	},
	"level": {
		"jogorku": {"jogorku", "jogorku kenesh", "jogorku kenesh (parliament)", "parliament", "Жогорку Кеңеш", "парламент"},
		"city":    {"city", "city kenesh", "город", "городской", "городской кенеш", "шаардык", "шаардык кеңеш"},
		"village": {"village", "village kenesh", "село", "сельский", "айылный", "айылный кенеш", "айылдык", "айылдык кеңеш", "айыл"},
	},
	"city": {"other": {"another place or a village", "другое место или село", "башка жер же айыл", "other", "другое", "башка"}},
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
