package tool

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/org/zscalermcp/store"
)

// confirmTTL is how long a confirmation can be answered.
const confirmTTL = 5 * time.Minute

// What confirmations are sealed for. A state must not pass as a token: a client that can ask a human
// gets states only, and could else confirm by itself.
const (
	purposeState = "tool.confirm.state"
	purposeToken = "tool.confirm.token"
)

// A digest stands for a tool and its arguments.
type digest [sha256.Size]byte

// canonical returns the digest of a call. The order of members, white space and the way that strings
// are escaped do not matter; numbers are compared as they are written.
func canonical(name string, members map[string]json.RawMessage) (digest, error) {
	dec := json.NewDecoder(bytes.NewReader(joinObject(members)))
	dec.UseNumber()
	var value any
	if err := dec.Decode(&value); err != nil {
		return digest{}, fmt.Errorf("tool: arguments: %w", err)
	}
	text, err := json.Marshal([]any{name, value}) // maps are marshalled in the order of their keys
	if err != nil {
		return digest{}, fmt.Errorf("tool: arguments: %w", err)
	}
	return sha256.Sum256(text), nil
}

// A confirmation is the sealed content of a token or a state.
type confirmation struct {
	Expires time.Time `json:"e"`
	Digest  []byte    `json:"d"`
	Nonce   string    `json:"n"`
}

// binding is what a seal holds only for. A principal's key has a fixed length, so the two cannot run
// into each other.
func (c *call) binding() []byte {
	return []byte(c.principal.Key() + " " + c.tool.spec.Name)
}

func (c *call) seal(purpose string, about digest) (string, error) {
	payload, err := json.Marshal(confirmation{Expires: c.now().Add(confirmTTL), Digest: about[:], Nonce: rand.Text()})
	if err != nil {
		return "", fmt.Errorf("tool: confirmation: %w", err)
	}
	return c.rt.Keys.Seal(purpose, payload, c.binding())
}

// now is the time by which confirmations end: that of the store where it tells the time, since the next call may be at another process.
func (c *call) now() time.Time {
	if keeper, ok := c.rt.Store.(store.Timekeeper); ok {
		return keeper.Now()
	}
	return time.Now()
}

// spend accepts a token or state for this very call, once.
func (c *call) spend(ctx context.Context, purpose, sealed string, about digest) error {
	const again = " Nothing was deleted. Call again with the same arguments and without confirmation_token to start over."
	payload, err := c.rt.Keys.Open(purpose, sealed, c.binding())
	if err != nil {
		return &refusal{text: "The confirmation is not valid for this caller and tool." + again, outcome: outcomeRefused, cause: err}
	}
	var given confirmation
	if err := json.Unmarshal(payload, &given); err != nil {
		return &refusal{text: "The confirmation is not valid." + again, outcome: outcomeRefused, cause: err}
	}
	left := given.Expires.Sub(c.now())
	switch {
	case left <= 0:
		return refuse("The confirmation has expired." + again)
	case !bytes.Equal(given.Digest, about[:]):
		return refuse("The confirmation is for other arguments." + again)
	}
	// The mark outlives the seal on machines whose clocks are a little apart.
	err = c.rt.Store.Create(ctx, "tool.confirm:"+given.Nonce, nil, left+time.Minute)
	switch {
	case errors.Is(err, store.ErrExists):
		return refuse("The confirmation has been used already." + again)
	case err != nil:
		return &refusal{text: "The confirmation could not be checked just now. Nothing was deleted; try the same call again in a moment.", outcome: outcomeRefused, cause: err}
	}
	return nil
}
