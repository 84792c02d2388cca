package profile

// The languages that Ashar speaks.
var (
	kyrgyz  = Code{Value: "ky", Words: []string{"ky", "kyrgyz", "кыргызча", "кыргызский", "кыргыз"}}
	russian = Code{Value: "ru", Words: []string{"ru", "russian", "орусча", "русский"}}
	english = Code{Value: "en", Words: []string{"en", "english", "английский", "англисче"}}
)

// Fields are all fields, in the order in which they are shown, checked and completed.
var Fields = []Field{
	{
		Name: FullName, Asks: AskName, Longest: 120,
		Headings: []string{"name", "full name", "name and surname", "surname and name", "surname, name", "surname name", "surname, first name, patronymic", "participant", "participant name", "аты-жөнү", "толук аты-жөнү", "катышуучу", "катышуучунун аты-жөнү", "аты-жөнү, атасынын аты", "фамилиясы, аты", "фамилиясы, аты, атасынын аты", "фамилиясы, аты-жөнү", "фамилия, аты", "фамилия, аты, атасынын аты", "аты, фамилиясы", "аты жана фамилиясы", "аты-жөнүңүз", "Ф.И.О.", "Ф.И.", "фамилия имя отчество", "фамилия имя", "фамилия и имя", "имя и фамилия", "имя фамилия", "имя, отчество, фамилия", "имя отчество фамилия", "полное имя", "участник", "участница", "Ф.И.О. участника", "Ф.И.О. участницы", "ФИО полностью", "ваше имя и фамилия", "аты-жөнү (ФИО)"},
	},
	{
		Name: AddressAs, Longest: 120,
		Headings: []string{"address as", "form of address", "кантип кайрылабыз", "кайрылуу", "как обращаться", "обращение"},
	},
	{
		Name: Email, Asks: AskEmail, Contact: true, Longest: 254,
		Headings: []string{"email", "e-mail", "mail", "e-mail address", "почта", "электронная почта", "эл. почта", "эл. адрес", "адрес электронной почты", "электрондук дарек", "электрондук почта", "почтасы", "эл. дареги", "имейл"},
	},
	{
		Name: Phone, Asks: AskPhone, Contact: true, Longest: 40,
		Headings: []string{"phone", "telephone", "tel", "mobile", "mobile phone", "cell", "phone number", "contact phone", "телефон", "тел.", "номер телефона", "моб. телефон", "мобильный телефон", "мобильный", "сотовый", "сот. тел.", "контактный телефон", "№ телефона", "тел. номер", "номер тел.", "моб. тел.", "мобильный тел.", "тел. номери", "WhatsApp", "ватсап", "телефону", "телефон номери", "байланыш телефону", "уюлдук телефону", "номери"},
	},
	{
		Name: Sex, Asks: AskSex, By: BySex,
		Codes: []Code{
			{Value: Female, Words: []string{"female", "f", "woman", "ж", "жен", "женский", "женщина", "аял", "кыз", "аял киши", "women", "женщины", "аялдар"}},
			{Value: Male, Words: []string{"male", "m", "man", "м", "муж", "мужской", "мужчина", "эркек", "э", "эркек киши", "men", "мужчины", "эркектер"}},
			{Value: Undisclosed, Words: []string{"undisclosed", "prefer not to say", "не указан", "не хочу указывать", "предпочитаю не указывать", "айткым келбейт", "prefers not to say", "не хочет указывать", "не захотели указать", "айтууну каалабайт", "айтууну каалаган жок"}},
		},
		Headings: []string{"sex", "gender", "пол", "жынысы", "жыныс"},
	},
	{
		Name: BirthYear, Longest: 4,
		Headings: []string{"birth year", "year of birth", "date of birth", "birth date", "birthday", "dob", "born", "год рождения", "дата рождения", "г.р.", "год рожд.", "дата рожд.", "день рождения", "туулган жылы", "туулган күнү", "туулган датасы", "туулган жылы, айы, күнү", "туулган күнү, айы, жылы"},
	},
	{
		Name: AgeBand, Asks: AskAge, By: ByAge,
		Listed:   true,
		Headings: []string{"age", "age band", "age group", "возраст", "возрастная группа", "лет", "жашы", "курагы", "жаш курагы"},
	},
	{
		Name: City, Asks: AskPlace, By: ByCity, Open: true, Longest: 64,
		Codes: []Code{
			{Value: Other, Words: []string{"another place or a village", "другое место или село", "башка жер же айыл", "other", "другое", "башка"}},
		},
		Headings: []string{"city", "город", "шаар", "шаары"},
	},
	{
		Name: Village, Asks: AskVillage, Longest: 200,
		Headings: []string{"village", "village or town", "село", "село или город", "населённый пункт", "айыл", "айылы", "айылы же шаары", "айыл аймагы"},
	},
	{
		Name: Group, Asks: AskGroup, By: ByGroup, Listed: true,
		Headings: []string{"group", "группа", "топ", "тобу"},
	},
	{
		Name: Level, Asks: AskLevel, Listed: true,
		Headings: []string{"level", "kenesh", "deputy of which kenesh", "уровень", "кенеш", "депутат какого кенеша", "деңгээли", "кайсы кеңештин депутаты"},
	},
	{
		Name: Organisation, Asks: AskOrganisation, Longest: 200,
		Headings: []string{"organisation", "organization", "organisation or newsroom", "организация", "организация или редакция", "место работы", "СМИ", "outlet", "уюм", "уюму", "уюму же редакциясы", "иштеген жери", "жумуш орду", "organisation, outlet or kenesh", "организация, издание или кенеш", "уюму, басылмасы же кеңеши"},
	},
	{
		Name: Languages, Asks: AskLanguages, Several: true,
		Codes: []Code{
			kyrgyz, russian, english,
			{Value: "uz", Words: []string{"uz", "uzbek", "узбекский", "өзбекче"}},
			{Value: "tg", Words: []string{"tg", "tajik", "таджикский", "тажикче"}},
			{Value: Dungan, Words: []string{"dng", "dungan", "дунганский", "дунганча"}},
			{Value: Other, Words: []string{"other", "другой", "башка"}},
		},
		Headings: []string{"languages", "языки", "тилдер", "тилдери"},
	},
	{
		Name: AccessNeeds, Asks: AskAccess, Lines: true, Longest: 1000,
		Headings: []string{"access needs", "what would help to take part", "особые потребности", "доступность", "что поможет участвовать", "өзгөчө муктаждыктар", "катышууга эмне жардам берет"},
	},
	{
		Name:     Lang,
		Codes:    []Code{kyrgyz, russian, english},
		Headings: []string{"language", "язык", "тил", "тили", "язык сообщений", "language of messages", "билдирүүлөрдүн тили"},
	},
}

// asked are the fields that a form may ask for, in the order in which it offers them.
var asked = []Name{FullName, Phone, Email, Sex, AgeBand, City, Village, Group, Level, Organisation, Languages, AccessNeeds}
