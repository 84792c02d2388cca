package document

import (
	"fmt"

	"github.com/skip2/go-qrcode"
)

// QR draws a text as a QR of medium correction, with its quiet zone of four modules around.
func QR(text string) (d Drawing, err error) {
	code, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		return d, fmt.Errorf("document: draw the QR: %w", err)
	}
	rows := code.Bitmap()
	d.Width, d.Height = float64(len(rows)), float64(len(rows))
	for y, row := range rows {
		for x := 0; x < len(row); x++ {
			from := x
			for x < len(row) && row[x] {
				x++
			}
			if x > from {
				// A hair higher than a module, so that no printer leaves a white line between two.
				d.Shapes = append(d.Shapes, Bar{X: float64(from), Y: float64(y), Width: float64(x - from), Height: 1.02})
			}
		}
	}
	return d, nil
}
