package module

import (
	"context"
	"fmt"
	"slices"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
)

// Demo is what a module brings into a demo that has just begun: the programme is there,
// and a person for each role. It comes once, through the module's own use cases.
type Demo struct {
	Order int // the smallest first; a place is taken once
	Seed  func(ctx context.Context, s Stage) error
}

// Stage is what a demo finds.
type Stage struct {
	Now time.Time // the moment for which the demo is made
	// Random makes what is invented the same in every demo.
	Random uint64
	// Staff gives the person who plays a role, with its grant everywhere.
	Staff func(access.Role) access.Actor
}

// Seed lets every module bring its part of the demo, in the order of their places.
func (h *House) Seed(ctx context.Context, s Stage) error {
	var list []Manifest
	for _, m := range h.list {
		if m.Demo.Seed != nil {
			list = append(list, m)
		}
	}
	slices.SortStableFunc(list, func(a, b Manifest) int { return a.Demo.Order - b.Demo.Order })
	for _, m := range list {
		if err := m.Demo.Seed(ctx, s); err != nil {
			return fmt.Errorf("the demo of %s: %w", m.Name, err)
		}
	}
	return nil
}
