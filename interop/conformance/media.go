package main

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/png"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

const pngType = "image/png"

// redPixel is a PNG of one pixel.
func redPixel() []byte {
	img := image.NewRGBA(image.Rect(0, 0, 1, 1))
	img.Set(0, 0, color.RGBA{R: 255, A: 255})
	var b bytes.Buffer
	_ = png.Encode(&b, img) // a buffer takes everything
	return b.Bytes()
}

// silence is a WAV file of one sample: 8 bits, mono, 8000 Hz, PCM.
func silence() []byte {
	const rate, samples = 8000, 1
	b := append([]byte("RIFF"), 0, 0, 0, 0)
	b = append(b, "WAVEfmt "...)
	b = binary.LittleEndian.AppendUint32(b, 16)
	for _, field := range []uint16{1, 1, rate, 0, rate, 0, 1, 8} { // both rates have 32 bits
		b = binary.LittleEndian.AppendUint16(b, field)
	}
	b = append(b, "data"...)
	b = binary.LittleEndian.AppendUint32(b, samples)
	b = append(b, 0x80, 0) // the sample, and the padding to an even length
	binary.LittleEndian.PutUint32(b[4:], uint32(len(b)-8))
	return b
}

func picture() mcp.Content { return &mcp.ImageContent{Data: redPixel(), MIMEType: pngType} }

func embedded(uri, mimeType, content string) mcp.Content {
	return &mcp.EmbeddedResource{Resource: &mcp.ResourceContents{URI: uri, MIMEType: mimeType, Text: content}}
}
