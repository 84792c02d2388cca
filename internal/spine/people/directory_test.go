package people_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/people/peopletest"
	"platforma.kg/ashar/internal/spine/profile"

	"pgregory.net/rapid"
)

// staffOf may see the people of a city, or all when it is empty.
func staffOf(svc *people.Service, city string) access.Actor {
	return access.Actor{
		Person: storage.ID{15: 1}, Table: svc.Manifest().Permissions,
		Grants: []access.Grant{{Role: access.Coordinator, Scope: access.Scope{City: city}}},
	}
}

// Whatever is done to records by one replica, each replica lists who is there now: the
// same as opening every box gives, for any text, filter, order and page.
func TestTheDirectoryListsWhatTheBoxesSay(t *testing.T) {
	t.Parallel()
	peopletest.Both(t, func(t *testing.T, store *storage.Store, clock *storagetest.Clock) {
		replicas := [2]*people.Service{}
		for i := range replicas {
			replicas[i] = people.New(people.Options{Keys: peopletest.Keys(t), Store: store})
		}
		names := []string{"Асанова Айгүл", "Үсөнов Бакыт", "Ааматова Өмүркан", "Жаңыева Толкун", "Асанов Азамат", "Ёлкина Е", "Ыбраева Ыйман"}
		cities, groups := []string{"", "osh", "talas", "naryn"}, append([]string{""}, profile.Of(profile.Group).Values(nil)...)
		var there []storage.ID
		rapid.Check(t, func(r *rapid.T) {
			write := func(f func(ctx context.Context, tx *storage.Tx) error) {
				peopletest.Write(t, store, f)
			}
			by := func() *people.Service { return replicas[rapid.IntRange(0, 1).Draw(r, "replica")] }
			some := func() storage.ID { return rapid.SampledFrom(there).Draw(r, "person") }
			details := func() people.Details {
				return people.Details{
					FullName: rapid.SampledFrom(names).Draw(r, "name"), City: rapid.SampledFrom(cities).Draw(r, "city"),
					Group: rapid.SampledFrom(groups).Draw(r, "group"), Email: fmt.Sprintf("p%d@mail.kg", rapid.IntRange(0, 5).Draw(r, "address")),
				}
			}
			for range rapid.IntRange(1, 4).Draw(r, "steps") {
				act := rapid.SampledFrom([]string{"register", "update", "merge", "erase"}).Draw(r, "act")
				if len(there) < 3 {
					act = "register"
				}
				clock.Pass(1)
				svc := by()
				switch act {
				case "register":
					d, her := details(), people.Person{}
					write(func(ctx context.Context, tx *storage.Tx) (err error) {
						her, err = svc.Register(ctx, tx, d)
						return err
					})
					there = append(there, her.ID)
				case "update":
					id, d := some(), details()
					write(func(ctx context.Context, tx *storage.Tx) error { return svc.Update(ctx, tx, id, d) })
				case "merge":
					from, into := some(), some()
					if from == into {
						continue
					}
					write(func(ctx context.Context, tx *storage.Tx) error {
						return svc.Merge(ctx, tx, people.MergeRecords{From: from, Into: into})
					})
					there = slices.DeleteFunc(there, func(id storage.ID) bool { return id == from })
				case "erase":
					// The latest is taken more often: her mark is given anew.
					id := there[len(there)-1]
					if rapid.Bool().Draw(r, "another") {
						id = some()
					}
					write(func(ctx context.Context, tx *storage.Tx) error { return svc.Erase(ctx, tx, storage.ID{}, id) })
					there = slices.DeleteFunc(there, func(other storage.ID) bool { return other == id })
				}
			}
			q := people.ListQuery{
				Text: rapid.SampledFrom([]string{"", "аса", "асанова ай", "өму", "a", "санов", "нова йгү", "ыева тол", "p1@mail.kg", "никто", "%"}).Draw(r, "text"),
				City: rapid.SampledFrom(cities).Draw(r, "of city"), Group: rapid.SampledFrom(groups).Draw(r, "of group"),
				Sort: rapid.SampledFrom([]string{"", people.SortName, people.SortMade, people.SortCity, people.SortGroup}).Draw(r, "sort"),
				Down: rapid.Bool().Draw(r, "down"), Cities: cities[1:],
			}
			scope := rapid.SampledFrom(cities).Draw(r, "scope")
			svc := by()
			q.Actor = staffOf(svc, scope)
			var want []people.Person
			old := people.Query{Text: q.Text, City: q.City, Group: q.Group, Sees: func(p people.Person) bool { return people.Sees(q.Actor, p) }}
			if !strings.Contains(q.Text, "@") {
				old.Text = ""
				old.Sees = func(p people.Person) bool { return people.Sees(q.Actor, p) && holds(p.FullName, q.Text) }
			}
			if err := store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
				want, err = svc.Search(ctx, tx, old)
				return err
			}); err != nil {
				r.Fatal(err)
			}
			all, err := svc.List(t.Context(), q)
			if err != nil {
				r.Fatal(err)
			}
			if all.Count != len(want) || len(all.IDs) != len(want) {
				r.Fatalf("%+v: %d people in the directory, %d in the boxes", q, all.Count, len(want))
			}
			ordered(r, q, all.IDs, want)
			if all.With[profile.City][q.City] != len(want) || all.With[profile.Group][q.Group] != len(want) {
				r.Fatalf("%+v: counted %v, %d fit", q, all.With, len(want))
			}
			// Page by page it is the same list, forward and back.
			q.Limit = 2
			var forward, back []storage.ID
			for {
				page, err := svc.List(t.Context(), q)
				if err != nil {
					r.Fatal(err)
				}
				if len(page.People) != len(page.IDs) || page.From != min(len(forward)+1, len(want)) {
					r.Fatalf("from %d, %d ids, %d people", page.From, len(page.IDs), len(page.People))
				}
				forward = append(forward, page.IDs...)
				if !page.Next {
					break
				}
				q.After = page.IDs[len(page.IDs)-1]
			}
			if !slices.Equal(forward, all.IDs) {
				r.Fatalf("%+v: the pages give %v, the list is %v", q, forward, all.IDs)
			}
			if len(all.IDs) > 0 {
				back, q.After = all.IDs[len(all.IDs)-1:], storage.ID{}
				for q.Before = back[0]; ; {
					page, err := svc.List(t.Context(), q)
					if err != nil {
						r.Fatal(err)
					}
					if !page.Prev && slices.Contains(page.IDs, q.Before) { // the first page
						back = append(slices.Clone(page.IDs[:slices.Index(page.IDs, q.Before)]), back...)
						break
					}
					back, q.Before = append(slices.Clone(page.IDs), back...), page.IDs[0]
				}
				if !slices.Equal(back, all.IDs) {
					r.Fatalf("%+v: backwards %v, the list is %v", q, back, all.IDs)
				}
			}
		})
	})
}

// holds reports whether a name holds each word of a text: anywhere from three letters on,
// fewer where a word begins.
func holds(name, text string) bool {
	words := strings.Fields(i18n.FoldKey(name))
	for _, sought := range strings.Fields(i18n.FoldKey(text)) {
		if !slices.ContainsFunc(words, func(w string) bool {
			return strings.HasPrefix(w, sought) || len(sought) >= 3 && strings.Contains(w, sought)
		}) {
			return false
		}
	}
	return true
}

// ordered fails when the ids are not those people, in the order that the query asks for.
func ordered(r *rapid.T, q people.ListQuery, ids []storage.ID, want []people.Person) {
	byID := map[storage.ID]people.Person{}
	for _, p := range want {
		byID[p.ID] = p
	}
	place := func(list []string, v string) int {
		if i := slices.Index(list, v); i >= 0 {
			if q.Down {
				return len(list) - i
			}
			return i
		}
		return len(list) + 1
	}
	compare := func(a, b people.Person) int {
		n := slices.Compare(i18n.CollationKey(a.FullName), i18n.CollationKey(b.FullName))
		switch q.Sort {
		case people.SortMade:
			n = a.Made.Compare(b.Made)
		case people.SortCity:
			return place(q.Cities, a.City) - place(q.Cities, b.City)
		case people.SortGroup:
			groups := profile.Of(profile.Group).Values(nil)
			return place(groups, a.Group) - place(groups, b.Group)
		}
		if q.Down {
			n = -n
		}
		return n
	}
	for i, id := range ids {
		p, ok := byID[id]
		if !ok {
			r.Fatalf("%+v: %s is listed and not in the boxes", q, id)
		}
		if i > 0 && compare(byID[ids[i-1]], p) > 0 {
			r.Fatalf("%+v: %q stands before %q", q, byID[ids[i-1]].FullName, p.FullName)
		}
	}
}

// A transaction that began early and ends late is seen: on PostgreSQL although a younger one
// was committed and read between, on SQLite with the younger one, which waits for it.
func TestTheDirectorySeesWhoCommitsLate(t *testing.T) {
	t.Parallel()
	peopletest.Both(t, func(t *testing.T, store *storage.Store, _ *storagetest.Clock) {
		svc := people.New(people.Options{Keys: peopletest.Keys(t), Store: store})
		began, end := make(chan struct{}), make(chan struct{})
		register := func(name string, then func()) chan error {
			done := make(chan error, 1)
			go func() {
				done <- store.Write(context.Background(), func(ctx context.Context, tx *storage.Tx) error {
					_, err := svc.Register(ctx, tx, people.Details{FullName: name})
					then()
					return err
				})
			}()
			return done
		}
		early := register("Кечиккенова Кечээ", func() { close(began); <-end })
		<-began
		young := register("Эртеева Эрте", func() {})
		between := 0
		if store.Dialect() == storage.PostgreSQL {
			if err := <-young; err != nil {
				t.Fatal(err)
			}
			between = 1
		}
		count := func() int {
			t.Helper()
			l, err := svc.List(t.Context(), people.ListQuery{Actor: staffOf(svc, "")})
			if err != nil {
				t.Fatal(err)
			}
			return l.Count
		}
		if n := count(); n != between {
			t.Errorf("%d people before the commit, want %d", n, between)
		}
		close(end)
		if err := <-early; err != nil {
			t.Fatal(err)
		}
		if store.Dialect() == storage.SQLite {
			if err := <-young; err != nil {
				t.Fatal(err)
			}
		}
		if n := count(); n != 2 {
			t.Errorf("%d people after the late commit, want 2", n)
		}
	})
}

// Who is erased leaves the memory of every replica: here with the commit, elsewhere when
// the directory is renewed, though nobody reads a list.
func TestTheDirectoryForgetsWhoIsErased(t *testing.T) {
	t.Parallel()
	peopletest.Both(t, func(t *testing.T, store *storage.Store, _ *storagetest.Clock) {
		here, there := people.New(people.Options{Keys: peopletest.Keys(t), Store: store}), people.New(people.Options{Keys: peopletest.Keys(t), Store: store})
		her := peopletest.Register(t, store, here, people.Details{FullName: "Өчүрүлгөнова Ө"})
		peopletest.Register(t, store, here, people.Details{FullName: "Калганова К"})
		holds := func(what string, svc *people.Service, want int) {
			t.Helper()
			if n, bytes := svc.DirectorySize(); n != want || (bytes > 0) != (want > 0) {
				t.Errorf("%s: the directory holds %d people in %d bytes, want %d", what, n, bytes, want)
			}
		}
		holds("nobody has read a list", here, 0)
		for _, svc := range []*people.Service{here, there} {
			if _, err := svc.List(t.Context(), people.ListQuery{Actor: staffOf(svc, "")}); err != nil {
				t.Fatal(err)
			}
			holds("read", svc, 2)
		}
		if err := here.EraseForGood(t.Context(), storage.ID{}, her.ID); err != nil {
			t.Fatal(err)
		}
		holds("where she was erased", here, 1)
		if err := there.RenewDirectory(t.Context()); err != nil {
			t.Fatal(err)
		}
		holds("on the other replica", there, 1)
	})
}

// A name is found by any part of its words, however it is spelt; two letters find where a
// word begins, so that one who types sees few.
func TestANameIsFoundByAnyPartOfIt(t *testing.T) {
	t.Parallel()
	peopletest.Both(t, func(t *testing.T, store *storage.Store, _ *storagetest.Clock) {
		svc := people.New(people.Options{Keys: peopletest.Keys(t), Store: store})
		for _, name := range []string{"Токтосунова Гүлмира Эсенбековна", "Мирлан уулу Асан", "Toktosunov Bakyt"} {
			peopletest.Register(t, store, svc, people.Details{FullName: name})
		}
		for text, want := range map[string]int{
			"тосун": 2, "осунов": 2, "гүлми": 1, "улмир": 1, "мирла": 1, "мир": 2, "tosun": 2, "нбеков": 1, "осун мира": 1, "ира сено": 0, "нова": 1,
			"ми": 1, "ул": 1, "то": 2, "сунз": 0, "т ба": 1, "%": 3,
		} {
			found, err := svc.List(t.Context(), people.ListQuery{Actor: staffOf(svc, ""), Text: text})
			if err != nil {
				t.Fatal(err)
			}
			if found.Count != want {
				t.Errorf("%q finds %d people, want %d", text, found.Count, want)
			}
		}
	})
}
