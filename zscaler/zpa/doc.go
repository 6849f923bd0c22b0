// Package zpa declares the tools of Zscaler Private Access. Changes take effect at once. Ids are
// decimal strings of up to 18 digits and never go through a float. A PUT replaces the whole object and
// answers 204, so updates read the object first and again afterwards.
//
// Policy rules have two shapes: the service answers one operand a value (v1) and takes operands grouped
// by object type (v2). The get, create and update tools show and take the second; the list tools show
// the first, as it comes.
package zpa
