// Package ztw declares the tools of Zscaler Cloud and Branch Connector (ZTW): groups of addresses,
// network services, public cloud accounts, administrators and roles. Changes are staged: an
// administrator activates them in the portal of the service, since the vendor's server has no tool for it.
package ztw
