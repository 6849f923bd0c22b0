package transport

// pieceSize is a part of a long answer, for which a client has its time to take it: longer ones would end slow clients, however steadily they read.
const pieceSize = 64 << 10

// inPieces writes p in parts of pieceSize.
func inPieces(p []byte, write func([]byte) (int, error)) (n int, err error) {
	for len(p)-n > pieceSize {
		taken, err := write(p[n : n+pieceSize])
		if n += taken; err != nil {
			return n, err
		}
	}
	taken, err := write(p[n:])
	return n + taken, err
}
