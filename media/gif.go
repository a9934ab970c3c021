package media

import (
	"bytes"
	"compress/lzw"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"engawa/internal/limits"
)

// gifFile is what is kept of a GIF (GIF89a specification): pixels, palettes, times and the number of rounds. Comments,
// plain text, XMP and every other extension, and whatever stands behind the end, are not.
type gifFile struct {
	w, h       int
	background byte
	global     []byte // palette, 3 bytes a colour; nil without
	loop       int    // rounds as NETSCAPE2.0 says, 0 for ever; -1 when it does not say
	frames     []gifFrame
}

type gifFrame struct {
	control    []byte // the 4 bytes of the graphic control extension; nil without
	x, y, w, h int
	interlaced bool
	palette    []byte // nil: the global one
	codeSize   byte
	data       []byte // the LZW code, without sub-blocks, up to its end
}

// readGIF reads all of b. Every frame is unpacked once to see that it has exactly its pixels and where its code ends, so
// that nothing can hide behind it. Beyond limits.GIFFrames frames or limits.GIFPixels the error is ErrTooLarge.
func readGIF(b []byte) (*gifFile, error) {
	p := &gifParser{b: b, file: gifFile{loop: -1}}
	if err := p.header(); err != nil {
		return nil, err
	}
	for range limits.GIFBlocks {
		switch mark := p.byte(); mark {
		case '!':
			p.extension()
		case ',':
			if err := p.frame(); err != nil {
				return nil, err
			}
		case ';':
			if len(p.file.frames) == 0 {
				return nil, fmt.Errorf("%w: GIF without a picture", ErrBroken)
			}
			return &p.file, nil
		default:
			p.short = true
		}
		if p.short {
			return nil, fmt.Errorf("%w: GIF ends or goes astray after %d frames", ErrBroken, len(p.file.frames))
		}
	}
	return nil, fmt.Errorf("%w: GIF of more than %d blocks", ErrTooLarge, limits.GIFBlocks)
}

// gifParser takes bytes off b; short is set when there were too few.
type gifParser struct {
	b       []byte
	short   bool
	file    gifFile
	control []byte
	pixels  int64
	lzw     io.ReadCloser
	scratch [4096]byte
}

func (p *gifParser) take(n int) []byte {
	if n > len(p.b) {
		p.short = true
		return make([]byte, n)
	}
	head := p.b[:n]
	p.b = p.b[n:]
	return head
}

func (p *gifParser) byte() byte { return p.take(1)[0] }

func (p *gifParser) header() error {
	h := p.take(13)
	f := &p.file
	f.w, f.h = int(binary.LittleEndian.Uint16(h[6:])), int(binary.LittleEndian.Uint16(h[8:]))
	f.background = h[11]
	f.global = p.palette(h[10])
	if p.short || f.w == 0 || f.h == 0 {
		return fmt.Errorf("%w: GIF without a canvas", ErrBroken)
	}
	return nil
}

// palette reads the colours that packed flags announce.
func (p *gifParser) palette(flags byte) []byte {
	if flags&0x80 == 0 {
		return nil
	}
	return p.take(3 << (flags&7 + 1))
}

func (p *gifParser) extension() {
	const graphicControl, application = 0xf9, 0xff
	label := p.byte()
	var blocks [2][]byte
	n := 0
	for size := p.byte(); size > 0 && !p.short; size = p.byte() {
		block := p.take(int(size))
		if n < len(blocks) {
			blocks[n] = block
		}
		n++
	}
	first := blocks[0]
	switch {
	case label == graphicControl && len(first) == 4:
		p.control = first
	case label == application && (string(first) == "NETSCAPE2.0" || string(first) == "ANIMEXTS1.0"):
		if loop := blocks[1]; len(loop) == 3 && loop[0] == 1 {
			p.file.loop = int(binary.LittleEndian.Uint16(loop[1:]))
		}
	}
}

func (p *gifParser) frame() error {
	d := p.take(9)
	f := gifFrame{
		control: p.control,
		x:       int(binary.LittleEndian.Uint16(d)), y: int(binary.LittleEndian.Uint16(d[2:])),
		w: int(binary.LittleEndian.Uint16(d[4:])), h: int(binary.LittleEndian.Uint16(d[6:])),
		interlaced: d[8]&0x40 != 0,
	}
	p.control = nil
	f.palette = p.palette(d[8])
	f.codeSize = p.byte()
	if p.short || f.w == 0 || f.h == 0 || f.x+f.w > p.file.w || f.y+f.h > p.file.h || f.codeSize < 2 || f.codeSize > 8 {
		return fmt.Errorf("%w: frame %d of the GIF lies outside its canvas or is none", ErrBroken, len(p.file.frames)+1)
	}
	if f.palette == nil && p.file.global == nil {
		return fmt.Errorf("%w: frame %d of the GIF has no colours", ErrBroken, len(p.file.frames)+1)
	}
	p.pixels += int64(f.w) * int64(f.h)
	if len(p.file.frames) == limits.GIFFrames || p.pixels > limits.GIFPixels {
		return fmt.Errorf("%w: GIF of more than %d frames or %d pixels in all", ErrTooLarge, limits.GIFFrames, limits.GIFPixels)
	}
	for size := p.byte(); size > 0 && !p.short; size = p.byte() {
		f.data = append(f.data, p.take(int(size))...)
	}
	n, err := p.unpack(f)
	if err != nil {
		return fmt.Errorf("%w: frame %d of the GIF: %w", ErrBroken, len(p.file.frames)+1, err)
	}
	f.data = f.data[:n:n]
	p.file.frames = append(p.file.frames, f)
	return nil
}

// unpack tells how many bytes of code give the frame's pixels.
func (p *gifParser) unpack(f gifFrame) (int, error) {
	in := bytes.NewReader(f.data)
	if p.lzw == nil {
		p.lzw = lzw.NewReader(in, lzw.LSB, int(f.codeSize))
	} else {
		p.lzw.(*lzw.Reader).Reset(in, lzw.LSB, int(f.codeSize))
	}
	for left := f.w * f.h; left > 0; {
		n, err := p.lzw.Read(p.scratch[:min(left, len(p.scratch))])
		left -= n
		if err != nil && left > 0 {
			return 0, fmt.Errorf("%d pixels are missing", left)
		}
	}
	if n, err := p.lzw.Read(p.scratch[:1]); n > 0 {
		return 0, errors.New("it has too many pixels")
	} else if err != io.EOF && err != io.ErrUnexpectedEOF { // some encoders leave out the end code
		return 0, err
	}
	return len(f.data) - in.Len(), nil
}

// bytes writes the file anew.
func (g *gifFile) bytes() []byte {
	var out []byte
	out = append(out, "GIF89a"...)
	out = binary.LittleEndian.AppendUint16(out, uint16(g.w))
	out = binary.LittleEndian.AppendUint16(out, uint16(g.h))
	out = append(out, paletteFlags(g.global)|0x70, g.background, 0)
	out = append(out, g.global...)
	if g.loop >= 0 && len(g.frames) > 1 {
		out = append(out, "!\xff\x0bNETSCAPE2.0\x03\x01"...)
		out = binary.LittleEndian.AppendUint16(out, uint16(g.loop))
		out = append(out, 0)
	}
	for i := range g.frames {
		out = g.frames[i].append(out)
	}
	return append(out, ';')
}

func (f *gifFrame) append(out []byte) []byte {
	if f.control != nil {
		out = append(out, '!', 0xf9, 4)
		out = append(out, f.control...)
		out = append(out, 0)
	}
	out = append(out, ',')
	for _, v := range [...]int{f.x, f.y, f.w, f.h} {
		out = binary.LittleEndian.AppendUint16(out, uint16(v))
	}
	flags := paletteFlags(f.palette)
	if f.interlaced {
		flags |= 0x40
	}
	out = append(out, flags)
	out = append(out, f.palette...)
	out = append(out, f.codeSize)
	for data := f.data; len(data) > 0; {
		n := min(len(data), 255)
		out = append(out, byte(n))
		out = append(out, data[:n]...)
		data = data[n:]
	}
	return append(out, 0)
}

// paletteFlags announces a palette of 2, 4, … 256 colours.
func paletteFlags(palette []byte) byte {
	if palette == nil {
		return 0
	}
	size := byte(0)
	for 3<<(size+1) < len(palette) {
		size++
	}
	return 0x80 | size
}
