// Package zid declares the tools of ZIdentity: the users of the organisation and the groups that they
// are in. All of them read.
package zid
