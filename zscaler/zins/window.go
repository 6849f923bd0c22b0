package zins

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

// moment are the exact ends of a window.
type moment struct {
	StartTime int64 `json:"start_time,omitempty" in:"-" jsonschema:"Start of the window in epoch milliseconds; goes before start_days_ago. The window should then be exactly 7 or 14 days."`
	EndTime   int64 `json:"end_time,omitempty" in:"-" jsonschema:"End of the window in epoch milliseconds, at least 24 hours ago; goes before end_days_ago."`
}

// week and fortnight are windows of 7 and of 14 days when nothing is said.
type week struct {
	StartDaysAgo int `json:"start_days_ago,omitempty" in:"-" default:"9" min:"1" jsonschema:"Start of the window in days before now. A window that is not 7 or 14 days is made so by moving its start."`
	EndDaysAgo   int `json:"end_days_ago,omitempty" in:"-" default:"2" min:"1" jsonschema:"End of the window in days before now. The data is complete after one to two days."`
	moment
}

type fortnight struct {
	StartDaysAgo int `json:"start_days_ago,omitempty" in:"-" default:"16" min:"1" jsonschema:"Start of the window in days before now. A window that is not 7 or 14 days is made so by moving its start."`
	EndDaysAgo   int `json:"end_days_ago,omitempty" in:"-" default:"2" min:"1" jsonschema:"End of the window in days before now. The data is complete after one to two days."`
	moment
}

const day = 24 * time.Hour

// The windows that the service knows. One given in days becomes the nearer of the two.
const (
	shortWindow = 7 * day
	longWindow  = 14 * day
	newest      = day // data of the last day is not complete

	mostDays = 10_000 // more are as good as these: there is no such data
)

// oldest is the earliest time that can be meant: smaller numbers are seconds.
var oldest = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// window returns the ends of the window that args ask for at the time now.
func window(args tool.Args, now time.Time) (start, end time.Time, err error) {
	now = now.Truncate(time.Millisecond)
	start, exactStart := at(args, "start_time", now, "start_days_ago")
	end, exactEnd := at(args, "end_time", now, "end_days_ago")
	switch {
	case exactStart && start.Before(oldest), exactEnd && end.Before(oldest):
		return start, end, errors.New("start_time and end_time are epoch milliseconds, 13 digits: the number given is too small to be one (are these seconds?)")
	case !start.Before(end) && (exactStart || exactEnd):
		return start, end, errors.New("the start of the window must be before its end: change start_time or end_time, or give both")
	case !start.Before(end):
		return start, end, errors.New("start_days_ago must be more than end_days_ago: the window runs from the one to the other, such as from 9 days ago to 2 days ago")
	case !end.Before(now):
		return start, end, errors.New("the end of the window must be in the past: give an end_time of at least 24 hours ago")
	case now.Sub(end) < newest:
		return start, end, errors.New("the window must end at least 24 hours ago, since younger data is not complete: give an earlier end_time, or end_days_ago")
	}
	if !exactStart && !exactEnd {
		start = end.Add(-snapped(end.Sub(start)))
	}
	return start, end, nil
}

// at returns the end of a window that is given in milliseconds or, failing that, in days before now.
func at(args tool.Args, exact string, now time.Time, daysAgo string) (t time.Time, isExact bool) {
	if ms, ok := number(args, exact); ok {
		return time.UnixMilli(ms), true
	}
	days, _ := number(args, daysAgo)
	days = min(days, mostDays)
	return now.Add(-time.Duration(days) * day), false
}

// number returns an argument that is a whole number, and whether it is there.
func number(args tool.Args, name string) (int64, bool) {
	raw, _ := args.Raw(name)
	n, err := strconv.ParseInt(string(raw), 10, 64)
	return n, err == nil
}

// snapped returns the nearer of the two windows.
func snapped(span time.Duration) time.Duration {
	if span < (shortWindow+longWindow)/2 {
		return shortWindow
	}
	return longWindow
}

// setWindow sets the variables of the window.
func setWindow(_ context.Context, p *rest.Plan) error {
	start, end, err := window(p.Args, time.Now())
	if err != nil {
		return err
	}
	if err := p.SetVar("startTime", milliseconds(start)); err != nil {
		return err
	}
	return p.SetVar("endTime", milliseconds(end))
}

// tellWindow tells that the window is another than the one asked for.
func tellWindow(_ context.Context, p *rest.Plan, a *rest.Answer) error {
	from, isStart := number(p.Args, "start_days_ago")
	to, isEnd := number(p.Args, "end_days_ago")
	if p.Args.Has("start_time") || p.Args.Has("end_time") || !isStart || !isEnd {
		return nil
	}
	asked := time.Duration(min(from-to, mostDays)) * day
	if days := snapped(asked) / day; days*day != asked {
		a.Note = strings.TrimSpace(fmt.Sprintf("The report is about the %d days that ended %d days ago, since the service knows windows of 7 and of 14 days only. %s", days, to, a.Note))
	}
	return nil
}

func milliseconds(t time.Time) []byte { return strconv.AppendInt(nil, t.UnixMilli(), 10) }
