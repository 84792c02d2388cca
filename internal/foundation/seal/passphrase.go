package seal

import (
	"strings"
	"unicode"

	"github.com/ccojocar/zxcvbn-go"
)

// enough is how many bits of guessing a passphrase should cost: each guess costs
// Argon2id a tenth of a second or so, and who holds a backup may guess for years on
// a thousand machines.
const enough = 60

// likely are words that who knows what is sealed tries first, beside the lists of
// names and passwords of zxcvbn, which are English.
var likely = strings.Fields(`ashar ашар backup бэкап резерв копия көчүрмө admin админ secret сырсөз купуя парол пароль
	kyrgyzstan кыргызстан киргизия bishkek бишкек osh ош naryn нарын karakol каракол talas талас batken баткен jalalabad жалалабад tokmok токмок
	ayal аял айым женщина лидер leader депутат seminar семинар программа programme platforma платформа`)

// Weak reports whether a passphrase can be guessed by who holds what it seals. An
// estimate by the words, names, keyboard walks and repetitions that it is made of.
func Weak(passphrase string) bool {
	runes := []rune(strings.ToLower(passphrase))
	runes = runes[:min(len(runes), 100)] // the estimate takes long for long ones; what is beyond only helps
	differ := map[rune]bool{}
	letters := 0
	for _, r := range runes {
		differ[r] = true
		if unicode.IsLetter(r) && r > unicode.MaxASCII {
			letters++
		}
	}
	bits := zxcvbn.PasswordStrength(string(runes), likely).Entropy
	if letters > 0 {
		// A letter beyond ASCII counts as one of a hundred thousand there. It is one of
		// some thirty, and of a word.
		bits = min(bits, 5*float64(len(runes)))
		bits -= 2.5 * float64(letters)
	}
	return bits < enough || len(differ) < 6
}
