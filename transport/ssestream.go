package transport

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
)

var errStreamEnded = errors.New("transport: the event stream has ended")

// An eventStream writes server-sent events (WHATWG HTML, section 9.2). Whatever writes to w
// does so with write: nothing comes to stand within an event, and nothing is written when the stream has ended.
type eventStream struct {
	mu    sync.Mutex
	w     http.ResponseWriter // with a deadline for each write, see answers
	ended bool
}

// begin sends the header. The error is [http.ErrNotSupported] when nothing was sent, because w cannot stream.
func (s *eventStream) begin() error {
	h := s.w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store, no-transform") // a proxy that compresses would keep events back
	h.Set("X-Accel-Buffering", "no")
	return s.flush()
}

// event writes an event, whose data are one line. See write.
func (s *eventStream) event(name string, data []byte, taken func()) error {
	return s.write(slices.Concat([]byte("event: "+name+"\ndata: "), data, []byte("\n\n")), taken)
}

// write writes one block that ends with an empty line: an event, or the comment of a heartbeat. After an error the stream has ended. It calls
// taken in any case, and before the client can have the block as a whole, so that the client finds free what an answer has occupied.
func (s *eventStream) write(block []byte, taken func()) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		taken()
		return errStreamEnded
	}
	last := len(block) - 1
	_, err := s.w.Write(block[:last])
	taken()
	if err == nil {
		_, err = s.w.Write(block[last:])
	}
	if err == nil {
		err = s.flush()
	}
	if err != nil {
		s.ended = true
		return fmt.Errorf("transport: writing an event: %w", err)
	}
	return nil
}

func (s *eventStream) flush() error { return http.NewResponseController(s.w).Flush() }

// end returns when nobody writes any more.
func (s *eventStream) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = true
}
