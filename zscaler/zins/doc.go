// Package zins declares the tools of Zscaler Z-Insights: reports on web traffic, cyber security incidents, firewall traffic, SaaS applications, shadow IT and
// IoT devices. The service has one GraphQL endpoint; every tool here is one query of it and changes nothing. Times are epoch milliseconds; reports are about a
// window of 7 or 14 days that ended at least a day ago.
package zins
