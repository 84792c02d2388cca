package storage

import (
	"crypto/hmac"
	"crypto/sha256"
	"slices"
)

// BackupRules tell what of the tables a backup holds otherwise than it stands
// there. Who knows what the tables mean makes them: here nobody does.
type BackupRules struct {
	// Key is of this installation alone, 32 bytes made from its secret: it marks
	// the backups as its own and vouches for each slot.
	Key []byte
	// Slots names the table of owners and their wrapped keys. The keys lie in the
	// slots at the head of the file instead of in the body, where each can be
	// blanked later. The zero value: no slots.
	Slots Slotted
	// Name gives the keyed name of an owner by her id, 32 bytes that tell nobody
	// without the secret who she is. By it her slots are found.
	Name func(id []byte) []byte
	// OmitTables and OmitColumns are left out. A restored column holds NULL, or
	// where it may not be NULL something random, until its owner fills it again.
	// What the database at hand does not have is no matter.
	OmitTables  []string
	OmitColumns map[string][]string
}

// Slotted is a table whose rows are owners of keys.
type Slotted struct {
	Table string `json:"table"`
	ID    string `json:"id"`  // column of the id, bytes
	Key   string `json:"key"` // column of the wrapped key, bytes
}

func (r *BackupRules) keyed(use string, parts ...[]byte) []byte {
	m := hmac.New(sha256.New, r.Key)
	m.Write([]byte(use))
	m.Write([]byte{0})
	for _, p := range parts {
		m.Write(p)
	}
	return m.Sum(nil)
}

// mark names the installation in a file with that salt.
func (r *BackupRules) mark(salt [16]byte) (mark [32]byte) {
	copy(mark[:], r.keyed("mark", salt[:]))
	return mark
}

// own reports whether a backup is of this installation.
func (r *BackupRules) own(h header) bool {
	mark := r.mark(h.salt)
	return hmac.Equal(mark[:], h.mark[:])
}

// applied are the rules as far as a database has what they speak of.
type applied struct {
	*BackupRules
	slots bool // there are slots
}

func (r *BackupRules) apply(tables []Table) applied {
	if r == nil {
		return applied{}
	}
	i := slices.IndexFunc(tables, func(t Table) bool { return t.Name == r.Slots.Table })
	return applied{r, i >= 0 && tables[i].has(r.Slots.ID) && tables[i].has(r.Slots.Key)}
}

// columns gives the columns of a table that go into the body; ok is false when
// the whole table stays out.
func (r applied) columns(t Table) (names []string, ok bool) {
	if r.BackupRules == nil {
		return t.columnNames(), true
	}
	if slices.Contains(r.OmitTables, t.Name) {
		return nil, false
	}
	for _, c := range t.Columns {
		if slices.Contains(r.OmitColumns[t.Name], c.Name) || r.slots && t.Name == r.Slots.Table && c.Name == r.Slots.Key {
			continue
		}
		names = append(names, c.Name)
	}
	return names, true
}

func (t Table) has(column string) bool {
	return slices.ContainsFunc(t.Columns, func(c Column) bool { return c.Name == column })
}
