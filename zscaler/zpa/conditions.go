package zpa

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// The conditions of a policy rule are ANDed; the operands of one condition are joined by its operator.
// A condition holds operands of one object type, or of types that the service takes together. The v2
// API, for writing, has one operand an object type, with all its values; every answer has the v1
// shape, one operand a value. See the Zscaler API reference, policySetControllerV2.

// An operandForm says how the v2 API takes the values of an object type.
type operandForm uint8

const (
	valuesForm operandForm = iota + 1 // values: ids or names
	entryForm                         // entryValues: pairs of lhs and rhs
	setForm                           // entryValues whose rhs is "true" for each member of a set
)

// An objectType is what a condition can look at.
type objectType struct {
	form   operandForm
	family string // types with the same family may share a condition; "" stands alone
	lhs    string // what stands left, for error texts
	rhs    string // what stands right, or a value
}

// objectTypes is never modified.
var objectTypes = map[string]objectType{
	"APP":                    {valuesForm, "app", "", "application segment id"},
	"APP_GROUP":              {valuesForm, "app", "", "segment group id"},
	"CLIENT_TYPE":            {valuesForm, "", "", "client type such as zpn_client_type_exporter"},
	"CONSOLE":                {valuesForm, "", "", "console id"},
	"MACHINE_GRP":            {valuesForm, "", "", "machine group id"},
	"LOCATION":               {valuesForm, "", "", "location id"},
	"BRANCH_CONNECTOR_GROUP": {valuesForm, "", "", "branch connector group id"},
	"EDGE_CONNECTOR_GROUP":   {valuesForm, "", "", "edge connector group id"},
	"CHROME_POSTURE_PROFILE": {valuesForm, "chrome", "", "Chrome posture profile id"},
	"USER_PORTAL":            {valuesForm, "", "", "user portal id"},
	"PRIVILEGE_PORTAL":       {valuesForm, "", "", "privileged portal id"},
	"SAML":                   {entryForm, "identity", "SAML attribute id", "attribute value"},
	"SCIM":                   {entryForm, "identity", "SCIM header id", "attribute value"},
	"SCIM_GROUP":             {entryForm, "identity", "IdP id", "SCIM group id"},
	"POSTURE":                {entryForm, "", "posture UDID", "true or false"},
	"RISK_FACTOR_TYPE":       {entryForm, "", "ZIA", "UNKNOWN, LOW, MEDIUM, HIGH or CRITICAL"},
	"CHROME_ENTERPRISE":      {entryForm, "chrome", "managed", "true or false"},
	"PLATFORM":               {setForm, "", "linux, android, ios, mac or windows", "true"},
	"COUNTRY_CODE":           {setForm, "", "ISO country code", "true"},
	"TRUSTED_NETWORK":        {setForm, "", "trusted network id", "true"},
}

// usage says how the values of a type are written in conditions.
func (t objectType) usage() string {
	if t.form == valuesForm {
		return `values: ["` + t.rhs + `"]`
	}
	return `entryValues: [{"lhs": "` + t.lhs + `", "rhs": "` + t.rhs + `"}]`
}

// familyOf returns what operands of the type may share a condition by.
func familyOf(name string) string {
	if family := objectTypes[name].family; family != "" {
		return family
	}
	return name
}

// typeNames lists the object types for error texts.
func typeNames() string { return strings.Join(slices.Sorted(maps.Keys(objectTypes)), ", ") }

// A condition is an element of conditions in the form that the v2 API takes.
type condition struct {
	members  object // members besides operator and operands, such as negated
	operator string
	operands []operand
}

// MarshalJSON returns the condition for the wire.
func (c condition) MarshalJSON() ([]byte, error) {
	all := maps.Clone(c.members)
	if all == nil {
		all = object{}
	}
	operands := c.operands
	if operands == nil {
		operands = []operand{}
	}
	all["operator"], all["operands"] = encode(c.operator), encode(operands)
	return encode(all), nil
}

// An operand holds the values of one object type.
type operand struct {
	objectType string
	entries    []entry
	verbatim   json.RawMessage // an operand that this package cannot regroup; then nothing else is set
}

// An entry is a value; lhs is empty where the type takes plain values.
type entry struct {
	LHS string `json:"lhs"`
	RHS string `json:"rhs"`
}

// MarshalJSON returns the operand for the wire.
func (o operand) MarshalJSON() ([]byte, error) {
	if o.verbatim != nil {
		return o.verbatim, nil
	}
	wire := object{"objectType": encode(o.objectType)}
	if objectTypes[o.objectType].form != valuesForm {
		wire["entryValues"] = encode(o.entries)
		return encode(wire), nil
	}
	values := make([]string, len(o.entries))
	for i, e := range o.entries {
		values[i] = e.RHS
	}
	wire["values"] = encode(values)
	return encode(wire), nil
}

// add appends an operand to the condition; operands of one type become one, each value once.
func (c *condition) add(o operand) {
	i := slices.IndexFunc(c.operands, func(have operand) bool {
		return o.verbatim == nil && have.verbatim == nil && have.objectType == o.objectType
	})
	if i < 0 {
		i = len(c.operands)
		c.operands = append(c.operands, operand{objectType: o.objectType, verbatim: o.verbatim})
	}
	for _, e := range o.entries {
		if !slices.Contains(c.operands[i].entries, e) {
			c.operands[i].entries = append(c.operands[i].entries, e)
		}
	}
}

// conditionsOwned are the members of conditions and operands that the service sets.
var conditionsOwned = []string{
	"id", "name", "conditionId", "creationTime", "modifiedTime", "modifiedBy",
	"microtenantId", "microtenantName", "idpId", "idpName",
}

// withoutOwned returns a copy of o without what the service owns and without the named members.
func withoutOwned(o object, names ...string) object {
	kept := maps.Clone(o)
	maps.DeleteFunc(kept, func(name string, _ json.RawMessage) bool {
		return slices.Contains(conditionsOwned, name) || slices.Contains(names, name)
	})
	return kept
}
