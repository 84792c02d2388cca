package materials

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/files"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/head"
	"platforma.kg/ashar/internal/spine/programme/writing"
)

// Bounds of what is handed in at once.
const (
	maxUploads  = 64 << 20 // bytes of all files of one form
	mostUploads = 10       // files of one form
)

// shelfPattern is the page of the materials of an activity.
const shelfPattern = "/plan/materials/{slug}"

// routes are the pages of materials: for each shelf, an activity's and
// a template's, the same.
func (s *Service) routes() []web.Route {
	out := []web.Route{{Method: http.MethodGet, Pattern: "/materials/{id}", Needs: access.Public, Handler: s.showMaterial}}
	for base, find := range map[string]findShelf{
		shelfPattern:                      s.activityShelf,
		"/plan/templates/{key}/materials": s.templateShelf,
	} {
		out = append(
			out,
			web.Route{Method: http.MethodGet, Pattern: base, Needs: programme.MayPlan, Handler: s.showShelf(find)},
			web.Route{Method: http.MethodPost, Pattern: base, Needs: programme.MayPlan, Handler: s.takeUploads(find), Limit: maxUploads, Upload: files.Most},
			web.Route{Method: http.MethodGet, Pattern: base + "/{id}", Needs: programme.MayPlan, Handler: s.showOneMaterial(find)},
			web.Route{Method: http.MethodPost, Pattern: base + "/{id}", Needs: programme.MayPlan, Handler: s.takeOneMaterial(find), Upload: files.Most},
			web.Route{Method: http.MethodPost, Pattern: base + "/{id}/move", Needs: programme.MayPlan, Handler: s.takeMoved(find)},
			web.Route{Method: http.MethodPost, Pattern: base + "/{id}/delete", Needs: programme.MayPlan, Handler: s.takeRemoved(find), Danger: true},
		)
	}
	return out
}

// shelfPage is the data of the materials of one activity or template.
type shelfPage struct {
	Shelf     Shelf
	At        access.Scope       // where it lies
	Activity  programme.Activity // whose shelf it is; of a template empty
	Base      string             // path of this page
	Back      string             // path of the activity or template
	Own       []Material
	Inherited []Material         // of the activity's template
	Template  programme.Template // whose shelf it is, or the activity's
	Form      writing.Form
	Parts     head.Parts
}

// findShelf finds the shelf of an address, for those who may change it.
type findShelf func(ctx context.Context, tx *storage.Tx, r *web.Request) (shelfPage, error)

func (s *Service) activityShelf(ctx context.Context, tx *storage.Tx, r *web.Request) (p shelfPage, err error) {
	a, err := programme.BySlug(ctx, tx, r.PathValue("slug"))
	if err != nil {
		return p, err
	}
	p.Shelf.Activity, p.Activity, p.At, p.Parts = a.ID, a, a.Scope(), s.parts
	p.Base, p.Back = "/plan/materials/"+a.Slug, "/plan/"+a.Slug
	if a.Template.IsZero() {
		return p, nil
	}
	if p.Inherited, err = ofTemplate(ctx, tx, a.Template); err != nil {
		return p, err
	}
	list, err := programme.Templates(ctx, tx, a.Programme)
	for _, t := range list {
		if t.ID == a.Template {
			p.Template = t
		}
	}
	return p, err
}

func (s *Service) templateShelf(ctx context.Context, tx *storage.Tx, r *web.Request) (p shelfPage, err error) {
	current, err := programme.Current(ctx, tx)
	if err != nil {
		return p, err
	}
	p.Template, err = programme.TemplateByKey(ctx, tx, current.ID, r.PathValue("key"))
	p.Shelf.Template, p.At = p.Template.ID, access.Scope{Programme: p.Template.Programme}
	p.Back = "/plan/templates/" + p.Template.Key
	p.Base = p.Back + "/materials"
	return p, err
}

func (s *Service) readShelf(r *web.Request, find findShelf) (p shelfPage, err error) {
	err = s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		if p, err = find(ctx, tx, r); err != nil {
			return err
		}
		if !r.Actor.May(programme.MayPlan, p.At) {
			return fault.New(fault.Forbidden, "fault.forbidden")
		}
		p.Own, err = p.Shelf.list(ctx, tx)
		return err
	})
	p.Form = writing.Form{Values: url.Values{"audience": {string(ForAll)}, "language": {string(r.Lang)}}}
	return p, err
}

func (s *Service) showShelf(find findShelf) web.Handler {
	return func(r *web.Request) error {
		p, err := s.readShelf(r, find)
		if err != nil {
			return err
		}
		return r.Page(http.StatusOK, shelfView(r, p))
	}
}

// takeUploads takes each good file and names the others with the reason.
func (s *Service) takeUploads(find findShelf) web.Handler {
	return func(r *web.Request) error {
		p, err := s.readShelf(r, find)
		if err != nil {
			return err
		}
		chosen := r.Files("files")
		var wrong fault.Form
		wrong.Check(len(chosen) > 0, "files", "programme.fault.material.none")
		wrong.Check(len(chosen) <= mostUploads, "files", "programme.fault.material.at_once", fault.Args{"count": mostUploads})
		if err := wrong.Err(); err != nil {
			return s.shelfAgain(r, p, err)
		}
		var last Material
		added := 0
		for _, file := range chosen {
			m, err := s.takeUpload(r, p.Shelf, file)
			if err != nil {
				if f, err := web.Invalid(err); err != nil {
					return err
				} else if err := wrong.Join(atFiles(f)); err != nil {
					return err
				}
				continue
			}
			last = m
			added++
		}
		if err := wrong.Err(); err != nil {
			if p, err := s.readShelf(r, find); err == nil { // with those that were good
				return s.shelfAgain(r, p, wrong.Err())
			}
			return err
		}
		r.SetFlash("good", "programme.material.added", "count", added)
		if added == 1 {
			return r.Redirect(p.Base + "/" + last.ID.String())
		}
		return r.Redirect(p.Base)
	}
}

// atFiles puts a fault of the whole at the field of the files.
func atFiles(f *fault.Error) error {
	if f.Field == "" && len(f.Fields) == 0 {
		return fault.At("files", f.Key, f.Args)
	}
	return f
}

func (s *Service) shelfAgain(r *web.Request, p shelfPage, err error) error {
	f, err := web.Invalid(err)
	if err != nil {
		return err
	}
	p.Form = writing.Form{Values: r.PostForm, Fault: f}
	return r.Page(web.Status(f.Code), shelfView(r, p))
}

func (s *Service) takeUpload(r *web.Request, shelf Shelf, file *web.File) (m Material, err error) {
	kept, err := s.keepUpload(r.Context(), file)
	if err != nil {
		return m, err
	}
	err = s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		m, err = s.Add(ctx, tx, Add{
			Actor: r.Actor, Shelf: shelf, Kept: kept, Name: file.Name,
			Audience: Audience(r.PostForm.Get("audience")), Language: r.PostForm.Get("language"),
		})
		return err
	})
	return m, err
}

// keepUpload cleans an uploaded file and keeps it. Invalid, naming the file,
// when it cannot be taken.
func (s *Service) keepUpload(ctx context.Context, file *web.File) (Kept, error) {
	name := files.SafeName(file.Name)
	if file.Size == 0 && file.Fault == nil {
		return Kept{}, fault.At("files", "programme.fault.material.empty", fault.Args{"name": name})
	}
	wrong := file.Fault
	var c files.Cleaned
	var err error
	if wrong == nil {
		c, err = files.Clean(ctx, file.Open(), files.Handout)
		wrong = fault.Of(err)
	}
	if f := wrong; f != nil {
		key := faults[f.Key]
		if key == "" {
			return Kept{}, f
		}
		args := fault.Args{"name": name}
		for k, v := range f.Args {
			args[k] = v
		}
		return Kept{}, fault.At("files", key, args)
	}
	if err != nil {
		return Kept{}, err
	}
	return s.Keep(ctx, c)
}

// faults are the words for what is wrong with one file of several.
var faults = map[string]string{
	"fault.file_large": "programme.fault.material.large", "fault.files_large": "programme.fault.material.together",
	"fault.file_busy": "programme.fault.material.busy", "fault.busy": "programme.fault.material.busy",
	"fault.file_pixels": "programme.fault.material.pixels", "fault.file_type": "programme.fault.material.type",
	"fault.file_active": "programme.fault.material.active", "fault.file_locked": "programme.fault.material.locked",
	"fault.file_unread": "programme.fault.material.unread",
}

// onePage is the data of the page of one material.
type onePage struct {
	shelfPage
	Material Material
}

func (s *Service) readOne(r *web.Request, find findShelf) (p onePage, err error) {
	if p.shelfPage, err = s.readShelf(r, find); err != nil {
		return p, err
	}
	for _, m := range p.Own {
		if m.ID.String() == r.PathValue("id") {
			p.Material = m
			p.Form = writing.Form{Values: url.Values{
				"version": {strconv.FormatInt(m.Version, 10)}, "audience": {string(m.Audience)}, "language": {m.Language},
			}, Stale: m.Stale}
			p.Form.PutText("title", m.Title)
			return p, nil
		}
	}
	return p, unknown()
}

func (s *Service) showOneMaterial(find findShelf) web.Handler {
	return func(r *web.Request) error {
		p, err := s.readOne(r, find)
		if err != nil {
			return err
		}
		return r.Page(http.StatusOK, editor(r, p))
	}
}

func (s *Service) takeOneMaterial(find findShelf) web.Handler {
	return func(r *web.Request) error {
		p, err := s.readOne(r, find)
		if err != nil {
			return err
		}
		c := Change{Actor: r.Actor, Shelf: p.Shelf, Material: p.Material}
		m := &c.Material
		m.Title, m.Audience, m.Language = writing.Read(r.PostForm, "title"), Audience(r.PostForm.Get("audience")), r.PostForm.Get("language")
		m.Version = writing.Version(r.PostForm)
		err = m.check()
		if chosen := r.Files("files"); err == nil && len(chosen) > 0 {
			c.Name = chosen[0].Name
			c.Kept, err = s.keepUpload(r.Context(), chosen[0])
		}
		if err == nil {
			err = s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
				_, err := s.Change(ctx, tx, c)
				return err
			})
		}
		if err != nil {
			f, err := web.Invalid(err)
			if err != nil {
				return err
			}
			p.Form = writing.Again(r.PostForm, f, p.Form)
			return r.Page(web.Status(f.Code), editor(r, p))
		}
		r.SetFlash("good", "programme.plan.saved")
		return r.Redirect(p.Base)
	}
}

func (s *Service) takeMoved(find findShelf) web.Handler {
	return func(r *web.Request) error {
		p, err := s.readOne(r, find)
		if err != nil {
			return err
		}
		by := 1
		if r.PostForm.Get("to") == "up" {
			by = -1
		}
		if err := s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
			return s.Move(ctx, tx, r.Actor, p.Shelf, p.Material.ID, by)
		}); err != nil {
			return err
		}
		return r.Redirect(p.Base)
	}
}

func (s *Service) takeRemoved(find findShelf) web.Handler {
	return func(r *web.Request) error {
		p, err := s.readOne(r, find)
		if err != nil {
			return err
		}
		if err := s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
			return s.Remove(ctx, tx, r.Actor, p.Shelf, p.Material.ID)
		}); err != nil {
			return err
		}
		r.SetFlash("good", "programme.material.removed")
		return r.Redirect(p.Base)
	}
}
