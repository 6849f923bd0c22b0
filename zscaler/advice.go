package zscaler

import (
	"fmt"
	"math"
	"time"
)

// advices tells the next step for every class of failure.
var advices = map[Kind]string{
	KindPermission:  "The API client's role or the tenant's licence does not allow this, or the service is in read-only maintenance: ask an administrator, do not repeat the call",
	KindNotFound:    "Nothing has this id or path: list the objects to see the ids that exist",
	KindInvalid:     "Correct the arguments that the message names, then call again",
	KindConflict:    "The tenant's state conflicts with the call: read the object and its namesakes, then change the call",
	KindBusy:        "Another change is being saved; nothing was changed: try again in a minute",
	KindUnavailable: "The service failed: try again in a minute",
	KindBadAnswer:   "The service or a proxy before it sent an answer that is not its API's: try again in a minute, then check the gateway and cloud settings",
}

// Advice says what to do next, in one sentence without final punctuation.
func (e *APIError) Advice() string {
	kind := e.Kind()
	switch {
	case kind == KindRateLimit && e.RetryAfter > 0:
		return "Too many calls; nothing was done: wait " + seconds(e.RetryAfter) + ", then call again"
	case kind == KindRateLimit:
		return "Too many calls; nothing was done: wait a minute, then call again"
	case e.Service == TokenService:
		return e.tokenAdvice(kind)
	case kind == KindCredentials:
		return "The gateway refuses even a new access token: check that the API client is enabled and may use this service"
	case e.Data != nil:
		return "Part of the data came; the rest failed for the reason above"
	case e.Service == ZINS && e.Code == "INTERNAL_ERROR":
		return "Z-Insights answers so when it has no data for the window, or the tenant has no licence for the report: try another window of 7 or 14 days, then ask an administrator"
	case e.Service == ZINS && kind == KindInvalid:
		return "Correct the arguments: the window must be 7 or 14 days and end at least 24 hours ago, and values must be those that the tool names"
	case (kind == KindUnavailable || kind == KindBadAnswer) && e.Write:
		return "The change may have been made: read the object before calling again"
	}
	return advices[kind]
}

func (e *APIError) tokenAdvice(kind Kind) string {
	switch kind {
	case KindCredentials, KindPermission, KindInvalid, KindNotFound:
		return "Zscaler refused the API client's credentials: check ZSCALER_CLIENT_ID, ZSCALER_CLIENT_SECRET or ZSCALER_PRIVATE_KEY, ZSCALER_VANITY_DOMAIN and ZSCALER_CLOUD"
	case KindUnavailable:
		return "The token endpoint failed; nothing was done: try again in a minute"
	}
	return "The token endpoint sent no usable token: check ZSCALER_VANITY_DOMAIN, ZSCALER_CLOUD and any proxy between"
}

// Advice says what to do next, in one sentence without final punctuation.
func (e *NetworkError) Advice() string {
	if e.Sent && e.Write {
		return "The change may have been made: read the object before calling again"
	}
	return "Nothing was changed: check the network, proxy and cloud settings, then try again in a minute"
}

// Advice says what to do next, in one sentence without final punctuation.
func (e *LimitError) Advice() string {
	return "Wait " + seconds(e.RetryAfter) + ", then call again"
}

// seconds rounds up, so that a caller who waits that long has waited long enough.
func seconds(d time.Duration) string {
	n := int64(math.Ceil(d.Seconds()))
	if n == 1 {
		return "1 second"
	}
	return fmt.Sprintf("%d seconds", n)
}
