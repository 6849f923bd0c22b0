package transport

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
)

// read hands the messages of in to Read and answers lines that are none. It runs in its own
// goroutine until in ends or the connection is closed.
func (c *stdioConn) read(in io.Reader) {
	defer close(c.readerDone)
	r := bufio.NewReaderSize(in, 64<<10)
	for {
		line, tooLong, err := readLine(r, c.lineLimit)
		switch line = bytes.TrimSpace(line); {
		case tooLong:
			c.refuse(tooLarge(int64(c.lineLimit)), nil)
		case len(line) > 0:
			msg, refused := decodeLine(line, c.maxDepth)
			if refused != nil {
				c.refuse(refused, nil)
				break
			}
			select {
			case c.incoming <- msg:
			case <-c.closed:
				c.end(nil)
				return
			}
		}
		if err != nil {
			c.end(err)
			return
		}
	}
}

// readLine reads up to the next newline or the end. Of a line longer than limit it keeps nothing.
func readLine(r *bufio.Reader, limit int) (line []byte, tooLong bool, err error) {
	for {
		part, err := r.ReadSlice('\n')
		if tooLong = tooLong || len(line)+len(part) > limit; tooLong {
			line = nil
		} else {
			line = append(line, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, tooLong, err
		}
	}
}

// decodeLine decodes the message of a line. What it lets through, the SDK can read.
func decodeLine(line []byte, maxDepth int) (jsonrpc.Message, *refusal) {
	if _, refused := scan(line, maxDepth); refused != nil {
		return nil, refused
	}
	msg, err := jsonrpc.DecodeMessage(line)
	if err != nil {
		return nil, badMessage("invalid request: the line is not a JSON-RPC 2.0 message")
	}
	return msg, nil
}
