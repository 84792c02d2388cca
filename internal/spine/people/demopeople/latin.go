package demopeople

import "strings"

var letters = map[rune]string{
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'д': "d", 'е': "e", 'ё': "e", 'ж': "zh", 'з': "z", 'и': "i", 'й': "i", 'к': "k", 'л': "l", 'м': "m",
	'н': "n", 'ң': "ng", 'о': "o", 'ө': "o", 'п': "p", 'р': "r", 'с': "s", 'т': "t", 'у': "u", 'ү': "u", 'ф': "f", 'х': "kh", 'ц': "ts", 'ч': "ch",
	'ш': "sh", 'щ': "shch", 'ъ': "", 'ы': "y", 'ь': "", 'э': "e", 'ю': "iu", 'я': "ia",
}

// latin writes a name as the country's passports do.
func latin(s string) string {
	var b strings.Builder
	for _, r := range s {
		low := []rune(strings.ToLower(string(r)))[0]
		l, ok := letters[low]
		switch {
		case !ok:
			b.WriteRune(r)
		case low != r && l != "":
			b.WriteString(strings.ToUpper(l[:1]) + l[1:])
		default:
			b.WriteString(l)
		}
	}
	return b.String()
}

// patronymic makes a father's name into the patronymic of a daughter or son.
func patronymic(father string, woman bool) string {
	end := func(she, he string) string {
		if woman {
			return she
		}
		return he
	}
	switch {
	case father == "Пётр":
		return end("Петровна", "Петрович")
	case father == "Павел":
		return end("Павловна", "Павлович")
	case strings.HasSuffix(father, "ий"):
		return strings.TrimSuffix(father, "ий") + end("ьевна", "ьевич")
	case strings.HasSuffix(father, "й"), strings.HasSuffix(father, "ь"):
		r := []rune(father)
		return string(r[:len(r)-1]) + end("евна", "евич")
	}
	switch r := []rune(father); r[len(r)-1] {
	case 'а', 'о', 'ө', 'э', 'е', 'ы', 'и', 'у', 'ү':
		return father + end("евна", "евич")
	}
	return father + end("овна", "ович")
}

// familyOf gives a family name in the form of a woman.
func familyOf(family string, woman bool) string {
	if woman && (strings.HasSuffix(family, "ов") || strings.HasSuffix(family, "ев") || strings.HasSuffix(family, "ёв") || strings.HasSuffix(family, "ин")) {
		return family + "а"
	}
	return family
}
