package sheet

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

const maxMerged = 100_000 // merged areas of a sheet

// area is a rectangle of cells, from 1, with its ends.
type area struct{ top, left, bottom, right int }

// look is how a sheet shows its cells.
type look struct {
	merged []area
	hidden [][2]int // columns, from 1, first and last
}

// areaOf reads a place such as A2:C4.
func areaOf(place string) (a area, ok bool) {
	from, to, two := strings.Cut(strings.ReplaceAll(place, "$", ""), ":")
	if !two {
		return a, false
	}
	a.left, a.right, a.top, a.bottom = columnOf(from), columnOf(to), lineOfPlace(from), lineOfPlace(to)
	return a, a.left > 0 && a.top > 0 && a.right >= a.left && a.bottom >= a.top
}

func lineOfPlace(place string) int {
	n, _ := strconv.Atoi(strings.TrimLeft(strings.ToUpper(place), "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
	return n
}

// spreadMerged gives every cell of a merged area the value of its first one. Rows
// that hold nothing but their part of an area stay empty.
func (s *Sheet) spreadMerged(merged []area) error {
	filled := 0
	for _, a := range merged {
		first, there := slices.BinarySearchFunc(s.grid, a.top, func(g gridRow, line int) int { return g.line - line })
		if !there {
			continue
		}
		at, there := slices.BinarySearch(s.grid[first].columns, int32(a.left-1))
		if !there {
			continue
		}
		value := s.grid[first].cells[at]
		var kind Kind
		for _, f := range s.grid[first].flaws {
			if f.column == int32(a.left-1) {
				kind = f.kind
			}
		}
		for i := first; i < len(s.grid) && s.grid[i].line <= a.bottom; i++ {
			for column := a.left; column <= min(a.right, maxColumn); column++ {
				if filled++; filled > s.bounds.Cells {
					return beyond(a.top, a.left, "merged areas of more than the %d cells that are read", s.bounds.Cells)
				}
				s.grid[i].put(int32(column-1), value, kind)
			}
		}
	}
	return nil
}

// put fills an empty cell.
func (g *gridRow) put(column int32, value string, wrong Kind) {
	at, there := slices.BinarySearch(g.columns, column)
	if there {
		return
	}
	g.columns, g.cells = slices.Insert(g.columns, at, column), slices.Insert(g.cells, at, value)
	if wrong != "" {
		g.flaws = append(g.flaws, flaw{column, wrong})
	}
}

// Ranges writes rising numbers as people do: 2, 5–7, 9.
func Ranges(numbers []int) string {
	var parts []string
	for i := 0; i < len(numbers); {
		j := i
		for j+1 < len(numbers) && numbers[j+1] == numbers[j]+1 {
			j++
		}
		switch {
		case j == i:
			parts = append(parts, strconv.Itoa(numbers[i]))
		case j == i+1:
			parts = append(parts, strconv.Itoa(numbers[i]), strconv.Itoa(numbers[j]))
		default:
			parts = append(parts, fmt.Sprintf("%d–%d", numbers[i], numbers[j]))
		}
		i = j + 1
	}
	return strings.Join(parts, ", ")
}
