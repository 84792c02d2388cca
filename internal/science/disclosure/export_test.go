package disclosure

// ProtectByTables is Protect as it is done for very many kinds of people.
func ProtectByTables(d *Data, plan Plan, o Options) (*Result, error) {
	return protect(d, plan, o, 1, 1)
}
