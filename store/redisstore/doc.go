// Package redisstore is a [store.Store] in Redis or Valkey, for services of more than one replica.
//
//	shared, err := redisstore.New(ctx, redisstore.Config{URL: "rediss://zscalermcp:PASSWORD@redis.example.com:6379/0"})
//
// Every method is one round trip: a script where it takes more than one command, and a plain GET to read. A script runs alone on the server, which makes
// each method atomic. Nothing is retried after an error of the network, since a lost answer to Create would come back as "it exists", and one to Take as
// "there is none": the error is returned, and the caller knows that the answer is not known.
//
// A [Store] is a [store.Exchanger] too, a [store.Timekeeper] that tells the time of the server, and it has a [Limiter] for all replicas together.
//
// # What it needs of the server
//
// Redis 6.2 or Valkey, and the primary: what a replica of the server tells may be old, and a token that was used once could be used again.
//
//   - maxmemory-policy noeviction. A mark that was evicted lets a token be used twice, and an evicted grant signs a user out.
//   - appendonly yes, with appendfsync everysec or always. Without it a restart of the server signs everybody out.
//   - A user who may run the commands of the scripts on keys below the prefix. These are all, and select for a database other than 0:
//
// The line of the ACL:
//
//	ACL SETUSER zscalermcp on >PASSWORD resetchannels ~{zscalermcp}:* +eval +evalsha +get +set +del +zadd +zrem +zrange +zrangebyscore +pexpireat +time +info
//
// info is for the check at the start alone, and can be left out.
//
// # Keys
//
// Below the prefix are entries (k:), indexes (i:), which are sorted sets by the time at which their keys end, and the buckets of the limiter (l:). All end by
// themselves. An entry holds the names of its indexes in front of its value, so that all of them are kept in step by one script. The scripts compute the names
// of those keys, and all keys of one script must be on one node: the prefix holds a hash tag, so that in a cluster the whole store is in one slot.
//
// # Failover
//
// Replication is asynchronous: a primary that fails takes with it what it has acknowledged in the last moments. A mark of these moments is lost (a code or a
// refresh token of these moments could be used once more, by whoever holds it), as is a rotation (the client's next refresh may be refused, and the user
// signs in again). WAIT would cost a second round trip for every call and does not exclude it either. While there is no primary, methods return errors.
package redisstore
