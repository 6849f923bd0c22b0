// Package store keeps the state that must outlive a request or be shared by several processes:
// single-use marks, OAuth transactions and grants, confirmation nonces.
//
// A [Store] is a small set of atomic operations on keys with a time to live: put if absent
// ([Store.Create]), read ([Store.Get]), read once ([Store.Take]), compare and swap ([Store.Swap]),
// and removal by key or by index. That is what single use, rotation and revocation need; it is
// little enough that each backend can offer it exactly. Package storetest holds the tests that every
// implementation must pass.
//
// [NewMemory] is the store of a single process. It is bounded and never makes room by dropping a live
// entry: a forgotten single-use mark would let a token be used twice. When it is full it refuses, and
// a restart empties it.
//
// # Sealing
//
// What need not be stored is sealed and handed to the client instead. A [Keyring] derives a key per
// purpose from its master keys, so a value sealed for one purpose opens for no other, and processes
// that share the master keys open each other's values. To rotate, put a new key in front, and drop
// the old one when the longest-lived sealed value has expired.
//
// A store need not be trusted with secrets: callers use [Keyring.MAC] or a hash of a handle as the
// key and seal the value with the key as additional data, so that records neither reveal anything
// nor can be exchanged for one another.
package store
