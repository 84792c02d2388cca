package files

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/draw"
)

// orientation reads how a JPEG is to be turned, 1 to 8 of the EXIF standard
// (CIPA DC-008, tag 0x0112); 1, as it lies, when nothing says otherwise.
// Telephones write pictures as the sensor lies and note the turn beside them.
func orientation(raw []byte) int {
	for at := 2; at+4 <= len(raw) && raw[at] == 0xFF; {
		marker, length := raw[at+1], int(binary.BigEndian.Uint16(raw[at+2:]))
		if marker == 0xDA || length < 2 || at+2+length > len(raw) {
			return 1
		}
		body := raw[at+4 : at+2+length]
		if tiff, is := bytes.CutPrefix(body, []byte("Exif\x00\x00")); marker == 0xE1 && is {
			return turnOf(tiff)
		}
		at += 2 + length
	}
	return 1
}

// turnOf looks for the tag in the first directory of a TIFF header.
func turnOf(tiff []byte) int {
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	first := int64(order.Uint32(tiff[4:]))
	if first+2 > int64(len(tiff)) {
		return 1
	}
	entries := tiff[first+2:]
	for range order.Uint16(tiff[first:]) {
		if len(entries) < 12 {
			return 1
		}
		if order.Uint16(entries) == 0x0112 {
			if n := int(order.Uint16(entries[8:])); n >= 1 && n <= 8 {
				return n
			}
			return 1
		}
		entries = entries[12:]
	}
	return 1
}

// turn gives a picture as it is meant to be seen.
func turn(pic image.Image, orientation int) image.Image {
	if orientation <= 1 || orientation > 8 {
		return pic
	}
	width, height := pic.Bounds().Dx(), pic.Bounds().Dy()
	lies := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(lies, lies.Rect, pic, pic.Bounds().Min, draw.Src)
	seen := image.Rect(0, 0, width, height)
	if orientation >= 5 { // lies on its side
		seen = image.Rect(0, 0, height, width)
	}
	out := image.NewRGBA(seen)
	for y := range seen.Dy() {
		for x := range seen.Dx() {
			fx, fy := x, y // where the pixel stands in the file
			switch orientation {
			case 2:
				fx = width - 1 - x
			case 3:
				fx, fy = width-1-x, height-1-y
			case 4:
				fy = height - 1 - y
			case 5:
				fx, fy = y, x
			case 6:
				fx, fy = y, height-1-x
			case 7:
				fx, fy = width-1-y, height-1-x
			case 8:
				fx, fy = width-1-y, x
			}
			copy(out.Pix[out.PixOffset(x, y):][:4], lies.Pix[lies.PixOffset(fx, fy):])
		}
	}
	return out
}
