package people

import (
	"slices"

	"platforma.kg/ashar/internal/foundation/seal"
	"platforma.kg/ashar/internal/foundation/storage"
)

// personIndexes are the columns of person that are computed from her box, those of
// older tables too. A table or column of indexes that comes anew is named here or in
// BackupRules, and filled by Reindex.
var personIndexes = []string{"subject_index", "email_index", "phone_index", "phone_name_index", "telegram_index", "name_index"}

// BackupRules tell what of this room a backup holds otherwise than the tables.
// Keys lie in slots. Left out are
//
//   - all indexes of contacts and names, since whoever has the secret finds a phone
//     number by trying all there are; Reindex computes them from the boxes;
//   - the marks by which the directory of names finds what is new, which mean nothing
//     in another database;
//   - what staff changed of many, sent again to many, or want to make one, within the last
//     minutes and may take back, for as long: what was undone since would be done;
//   - codes and links to sign in, which hold indexes of addresses and live for ten
//     minutes; the letters of forms that are counted, and the addresses that said
//     "not me", which is asked of them once more;
//   - accounts at the organisation's issuer, whose keyed hashes can be tried in the
//     same way with the issuer's list of accounts: they are linked anew;
//   - long tables that staff have asked for, which live for a day and would outlive the
//     erasure of those in them;
//   - files of people between preview and confirmation, and what became of their rows,
//     which are sealed with the installation's key and would outlive the erasure of
//     those in them.
func BackupRules(keys *seal.Keyring) *storage.BackupRules {
	return &storage.BackupRules{
		Key:   keys.Derive("backups"),
		Slots: storage.Slotted{Table: "person", ID: "id", Key: "data_key"},
		Name:  func(id []byte) []byte { return erasedName(keys, id) },
		OmitTables: []string{
			"person_name_part", "sign_in", "sign_in_letter", "sign_in_wrong", "contact_muted", "contact_letter", "oidc_link", "person_import", "person_import_part", "person_change", "person_change_part", "merge_plan",
			"list_export", "list_export_part", "message_again", "message_again_part",
		},
		OmitColumns: map[string][]string{"person": append(slices.Clone(personIndexes), "mark"), "contact": {"value_index"}},
	}
}
