package media

import "math"

// plane is one channel of an image: pixel (x, y) is pix[y*stride+x*step]. Y, Cb and Cr of a photo are three planes of
// step 1, red, green, blue and alpha four planes of step 4 in one array.
type plane struct {
	pix          []uint8
	stride, step int
	w, h         int
}

func newPlane(w, h int) plane { return plane{make([]uint8, w*h), w, 1, w, h} }

// window is a part of a plane, in its pixels; it may begin and end within one.
type window struct{ x, y, w, h float64 }

// resample fills dst with the part win of src. Where it shrinks more than four times, a mean over whole blocks goes first
// and leaves at least a factor of two for the Catmull-Rom filter: a fraction of the time, and as sharp to the eye.
func resample(dst, src plane, win window) {
	kx, ky := blockSize(win.w, dst.w), blockSize(win.h, dst.h)
	if kx > 1 || ky > 1 {
		x0, y0 := int(win.x), int(win.y)
		x1, y1 := min(int(math.Ceil(win.x+win.w)), src.w), min(int(math.Ceil(win.y+win.h)), src.h)
		src = box(src.sub(x0, y0, x1, y1), kx, ky)
		win = window{(win.x - float64(x0)) / float64(kx), (win.y - float64(y0)) / float64(ky), win.w / float64(kx), win.h / float64(ky)}
	}
	filter(dst, src, taps(dst.w, src.w, win.x, win.w), taps(dst.h, src.h, win.y, win.h))
}

func blockSize(from float64, to int) int { return max(1, int(from/float64(to)/2)) }

func (p plane) sub(x0, y0, x1, y1 int) plane {
	p.pix = p.pix[y0*p.stride+x0*p.step:]
	p.w, p.h = x1-x0, y1-y0
	return p
}

// box gives the means of blocks of kx × ky; blocks at the right and lower edge have what is left.
func box(src plane, kx, ky int) plane {
	dst := newPlane((src.w+kx-1)/kx, (src.h+ky-1)/ky)
	sums := make([]uint32, dst.w)
	for y := range dst.h {
		clear(sums)
		rows := min(ky, src.h-y*ky)
		for r := range rows {
			addBlocks(sums, src.pix[(y*ky+r)*src.stride:], src.w, src.step, kx)
		}
		out := dst.pix[y*dst.w : (y+1)*dst.w]
		n := uint32(rows * kx)
		// Multiplying by the reciprocal is exact enough: sums are below 2^32/n·256.
		inv := (uint64(1)<<32 + uint64(n)/2) / uint64(n)
		last := src.w - (dst.w-1)*kx
		for x := range out {
			out[x] = uint8((uint64(sums[x]+n/2) * inv) >> 32)
		}
		if n := uint32(rows * last); last != kx {
			out[dst.w-1] = uint8((sums[dst.w-1] + n/2) / n)
		}
	}
	return dst
}

// addBlocks adds each run of k pixels of a row of w to its sum.
func addBlocks(sums []uint32, row []uint8, w, step, k int) {
	full := w / k
	if step == 1 {
		for x := range full {
			s := uint32(0)
			for _, v := range row[x*k : x*k+k] {
				s += uint32(v)
			}
			sums[x] += s
		}
	} else {
		at := 0
		for x := range full {
			s := uint32(0)
			for range k {
				s += uint32(row[at])
				at += step
			}
			sums[x] += s
		}
	}
	for x := full * k; x < w; x++ {
		sums[full] += uint32(row[x*step])
	}
}

// span is what one pixel is made of: weights of the source pixels from start on, in 1/16384, summing to 16384.
type span struct {
	start   int
	weights []int32
}

const (
	weightBits = 14
	weightOne  = 1 << weightBits
	midBits    = 6 // fraction bits between the horizontal and the vertical pass
)

// taps computes the spans of n pixels over the part [from, from+length) of size source pixels.
func taps(n, size int, from, length float64) []span {
	scale := length / float64(n)
	widen := max(scale, 1)
	most := int(math.Ceil(4*widen)) + 1
	all := make([]int32, 0, n*most)
	spans := make([]span, n)
	raw := make([]float64, most)
	for i := range spans {
		centre := from + (float64(i)+0.5)*scale - 0.5
		start := min(max(int(math.Ceil(centre-2*widen)), 0), size-1)
		end := min(max(int(math.Floor(centre+2*widen)), start), size-1, start+most-1)
		sum := 0.0
		for j := start; j <= end; j++ {
			raw[j-start] = catmullRom((float64(j) - centre) / widen)
			sum += raw[j-start]
		}
		at := len(all)
		all = appendWeights(all, raw[:end-start+1], sum)
		spans[i] = span{start, all[at:len(all):len(all)]}
	}
	return spans
}

// appendWeights normalises raw so that the integers sum to weightOne; the largest takes the rounding.
func appendWeights(all []int32, raw []float64, sum float64) []int32 {
	if math.Abs(sum) < 1e-9 {
		raw[0], sum = 1, 1
		clear(raw[1:])
	}
	at, left, largest := len(all), int32(weightOne), 0
	for i, v := range raw {
		w := int32(math.Round(v / sum * weightOne))
		all = append(all, w)
		left -= w
		if w > all[at+largest] {
			largest = i
		}
	}
	all[at+largest] += left
	return all
}

func catmullRom(x float64) float64 {
	switch x = math.Abs(x); {
	case x < 1:
		return (1.5*x-2.5)*x*x + 1
	case x < 2:
		return ((-0.5*x+2.5)*x-4)*x + 2
	}
	return 0
}

// filter fills dst, each source row once to the side and then, from a ring of such rows, downwards.
func filter(dst, src plane, xs, ys []span) {
	deepest := 0
	for _, s := range ys {
		deepest = max(deepest, len(s.weights))
	}
	ring := make([]int16, deepest*dst.w)
	acc := make([]int32, dst.w)
	next := ys[0].start
	for y, s := range ys {
		for next = max(next, s.start); next < s.start+len(s.weights); next++ {
			filterRow(ring[next%deepest*dst.w:][:dst.w], src.pix[next*src.stride:], src.step, xs)
		}
		clear(acc)
		for i, w := range s.weights {
			for x, v := range ring[(s.start+i)%deepest*dst.w:][:len(acc)] {
				acc[x] += w * int32(v)
			}
		}
		at := y * dst.stride
		for _, v := range acc {
			dst.pix[at] = clamp((v + 1<<(weightBits+midBits-1)) >> (weightBits + midBits))
			at += dst.step
		}
	}
}

func filterRow(out []int16, row []uint8, step int, xs []span) {
	if step == 1 {
		for x := range out {
			s := &xs[x]
			in := row[s.start:][:len(s.weights)]
			v := int32(0)
			for i, w := range s.weights {
				v += w * int32(in[i])
			}
			out[x] = int16(v >> (weightBits - midBits))
		}
		return
	}
	for x := range out {
		s, v := &xs[x], int32(0)
		at := s.start * step
		for _, w := range s.weights {
			v += w * int32(row[at])
			at += step
		}
		out[x] = int16(v >> (weightBits - midBits))
	}
}

func clamp(v int32) uint8 { return uint8(min(max(v, 0), 255)) }

// turn fills dst with src as the EXIF orientation o (2 to 8) says; dst has its sides exchanged for 5 to 8.
// It goes by squares, so that rows and columns stay in the processor's cache.
func turn(dst, src plane, o int) {
	const square = 32
	flipX, flipY, swap := o == 2 || o == 3 || o == 7 || o == 8, o == 3 || o == 4 || o == 6 || o == 7, o >= 5
	// (x, y) of dst is read from (u, v) of src.
	for y0 := 0; y0 < dst.h; y0 += square {
		for x0 := 0; x0 < dst.w; x0 += square {
			for y := y0; y < min(y0+square, dst.h); y++ {
				for x := x0; x < min(x0+square, dst.w); x++ {
					u, v := x, y
					if swap {
						u, v = y, x
					}
					if flipX {
						u = src.w - 1 - u
					}
					if flipY {
						v = src.h - 1 - v
					}
					dst.pix[y*dst.stride+x*dst.step] = src.pix[v*src.stride+u*src.step]
				}
			}
		}
	}
}
