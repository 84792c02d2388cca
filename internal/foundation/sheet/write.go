package sheet

import "strings"

func formulaSign(s string) bool {
	return s != "" && strings.ContainsAny(string([]rune(s)[0]), "=+-@＝＋－＠﹦﹢﹣﹫")
}
