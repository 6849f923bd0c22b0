package oidcproxy

import (
	"fmt"
	"net/http"
	"time"

	"github.com/org/zscalermcp/store"
)

// compareClocks notes how far the clock behind an answer is from ours. An answer from a cache has the date of long ago.
func (d *doctor) compareClocks(r reply) {
	date, err := http.ParseTime(r.header.Get("Date"))
	if err != nil || r.header.Get("Age") != "" {
		return
	}
	ahead := date.Sub(d.p.now()).Round(time.Second)
	d.mu.Lock()
	defer d.mu.Unlock()
	if r.theirs {
		d.identity, d.seesThere = ahead, true
	} else {
		d.here, d.seesHere = ahead, true
	}
}

// clocks tells whose clock is wrong: of three, the one that two others contradict.
func (d *doctor) clocks() []Finding {
	d.mu.Lock()
	defer d.mu.Unlock()
	apart := func(a, b time.Duration) bool { return (a - b).Abs() > maxSkew }
	wrong := func(code string, severity Severity, text string) []Finding {
		return []Finding{{Code: code, Severity: severity, Text: text, Advice: "Let every machine keep its time with NTP (chronyd, systemd-timesyncd)."}}
	}
	const effect = " Then ID tokens are refused as too old or not valid yet, and nobody can sign in."
	switch wrongHere, wrongThere := d.seesHere && apart(d.here, 0), d.seesThere && apart(d.identity, 0); {
	case !d.seesHere && !d.seesThere:
		return nil
	case wrongHere && wrongThere && !apart(d.here, d.identity):
		return wrong("clock.local", SeverityError, "The clock of "+d.timekeeper()+" is "+aside(-d.identity)+" compared with the public address and the identity provider."+effect)
	case wrongThere && d.seesHere && !wrongHere:
		return wrong("clock.provider", SeverityError,
			"The clock of the identity provider is "+aside(d.identity)+" compared with "+d.timekeeper()+" and the public address; the last two may be one machine."+effect)
	case wrongThere:
		return wrong("clock.provider", SeverityError,
			"The clock of the identity provider is "+aside(d.identity)+" compared with "+d.timekeeper()+"; which of them is right cannot be told."+effect)
	case wrongHere:
		return wrong("clock.public", SeverityWarning, "The clock behind the public address is "+aside(d.here)+" compared with "+d.timekeeper()+". "+
			"If it is that of another replica, its tokens and codes are refused here; if it is only the proxy's, caches and certificates suffer.")
	}
	return []Finding{{Code: "clock.ok", Severity: SeverityOK, Text: fmt.Sprintf("The clocks agree within %s.", maxSkew)}}
}

// timekeeper is whose clock ours is.
func (d *doctor) timekeeper() string {
	if _, ok := d.p.store.(store.Timekeeper); ok {
		return "the store"
	}
	return "this machine"
}

// aside says how far a clock is off.
func aside(ahead time.Duration) string {
	if ahead < 0 {
		return (-ahead).String() + " slow"
	}
	return ahead.String() + " fast"
}
