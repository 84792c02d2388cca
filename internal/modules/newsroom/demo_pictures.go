package newsroom

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
)

// The pictures of the demo are drawn here: nobody is in them, and they are nobody else's.

// horn is the ram's horn of the house, its one ornament, as Bézier curves in a square of
// 24: a beginning, two handles and an end each.
var horn = [...][8]float64{
	{12, 23, 12, 20, 12, 16, 12, 13},
	{12, 13, 12, 6, 7.5, 3, 4.4, 4.4},
	{4.4, 4.4, 1.6, 5.7, 2, 10, 5, 10.2},
	{5, 10.2, 7.2, 10.3, 7.9, 7.8, 6.4, 6.9},
	{12, 13, 12, 6, 16.5, 3, 19.6, 4.4},
	{19.6, 4.4, 22.4, 5.7, 22, 10, 19, 10.2},
	{19, 10.2, 16.8, 10.3, 16.1, 7.8, 17.6, 6.9},
	{7, 23, 10, 23, 14, 23, 17, 23},
}

// drawLogo draws the horn in a square of side pixels, on a ground that may be transparent.
func drawLogo(side int, ink, ground color.NRGBA) ([]byte, error) {
	pic := image.NewNRGBA(image.Rect(0, 0, side, side))
	covered := make([]float64, side*side)
	scale := float64(side) / 28
	radius := 0.95 * scale
	for _, c := range horn {
		for step := range 201 {
			t := float64(step) / 200
			at := func(i int) float64 {
				return math.Pow(1-t, 3)*c[i] + 3*t*math.Pow(1-t, 2)*c[i+2] + 3*t*t*(1-t)*c[i+4] + t*t*t*c[i+6]
			}
			cx, cy := (at(0)+2)*scale, (at(1)+0.5)*scale
			for y := max(0, int(cy-radius-1)); y < min(side, int(cy+radius+2)); y++ {
				for x := max(0, int(cx-radius-1)); x < min(side, int(cx+radius+2)); x++ {
					part := radius + 0.5 - math.Hypot(float64(x)+0.5-cx, float64(y)+0.5-cy)
					covered[y*side+x] = max(covered[y*side+x], min(max(part, 0), 1))
				}
			}
		}
	}
	for i, part := range covered {
		mix := func(a, b uint8) uint8 { return uint8(math.Round(float64(a) + (float64(b)-float64(a))*part)) }
		p := color.NRGBA{mix(ground.R, ink.R), mix(ground.G, ink.G), mix(ground.B, ink.B), mix(ground.A, ink.A)}
		if ground.A == 0 {
			p.R, p.G, p.B = ink.R, ink.G, ink.B
		}
		pic.SetNRGBA(i%side, i/side, p)
	}
	var b bytes.Buffer
	err := png.Encode(&b, pic)
	return b.Bytes(), err
}

// drawLake draws mountains behind a lake in the evening.
func drawLake(width, height int) ([]byte, error) {
	pic := image.NewRGBA(image.Rect(0, 0, width, height))
	shore := float64(height) * 0.62
	blend := func(a, b [3]float64, t float64) (out [3]float64) {
		for i := range out {
			out[i] = a[i] + (b[i]-a[i])*min(max(t, 0), 1)
		}
		return out
	}
	high, low := [3]float64{58, 104, 152}, [3]float64{247, 214, 170}
	ranges := []struct {
		colour           [3]float64
		base, rise, wave float64
	}{{[3]float64{142, 155, 180}, 0.36, 0.13, 3.1}, {[3]float64{92, 112, 140}, 0.47, 0.10, 5.3}, {[3]float64{44, 66, 74}, 0.57, 0.06, 8.7}}
	land := func(x, y float64) [3]float64 { // above the shore
		out := blend(high, low, y/shore)
		for _, m := range ranges {
			u := x / float64(width) * m.wave
			ridge := math.Abs(math.Sin(u*1.7+m.wave)) + 0.5*math.Abs(math.Sin(u*3.9+1)) + 0.22*math.Abs(math.Sin(u*9.1+2)) + 0.1*math.Sin(u*23)
			top := (m.base - m.rise*(ridge-0.6)) * float64(height)
			if y >= top {
				out = blend(m.colour, low, 0.45*(y-top)/(shore-top+1))
				if m.wave < 4 && y < top+0.05*float64(height)*math.Abs(math.Sin(u*5)) {
					out = [3]float64{236, 238, 244} // snow
				}
			}
		}
		return out
	}
	for y := range height {
		for x := range width {
			fx, fy := float64(x), float64(y)
			p := [3]float64{}
			if fy < shore {
				p = land(fx, fy)
			} else {
				depth := (fy - shore) / (float64(height) - shore)
				ripple := math.Sin(fy*0.9+8*math.Sin(fx*0.004)) * (1 + 5*depth)
				p = blend(land(min(max(fx+ripple*2, 0), float64(width-1)), max(0, shore-(fy-shore)*1.5)), [3]float64{20, 72, 112}, 0.35+0.45*depth)
			}
			pic.SetRGBA(x, y, color.RGBA{uint8(p[0]), uint8(p[1]), uint8(p[2]), 255})
		}
	}
	var b bytes.Buffer
	err := jpeg.Encode(&b, pic, &jpeg.Options{Quality: 88})
	return b.Bytes(), err
}
