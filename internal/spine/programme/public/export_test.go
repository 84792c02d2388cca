package public

// Draw lets a test draw the pictures to share.
func (s *Service) Draw(draw func(over, title string, under []string) ([]byte, error)) { s.draw = draw }
