package zpa

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

// ruleInput is the arguments of a tool that writes a rule.
type ruleInput interface {
	// place returns the rule ("" when it is new) and the microtenant that the call is about.
	place() (rule, microtenant string)
	// fields adds the members of the rule that were sent, under their wire names.
	fields(w *ruleWriter)
	// wanted returns the conditions argument.
	wanted() json.RawMessage
}

// A ruleWriter collects the members of a rule, and the first mistake among them.
type ruleWriter struct {
	members object
	err     error
}

func (w *ruleWriter) text(name string, value *string) {
	if value != nil {
		w.members[name] = encode(*value)
	}
}

func (w *ruleWriter) nonempty(name string, value *string) {
	if value != nil && *value != "" {
		w.members[name] = encode(*value)
	}
}

func (w *ruleWriter) ids(name string, ids []string) {
	if ids == nil {
		return
	}
	refs := make([]map[string]string, len(ids))
	for i, id := range ids {
		refs[i] = map[string]string{"id": id}
	}
	w.members[name] = encode(refs)
}

var seconds = regexp.MustCompile(`^(-1|[0-9]{1,10})$`)

func (w *ruleWriter) seconds(name, argument string, value *string) {
	if value == nil || *value == "" {
		return
	}
	if !seconds.MatchString(*value) {
		w.err = fmt.Errorf("argument %q: must be a number of seconds such as \"3600\", or \"-1\" for never; %q is neither", argument, *value)
		return
	}
	w.members[name] = encode(*value)
}

func (r newRule) fields(w *ruleWriter) {
	action := strings.ToUpper(r.ActionType)
	w.text("name", &r.Name)
	w.text("action", &action)
}

func (r ruleChange) fields(w *ruleWriter) {
	w.nonempty("name", r.Name)
	if r.ActionType != nil {
		action := strings.ToUpper(*r.ActionType)
		w.nonempty("action", &action)
	}
}

func (r ruleText) fields(w *ruleWriter) { w.text("description", r.Description) }
func (r isolationProfile) fields(w *ruleWriter) {
	w.text("zpnIsolationProfileId", r.ZPNIsolationProfileID)
}
func (r inspectionProfile) fields(w *ruleWriter) {
	w.text("zpnInspectionProfileId", r.ZPNInspectionProfileID)
}
func (r timeoutMessage) fields(w *ruleWriter) { w.text("customMsg", r.CustomMsg) }

func (r accessGroups) fields(w *ruleWriter) {
	w.ids("appConnectorGroups", r.AppConnectorGroupIDs)
	w.ids("appServerGroups", r.AppServerGroupIDs)
}

func (r ruleScope) place() (rule, microtenant string) { return "", r.MicrotenantID }
func (r ruleID) place() (rule, microtenant string)    { return r.RuleID, r.MicrotenantID }
func (r criteria) wanted() json.RawMessage            { return r.Conditions }

func writeAll(w *ruleWriter, parts ...interface{ fields(*ruleWriter) }) {
	for _, part := range parts {
		part.fields(w)
	}
}

func (r newAccessRule) fields(w *ruleWriter) {
	w.ids("appConnectorGroups", []string{})
	w.ids("appServerGroups", []string{})
	writeAll(w, r.newRule, r.ruleText, r.accessGroups)
}
func (r accessRuleChange) fields(w *ruleWriter) {
	writeAll(w, r.ruleChange, r.ruleText, r.accessGroups)
}
func (r newForwardingRule) fields(w *ruleWriter)    { writeAll(w, r.newRule, r.ruleText) }
func (r forwardingRuleChange) fields(w *ruleWriter) { writeAll(w, r.ruleChange, r.ruleText) }
func (r newIsolationRule) fields(w *ruleWriter) {
	writeAll(w, r.newRule, r.isolationProfile, r.ruleText)
}
func (r isolationRuleChange) fields(w *ruleWriter) {
	writeAll(w, r.ruleChange, r.isolationProfile, r.ruleText)
}
func (r newProtectionRule) fields(w *ruleWriter) {
	writeAll(w, r.newRule, r.inspectionProfile, r.ruleText)
}
func (r protectionRuleChange) fields(w *ruleWriter) {
	writeAll(w, r.ruleChange, r.inspectionProfile, r.ruleText)
}

func (r newTimeoutRule) fields(w *ruleWriter) {
	writeAll(w, r.ruleText, r.timeoutMessage)
	w.text("name", &r.Name)
	w.seconds("reauthTimeout", "reauth_timeout", &r.ReauthTimeout)
	w.seconds("reauthIdleTimeout", "reauth_idle_timeout", &r.ReauthIdleTimeout)
}

func (r timeoutRuleChange) fields(w *ruleWriter) {
	writeAll(w, r.ruleText, r.timeoutMessage)
	w.nonempty("name", r.Name) // and not the action, which is always the same
	w.seconds("reauthTimeout", "reauth_timeout", r.ReauthTimeout)
	w.seconds("reauthIdleTimeout", "reauth_idle_timeout", r.ReauthIdleTimeout)
}
