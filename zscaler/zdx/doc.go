// Package zdx declares the tools of Zscaler Digital Experience: applications with their scores,
// metrics and users, devices, locations and departments. All of them read; times are epoch seconds.
package zdx
