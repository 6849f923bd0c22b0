// Package zcell declares the tools of Zscaler Cellular: SIMs and their usage, location groups, anomaly policies and violations, network events, regions, tags,
// and the audit log. All of them read, also those that search by POST. Reports over time look back a number of days from now; on the wire times are epoch
// seconds. The customer id of the service, which is another than that of ZPA, comes from the configuration.
package zcell
