// Package zdx declares the tools of Zscaler Digital Experience: applications with their scores,
// metrics and users, devices, locations and departments; alerts; installed software; probes, deep traces
// and analyses. Only deep traces and analyses are started and deleted. Times are epoch seconds.
package zdx
