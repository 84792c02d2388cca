package materials

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"mime"
	"net/http"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/programme"
)

// reads reports whether the actor may read a material that goes with an activity.
func (s *Service) reads(ctx context.Context, tx *storage.Tx, actor access.Actor, m Material, a programme.Activity) (bool, error) {
	if actor.May(programme.MayPrepare, a.Scope()) {
		return true, nil
	}
	switch {
	case a.State == programme.Draft || m.Audience == ForStaff:
		return false, nil
	case m.Audience == ForAll && a.InvitationOnly: // an agenda or an invitation says when and where
		return s.programme.Knows(ctx, tx, actor, a)
	case m.Audience == ForAll:
		return true, nil
	case !actor.SignedIn() || s.takesPart == nil:
		return false, nil
	}
	return s.takesPart(ctx, tx, actor.Person, a.ID)
}

// Readable keeps of the materials of an activity those that the actor may read.
func (s *Service) Readable(ctx context.Context, tx *storage.Tx, actor access.Actor, a programme.Activity) ([]Material, error) {
	all, err := Of(ctx, tx, a)
	var out []Material
	for _, m := range all {
		may, err := s.reads(ctx, tx, actor, m, a)
		if err != nil {
			return nil, err
		}
		if may {
			out = append(out, m)
		}
	}
	return out, err
}

// material finds a material that the actor may read: of its activity, or of
// one of its template's copies. NotFound, also when it is there for others;
// Unauthenticated when signing in may help.
func (s *Service) material(ctx context.Context, tx *storage.Tx, actor access.Actor, id storage.ID) (Material, error) {
	m, err := byID(ctx, tx, id)
	if err != nil {
		return m, err
	}
	var with []programme.Activity
	if m.Template.IsZero() {
		a, err := programme.ByID(ctx, tx, m.Activity)
		if err != nil {
			return m, err
		}
		with = append(with, a)
	} else if with, err = programme.All(ctx, tx, programme.Filter{Template: m.Template}); err != nil {
		return m, err
	}
	for _, a := range with {
		if may, err := s.reads(ctx, tx, actor, m, a); err != nil || may {
			return m, err
		}
	}
	if len(with) == 0 {
		at, err := programme.ScopeOfTemplate(ctx, tx, m.Template)
		if err != nil || actor.May(programme.MayPlan, at) {
			return m, err // a template without copies yet
		}
	}
	if !actor.SignedIn() && m.Audience != ForAll {
		return m, fault.New(fault.Unauthenticated, "fault.unauthenticated")
	}
	return m, unknown()
}

// showMaterial sends a material to who may read it.
func (s *Service) showMaterial(r *web.Request) error {
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return unknown()
	}
	var m Material
	if err := s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		m, err = s.material(ctx, tx, r.Actor, id)
		return err
	}); err != nil {
		return err
	}
	return s.Send(r, m)
}

// Send sends the bytes of a material, or the part of them that is
// asked for. Who may read it has been decided.
func (s *Service) Send(r *web.Request, m Material) error {
	file, err := s.files.Open(r.Context(), m.File)
	if errors.Is(err, fs.ErrNotExist) {
		return fault.New(fault.Unavailable, "programme.fault.material.lost")
	}
	if err != nil {
		return err
	}
	defer file.Close()
	body, ok := file.(io.ReadSeeker)
	if !ok {
		raw, err := io.ReadAll(file)
		if err != nil {
			return err
		}
		body = bytes.NewReader(raw)
	}
	h := r.W.Header()
	h.Set("Content-Type", m.Type)
	h.Set("X-Content-Type-Options", "nosniff")
	// It is saved, never opened in a page of ours; and if a browser opened it, as nobody, without script.
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": m.Name}))
	h.Set("Content-Security-Policy", "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox")
	h.Set("ETag", `"`+m.Digest[:32]+`"`)
	h.Set("Cache-Control", "private, no-cache")
	if m.Audience == ForAll {
		h.Set("Cache-Control", "public, no-cache")
	}
	http.ServeContent(r.W, r.Request, "", m.Changed, body)
	return nil
}

// ForParticipants lists what people of an activity may read.
func (s *Service) ForParticipants(ctx context.Context, tx *storage.Tx, a programme.Activity) ([]Material, error) {
	all, err := Of(ctx, tx, a)
	var out []Material
	for _, m := range all {
		if m.Audience != ForStaff {
			out = append(out, m)
		}
	}
	return out, err
}
