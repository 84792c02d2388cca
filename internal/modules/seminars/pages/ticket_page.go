package pages

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"image/png"
	"net/http"
	"strconv"
	"strings"

	"github.com/skip2/go-qrcode"

	"platforma.kg/ashar/internal/foundation/document"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/materials"
	"platforma.kg/ashar/internal/spine/programme/public"
)

type ticketData struct {
	Ticket   seats.Ticket
	Activity seats.Activity
	State    seats.State
	Pass     string
	Path     string

	Materials []materials.Material
	Moved     *programme.Move // to another day, hour or place, as long as nobody was told; nil for none

	Name  string // for the sheet of paper
	Fault *fault.Error
}

func (d ticketData) holds() bool { return d.Ticket.Revoked.IsZero() && d.Activity.State != "cancelled" }

// ticketPath is the personal address of a ticket: its id, and a keyed sum that
// nobody can compute for another.
func (m *Module) ticketPath(t seats.Ticket) string {
	return "/tickets/" + base64.RawURLEncoding.EncodeToString(append(t.ID[:], m.ticketSum(t.ID)...))
}

func (m *Module) ticketSum(id storage.ID) []byte {
	h := hmac.New(sha256.New, m.Keys.Derive("addresses of tickets"))
	h.Write(id[:])
	return h.Sum(nil)[:16]
}

// openTicket finds the ticket of the address.
func (m *Module) openTicket(r *web.Request) (d ticketData, err error) {
	raw, err := base64.RawURLEncoding.DecodeString(r.PathValue("token"))
	if err != nil || len(raw) != 32 {
		return d, fault.New(fault.NotFound, "seminars.fault.ticket")
	}
	id := storage.ID(raw[:16])
	if !hmac.Equal(raw[16:], m.ticketSum(id)) {
		return d, fault.New(fault.NotFound, "seminars.fault.ticket")
	}
	r.W.Header().Set("Cache-Control", "no-store")
	return d, m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		d.Ticket, err = seats.OneTicket(storage.One(ctx, tx, seats.ScanTicket, `SELECT `+seats.TicketColumns+`
			FROM ticket
			WHERE id = $1`, id))
		if err != nil {
			return err
		}
		d.Path = m.ticketPath(d.Ticket)
		if d.Activity, err = m.ActivityByID(ctx, tx, d.Ticket.Activity); err != nil {
			return err
		}
		app, err := seats.ApplicationByID(ctx, tx, d.Ticket.Application)
		if err != nil {
			return err
		}
		if d.Moved, err = movedUntold(ctx, tx, d.Activity); err != nil {
			return err
		}
		d.State, d.Pass = app.State, m.Pass(d.Ticket, d.Activity)
		d.Materials, err = m.MaterialsOf(ctx, tx, d.Activity)
		return err
	})
}

func (m *Module) showTicket(r *web.Request) error {
	d, err := m.openTicket(r)
	if err != nil {
		return err
	}
	return m.ticketAs(r, d, http.StatusOK)
}

func (m *Module) ticketAs(r *web.Request, d ticketData, status int) error {
	qr, err := drawQR(d.Pass)
	if err != nil {
		return err
	}
	return r.Page(status, ticketPage(r, d, qr))
}

// qrPicture is a QR for SVG: one path over a square of Size modules.
type qrPicture struct {
	Size int
	Path string
}

func drawQR(text string) (qrPicture, error) {
	drawn, err := document.QR(text)
	var path strings.Builder
	for _, shape := range drawn.Shapes {
		if bar, is := shape.(document.Bar); is {
			fmt.Fprintf(&path, "M%g %gh%gv1h-%gz", bar.X, bar.Y, bar.Width, bar.Width)
		}
	}
	return qrPicture{int(drawn.Width), path.String()}, err
}

func (q qrPicture) box() string { return "0 0 " + strconv.Itoa(q.Size) + " " + strconv.Itoa(q.Size) }

// validTicket is openTicket for files, which are made only of tickets that hold.
func (m *Module) validTicket(r *web.Request) (ticketData, error) {
	d, err := m.openTicket(r)
	if err == nil && !d.holds() {
		err = fault.New(fault.Gone, "seminars.fault.ticket")
	}
	return d, err
}

// sendTicketImage sends the QR alone, to keep among one's pictures.
func (m *Module) sendTicketImage(r *web.Request) error {
	d, err := m.validTicket(r)
	if err != nil {
		return err
	}
	qr, err := qrcode.New(d.Pass, qrcode.Medium)
	if err != nil {
		return fmt.Errorf("draw the QR: %w", err)
	}
	var out bytes.Buffer
	quick := png.Encoder{CompressionLevel: png.BestSpeed} // of two colours: small anyway
	if err := quick.Encode(&out, qr.Image(900)); err != nil {
		return fmt.Errorf("write the QR: %w", err)
	}
	return sendAs(r, "image/png", "ticket-"+d.Activity.Slug+".png", out.Bytes())
}

// sendTicketCalendar sends the entry for her own calendar; that of an activity
// by invitation is given nowhere else.
func (m *Module) sendTicketCalendar(r *web.Request) error {
	d, err := m.validTicket(r)
	if err != nil {
		return err
	}
	a := d.Activity
	text := public.Calendar(r.Lang, a.Title.In(r.Lang), m.PublicURL, []seats.Activity{a})
	return sendAs(r, "text/calendar; charset=utf-8", a.Slug+".ics", []byte(text))
}

// sendAs sends a file to be kept.
func sendAs(r *web.Request, kind, name string, body []byte) error {
	r.W.Header().Set("Content-Type", kind)
	r.W.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	_, err := r.W.Write(body)
	return err
}

// sendTicketMaterial sends a material to who holds a ticket, without signing in.
func (m *Module) sendTicketMaterial(r *web.Request) error {
	d, err := m.validTicket(r)
	if err != nil {
		return err
	}
	for _, material := range d.Materials {
		if material.ID.String() == r.PathValue("id") {
			return m.Materials.Send(r, material)
		}
	}
	return fault.New(fault.NotFound, "programme.fault.material")
}

// materialPath gives the address of a material for who holds the ticket.
func (d ticketData) materialPath(m materials.Material) string {
	return d.Path + "/materials/" + m.ID.String()
}
