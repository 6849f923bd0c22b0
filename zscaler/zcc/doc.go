// Package zcc declares the tools of Zscaler Client Connector: enrolled devices, their one-time
// passwords, forwarding profiles and trusted networks. All of them read. The service permits 100 calls
// an hour.
package zcc
