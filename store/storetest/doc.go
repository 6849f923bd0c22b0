// Package storetest tests implementations of [store.Store]: what each method does and leaves alone,
// expiry, indexes, ownership of values, ended contexts, and atomicity among concurrent callers.
package storetest
