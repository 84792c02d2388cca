package lottery

// Possible reports whether any panel meets the quotas. It explains nothing and makes no
// lottery: for who tries other quotas. Errors are *InputError and ErrUndecided.
func Possible(p Problem) (bool, error) {
	if err := p.Check(); err != nil {
		return false, err
	}
	switch _, v := newProgram(p).try(); v {
	case satisfiable:
		return true, nil
	case contradictory:
		return false, nil
	}
	return false, ErrUndecided{}
}

// Explain finds a smallest conflict of quotas that no panel meets; nil when one does.
// Errors are *InputError and ErrUndecided.
func Explain(p Problem) (*Conflict, error) {
	possible, err := Possible(p)
	if possible || err != nil {
		return nil, err
	}
	return findConflict(p, newProgram(p)), nil
}
