// Package zia declares the tools of Zscaler Internet Access. Changes are staged: they take effect
// after zia_activate_configuration. A PUT replaces the whole object, so updates read it first.
package zia
