package transport

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"os"
	"sync"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
)

// maxPooledBody is the size up to which the memory of a body is used again.
const maxPooledBody = 64 << 10

// A body is a request body that was read to its end.
type body struct {
	buf bytes.Buffer
	bytes.Reader
}

// Close does nothing: the pool takes the memory back.
func (*body) Close() error { return nil }

// A bodyPool keeps the memory of bodies.
type bodyPool struct{ pool sync.Pool }

// read reads the body of r and puts the copy in its place. Release the copy when the request is
// answered.
func (p *bodyPool) read(w http.ResponseWriter, r *http.Request, limit int64) (*body, *refusal) {
	if r.ContentLength > limit {
		return nil, tooLarge(limit)
	}
	b, ok := p.pool.Get().(*body)
	if !ok {
		b = new(body)
	}
	if _, err := b.buf.ReadFrom(http.MaxBytesReader(w, r.Body, limit)); err != nil {
		p.release(r, b)
		if mbe := (*http.MaxBytesError)(nil); errors.As(err, &mbe) {
			return nil, tooLarge(limit)
		}
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return nil, refuseSlow
		}
		return nil, badJSON("parse error: the body could not be read to its end")
	}
	b.Reset(b.buf.Bytes())
	r.Body = b
	return b, nil
}

// release ends the use of b as the body of r.
func (p *bodyPool) release(r *http.Request, b *body) {
	r.Body = http.NoBody
	if b.buf.Cap() > maxPooledBody {
		return
	}
	b.Reset(nil)
	b.buf.Reset()
	p.pool.Put(b)
}

var refuseSlow = &refusal{
	status: http.StatusRequestTimeout, code: jsonrpc.CodeInvalidRequest, text: "invalid request: the body took too long to arrive",
}

func tooLarge(limit int64) *refusal {
	return &refusal{
		status: http.StatusRequestEntityTooLarge, code: jsonrpc.CodeInvalidRequest,
		text: fmt.Sprintf("invalid request: the message is larger than %d bytes", limit),
	}
}
