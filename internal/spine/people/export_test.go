package people

// AfterLook makes Register stop between its look and its insert.
func (s *Service) AfterLook(f func()) { s.afterLook = f }
