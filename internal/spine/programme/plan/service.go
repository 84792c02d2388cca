package plan

import (
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/lists"
)

// Options are what the room needs of the house.
type Options struct {
	// Programme is changed, and tells the modules. Nil: an own one, whose changes nobody hears of.
	Programme *programme.Service
	// Say puts a fault into English words, for who imports a file. Nil: its key.
	Say func(f *fault.Error) string
}

// Service brings plans and tables into the programme.
type Service struct {
	programme *programme.Service
	lists     *lists.Service
	say       func(f *fault.Error) string
}

// New opens the room.
func New(o Options) *Service {
	if o.Programme == nil {
		o.Programme = programme.New(programme.Options{})
	}
	return &Service{programme: o.Programme, lists: lists.New(o.Programme), say: o.Say}
}
