package seminars

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"codeberg.org/go-pdf/fpdf"
	"github.com/go-fonts/dejavu/dejavusans"
	"github.com/go-fonts/dejavu/dejavusansbold"
	"github.com/skip2/go-qrcode"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme/materials"
	"platforma.kg/ashar/internal/spine/programme/public"
)

type ticketData struct {
	Ticket   Ticket
	Activity Activity
	State    State
	Pass     string
	Path     string

	Materials []materials.Material
}

func (d ticketData) holds() bool { return d.Ticket.Revoked.IsZero() && d.Activity.State != "cancelled" }

// ticketPath is the personal address of a ticket: its id, and a keyed sum that
// nobody can compute for another.
func (m *Module) ticketPath(t Ticket) string {
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
		d.Ticket, err = oneTicket(storage.One(ctx, tx, scanTicket, `SELECT `+ticketColumns+`
			FROM ticket
			WHERE id = $1`, id))
		if err != nil {
			return err
		}
		d.Path = m.ticketPath(d.Ticket)
		if d.Activity, err = m.activityByID(ctx, tx, d.Ticket.Activity); err != nil {
			return err
		}
		app, err := applicationByID(ctx, tx, d.Ticket.Application)
		if err != nil {
			return err
		}
		d.State, d.Pass = app.State, m.Pass(d.Ticket, d.Activity)
		d.Materials, err = m.materialsOf(ctx, tx, d.Activity)
		return err
	})
}

func (m *Module) showTicket(r *web.Request) error {
	d, err := m.openTicket(r)
	if err != nil {
		return err
	}
	qr, err := drawQR(d.Pass)
	if err != nil {
		return err
	}
	return r.Page(http.StatusOK, ticketPage(r, d, qr))
}

// qrPicture is a QR for SVG: one path over a square of Size modules.
type qrPicture struct {
	Size int
	Path string
}

func drawQR(text string) (qrPicture, error) {
	qr, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		return qrPicture{}, fmt.Errorf("draw the QR: %w", err)
	}
	rows := qr.Bitmap() // with the quiet zone of four modules
	var b strings.Builder
	for y, row := range rows {
		for x := 0; x < len(row); x++ {
			if !row[x] {
				continue
			}
			from := x
			for x < len(row) && row[x] {
				x++
			}
			fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", from, y, x-from, x-from)
		}
	}
	return qrPicture{len(rows), b.String()}, nil
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
	png, err := qrcode.Encode(d.Pass, qrcode.Medium, 900)
	if err != nil {
		return fmt.Errorf("draw the QR: %w", err)
	}
	return sendAs(r, "image/png", "ticket-"+d.Activity.Slug+".png", png)
}

// sendTicketCalendar sends the entry for her own calendar; that of an activity
// by invitation is given nowhere else.
func (m *Module) sendTicketCalendar(r *web.Request) error {
	d, err := m.validTicket(r)
	if err != nil {
		return err
	}
	a := d.Activity
	text := public.Calendar(r.Lang, a.Title.In(r.Lang), m.PublicURL, []Activity{a})
	return sendAs(r, "text/calendar; charset=utf-8", a.Slug+".ics", []byte(text))
}

func sendAs(r *web.Request, kind, name string, body []byte) error {
	r.W.Header().Set("Content-Type", kind)
	r.W.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	_, err := r.W.Write(body)
	return err
}

// sendTicketPDF sends the ticket on a sheet of paper.
func (m *Module) sendTicketPDF(r *web.Request) error {
	d, err := m.validTicket(r)
	if err != nil {
		return err
	}
	png, err := qrcode.Encode(d.Pass, qrcode.Medium, 600)
	if err != nil {
		return fmt.Errorf("draw the QR: %w", err)
	}
	a := d.Activity
	pdf := fpdf.New("P", "mm", "A5", "")
	pdf.SetTitle(a.Title.In(r.Lang), true)
	pdf.SetLang(string(r.Lang))
	pdf.AddUTF8FontFromBytes("sans", "", dejavusans.TTF)
	pdf.AddUTF8FontFromBytes("sans", "B", dejavusansbold.TTF)
	pdf.AddPage()
	pdf.SetFont("sans", "B", 16)
	pdf.MultiCell(0, 8, a.Title.In(r.Lang), "", "C", false)
	pdf.Ln(2)
	pdf.SetFont("sans", "", 11)
	when := i18n.DateLong(r.Lang, a.Starts) + ", " + i18n.TimeRange(r.Lang, a.Starts, a.Ends)
	for _, line := range []string{when, a.CityName(profile.Said(r.Say), r.Lang), a.Venue.In(r.Lang), a.Address.In(r.Lang)} {
		if line != "" {
			pdf.MultiCell(0, 6, line, "", "C", false)
		}
	}
	pdf.RegisterImageOptionsReader("qr", fpdf.ImageOptions{ImageType: "PNG"}, bytes.NewReader(png))
	const side = 80.0
	width, _ := pdf.GetPageSize()
	pdf.ImageOptions("qr", (width-side)/2, pdf.GetY()+4, side, side, true, fpdf.ImageOptions{ImageType: "PNG"}, 0, "")
	pdf.SetFont("sans", "B", 26)
	pdf.CellFormat(0, 14, d.Ticket.Serial.Code(), "", 1, "C", false, 0, "")
	pdf.SetFont("sans", "", 10)
	pdf.MultiCell(0, 5, r.Say.T("seminars.ticket.help"), "", "C", false)
	var out bytes.Buffer
	if err := pdf.Output(&out); err != nil {
		return fmt.Errorf("write the ticket: %w", err)
	}
	return sendAs(r, "application/pdf", "ticket-"+a.Slug+".pdf", out.Bytes())
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
