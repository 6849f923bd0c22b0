package transport

import "time"

// comment is a heartbeat: a line of an event stream that every reader passes over (WHATWG HTML, section 9.2.6).
var comment = []byte(":\n\n")

// A pulse is an answer as one of those that [Endpoint].beats watches: it is due when it has been quiet for [Config].Heartbeat. Proxies cut
// connections that are quiet for long, some after a minute.
type pulse struct{ *jsonWriter }

// deadline implements [pending]. A peer that does not read holds up its own heartbeat only.
func (p pulse) deadline(time.Time) { p.beating.Go(p.beat) }

// await begins the heartbeats of a call whose handler is about to run, if the answer is an event stream, although nothing of it was sent. From then on the
// header may go out at any time, with status 200; a refusal that comes first still has its own status.
func (j *jsonWriter) await() {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.ended.Load() || j.sent || j.quiet || j.refused != 0 || j.single || j.e.cfg.Heartbeat < 0 || !isStream(j.w.Header()) {
		return
	}
	j.quiet = true
	j.e.beats.begin(pulse{j})
}

// beat writes one heartbeat, between two events.
func (j *jsonWriter) beat() {
	if !j.mu.TryLock() { // something is being written: come again
		if j.e.beats.begin(pulse{j}); j.ended.Load() {
			j.e.beats.end(pulse{j})
		}
		return
	}
	defer j.mu.Unlock()
	if j.ended.Load() || j.broken || j.refused != 0 || j.sent && (!j.stream || j.amidst) {
		return
	}
	if !j.sent { // what the SDK may be setting right now is for a status that comes too late
		j.sent, j.stream = true, true
		j.w.Header()["X-Accel-Buffering"] = unbuffered
	}
	if _, err := j.write(comment); err != nil || j.flush() != nil {
		return // net/http ends the request of a peer that is gone
	}
	j.next()
}

// next puts the next heartbeat off. The caller holds mu.
func (j *jsonWriter) next() {
	if j.stream && !j.broken && j.e.cfg.Heartbeat > 0 {
		j.e.beats.begin(pulse{j})
	}
}
