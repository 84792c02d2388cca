package demomaterials

import (
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/spine/programme/materials"
)

var checklists = []checklist{
	{
		name: "letter-to-authority", audience: materials.ForParticipants,
		title: i18n.Text{Ky: "Бийликке кайрылуу: текшерүү тизмеси", Ru: "Обращение к власти: памятка", En: "Writing to an authority: a checklist"},
		lead: i18n.Text{
			Ky: "Кайрылууну жөнөтөрдөн мурун ар бир сапты окуп, белгилеңиз. Бир барак жетиштүү.",
			Ru: "Перед отправкой прочитайте каждую строку и отметьте. Одной страницы достаточно.",
			En: "Before you send it, read each line and tick it. One page is enough.",
		},
		points: []i18n.Text{
			{Ky: "Бул маселени ким чечерин билем: айыл өкмөтү, мэрия, кеңеш же министрлик.", Ru: "Я знаю, кто решает этот вопрос: айыл окмоту, мэрия, кенеш или министерство.", En: "I know who decides this: the village government, the city hall, the kenesh or a ministry."},
			{Ky: "Бир кайрылууда бир маселе, аны бир сүйлөм менен айттым.", Ru: "В обращении один вопрос, и он сказан одним предложением.", En: "It is about one matter, and one sentence says what."},
			{Ky: "Качан, кайда, эмне болгонун жаздым; сын атооч эмес, факт.", Ru: "Написано, когда, где и что произошло: факты, а не оценки.", En: "It says when, where and what happened: facts, not opinions."},
			{Ky: "Эмне сураганым так: маалымат, жооп, жыйынга чакыруу же чечим.", Ru: "Понятно, чего я прошу: сведений, ответа, приглашения на заседание или решения.", En: "It is clear what I ask for: information, an answer, an invitation to a session, or a decision."},
			{Ky: "Кимге тиешелүү экенин жаздым: канча үй-бүлө, канча аял, кайсы көчө.", Ru: "Сказано, кого это касается: сколько семей, сколько женщин, какая улица.", En: "It says whom it concerns: how many families, how many women, which street."},
			{Ky: "Сүрөт, мурунку жооп же документтин көчүрмөсү тиркелди; түп нускасы өзүмдө.", Ru: "Приложены фото, прежний ответ или копия документа; оригиналы остались у меня.", En: "A photo, an earlier answer or a copy is attached; I keep the originals."},
			{Ky: "Атым, дарегим, телефонум жана күнү бар; макулдугу жок башка адамдардын аты жок.", Ru: "Есть моё имя, адрес, телефон и дата; нет имён людей, которые на это не согласились.", En: "My name, address, phone and the date are there; no names of people who did not agree to it."},
			{Ky: "Каттоо номерин алдым жана качан жооп күтөрүмдү жазып койдум.", Ru: "Я получила или получил номер регистрации и записал, когда жду ответа.", En: "I got a registration number and noted when to expect an answer."},
			{Ky: "Жооп келбесе эмне кылам: эскертүү, депутатка кайрылуу, чогуу барышуу.", Ru: "Я знаю, что делать, если ответа нет: напомнить, написать депутату, прийти вместе.", En: "I know what to do if no answer comes: a reminder, a letter to a deputy, going there together."},
		},
	},
	{
		name: "day-of-the-team", audience: materials.ForStaff,
		title: i18n.Text{Ky: "Семинар күнү: алып баруучунун тизмеси", Ru: "День семинара: список ведущего", En: "The day of the seminar: the facilitator's list"},
		lead: i18n.Text{
			Ky: "Келгенден баштап кеткенге чейин. Бүтпөгөнүн күндүн аягында координаторго айтыңыз.",
			Ru: "От прихода до ухода. О том, что не удалось, скажите координатору в конце дня.",
			En: "From arriving to leaving. Tell the coordinator at the end of the day what did not work.",
		},
		points: []i18n.Text{
			{Ky: "Бир саат мурун: зал ачык, отургучтар тегерек, пандус жана даараткана текшерилди.", Ru: "За час: зал открыт, стулья по кругу, пандус и туалет проверены.", En: "An hour before: the room is open, chairs in a circle, ramp and toilet checked."},
			{Ky: "Каттоо телефону заряддалган, кире бериш барагы тармаксыз да ачылат.", Ru: "Телефон для регистрации заряжен, страница входа открывается и без сети.", En: "The phone for the door is charged, and its page opens without a network too."},
			{Ky: "Жеткиликтүүлүк боюнча суроо-талаптар каралды: ким эмнеге муктаж.", Ru: "Запросы о доступности прочитаны: кому что нужно.", En: "Access needs are read: who needs what."},
			{Ky: "Балдар үчүн бурч, суу жана тыныгуу орду бар.", Ru: "Есть уголок для детей, вода и место для отдыха.", En: "There is a corner for children, water, and a place to rest."},
			{Ky: "Эреже айтылды: сүрөткө макулдук берген гана тартылат; айтылган сөз залда калат.", Ru: "Правила сказаны: снимаем только тех, кто согласен; сказанное остаётся в зале.", En: "The rules are said: photos only of those who agreed; what is said stays in the room."},
			{Ky: "Сөз кезеги: аял менен эркек тең сүйлөдүбү, унчукпагандар сүйлөдүбү.", Ru: "Очередь слова: поровну ли говорили женщины и мужчины, высказались ли молчавшие.", En: "Turns: did women and men speak equally, did the silent ones speak."},
			{Ky: "Тестти бардыгы бүтүрдү; кагазда толтургандар да киргизилди.", Ru: "Тест прошли все; бумажные листы тоже внесены.", En: "Everybody has done the test; the paper ones are entered as well."},
			{Ky: "Аягында: катышкандар саналды, телефондор жүктөлдү, тизмелер жок кылынды.", Ru: "В конце: присутствие отмечено, телефоны выгружены, бумажные списки уничтожены.", En: "At the end: attendance is complete, phones are uploaded, paper lists are destroyed."},
		},
	},
}
