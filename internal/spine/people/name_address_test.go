package people_test

import (
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/spine/people"
)

// Any form brings a name, and our letters and pages carry it on: none may lead elsewhere.
func TestANameHoldsNoAddress(t *testing.T) {
	for _, name := range []string{
		"WIN 1000 USD AT http://evil.kg/x NOW", "HTTPS://EVIL.KG", "see www.evil.example", "evil.kg/win", "Бонус evil.kg", "evil.com", "t.me/win", "сайт.рф", "пишите на win@evil.kg", "ftp://evil", "evil.example:8080",
	} {
		if _, err := people.Tidy(nil, people.Details{FullName: name}, time.Now()); len(fault.Of(err).At("name")) != 1 || fault.Of(err).At("name")[0].Key != "fault.name_address" {
			t.Errorf("%q: %v", name, err)
		}
		if _, err := people.Tidy(nil, people.Details{FullName: "Асан", CertificateName: i18n.Text{Ru: name}}, time.Now()); len(fault.Of(err).At("certificate_ru")) != 1 {
			t.Errorf("%q on a certificate: %v", name, err)
		}
	}
	for _, name := range []string{"Асанова А.Б.", "А.Б.Асанова", "Dr. Aigul Asanova", "Асанова-Бакирова Айгүл", "Асанова (Бакирова) Айгүл", "Асанова/Бакирова А.", "Асанова А.К./Бек", "О'Нил Жанна", "Мл.Асанов", "Ким Ли", "A.B.Kim"} {
		if _, err := people.Tidy(nil, people.Details{FullName: name}, time.Now()); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
}
