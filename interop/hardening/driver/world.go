package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"time"
)

// A world is a server, and who asks it.
type world struct {
	o       options
	victim  *victim // nil with a server that ran already
	url     string
	gauges  string // "" if the server has none
	key     string
	callers int
	clients atomic.Int64
}

// inWorld makes a world, does what the scenario says, and ends what was started.
func inWorld(ctx context.Context, s scenario, o options) error {
	w := &world{o: o, url: o.url, gauges: o.gauges, key: os.Getenv(keyVariable), callers: 1}
	if o.url == "" {
		v, err := startVictim(ctx, o, s)
		if v != nil {
			defer v.kill()
		}
		if err != nil {
			return err
		}
		w.victim, w.url, w.gauges, w.key, w.callers = v, v.url, v.gauges, v.key, v.callers
	}
	switch {
	case w.key == "":
		return errors.New(keyVariable + " is missing")
	case s.own && w.victim == nil:
		return errors.New("this scenario needs a victim of its own; leave -url out")
	}
	err := s.run(ctx, w)
	if w.victim != nil {
		err = errors.Join(err, w.victim.check())
		if err != nil {
			err = fmt.Errorf("%w\nthe log of the victim ends with:\n%s", err, w.victim.log.end())
		}
	}
	return err
}

// keyOf is the key of one of the callers.
func (w *world) keyOf(caller int) string {
	if caller %= w.callers; caller > 0 {
		return fmt.Sprintf("%s-%d", w.key, caller)
	}
	return w.key
}

func randomKey() string { return strings.ToLower(rand.Text() + rand.Text()) }

// A state is what the victim holds.
type state struct {
	Goroutines, Descriptors int
	Heap, Stacks            uint64
	Resident, Peak          uint64
	Calls                   int64
}

// told reports whether the server has gauges.
func (w *world) told() bool { return w.gauges != "" }

// state asks the gauges; without any it is zero.
func (w *world) state(ctx context.Context) (s state, err error) {
	if !w.told() {
		return s, nil
	}
	content, err := w.ask(ctx, http.MethodGet, "/state")
	if err != nil {
		return s, err
	}
	return s, json.Unmarshal([]byte(content), &s)
}

// tenant makes the tenant of the victim fail, or work again.
func (w *world) tenant(ctx context.Context, how string) error {
	_, err := w.ask(ctx, http.MethodPost, "/tenant/"+how)
	return err
}

func (w *world) ask(ctx context.Context, method, path string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, w.gauges+path, nil)
	if err != nil {
		return "", err
	}
	req.Close = true // else the connection would count
	content, err := read(http.DefaultClient.Do(req))
	return content.body, err
}

const (
	slack = 12      // goroutines and descriptors of connections that come and go
	keeps = 2 << 10 // bytes for each of what there was: tables keep their size, for the next time
)

// settled waits until the victim holds no more than at the base: what is left after that is lost for good.
func (w *world) settled(ctx context.Context, base state, within time.Duration) (state, error) {
	var now state
	if !w.told() {
		return now, nil
	}
	err := until(ctx, within, func() (bool, error) {
		var err error
		now, err = w.state(ctx)
		return now.Goroutines <= base.Goroutines+slack && now.Descriptors <= base.Descriptors+slack && now.Calls == 0 && now.Heap <= base.Heap+base.Heap/2+(4<<20)+uint64(w.o.n*keeps), err
	})
	if errors.Is(err, errTooLong) {
		stacks, _ := w.ask(ctx, http.MethodGet, "/stacks") // the gauges answered before
		err = fmt.Errorf("something is left: %+v, at first it was %+v\n%.6000s", now, base, stacks)
	}
	return now, err
}

var errTooLong = errors.New("it takes too long")

// until waits for something.
func until(ctx context.Context, lasts time.Duration, is func() (bool, error)) error {
	ctx, cancel := context.WithTimeout(ctx, lasts)
	defer cancel()
	for {
		ok, err := is()
		if err != nil || ok {
			return err
		}
		select {
		case <-ctx.Done():
			return errTooLong
		case <-time.After(100 * time.Millisecond):
		}
	}
}
