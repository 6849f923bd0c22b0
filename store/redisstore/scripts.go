package redisstore

import (
	"crypto/sha1" //nolint:gosec // the name that the server gives to a script
	"encoding/hex"
)

// A script is one that the server keeps, by its hash.
type script struct{ source, hash string }

func newScript(source string) *script {
	source = prelude + source
	sum := sha1.Sum([]byte(source)) //nolint:gosec // see above
	return &script{source, hex.EncodeToString(sum[:])}
}

// prelude is in front of every script. Each answers with the time, and then with what it has done.
//
// An entry is kept through the millisecond at which it ends (at), and none of the milliseconds after it, in its indexes too: so at is the last one that is
// wholly within its time to live. Numbers are written out, since Lua would write large ones with an exponent.
const prelude = `
local time = redis.call('TIME')
local micros = time[1] * 1000000 + time[2]
local now = math.floor(micros / 1000)
local function text(n) return string.format('%.0f', n) end
local function ends(ttl) return math.max(now + 1, math.floor((micros + ttl) / 1000) - 1) end
local function answer(...) return {time[1], time[2], ...} end

-- The names of the indexes, each after its length in two bytes, then two zeros and the value.
local function split(entry)
  local names, at = {}, 1
  while true do
    local high, low = string.byte(entry, at, at + 1)
    local size = high * 256 + low
    at = at + 2
    if size == 0 then return names, string.sub(entry, 1, at - 1), string.sub(entry, at) end
    names[#names + 1] = string.sub(entry, at, at + size - 1)
    at = at + size
  end
end

-- Puts a key into an index, which lives as long as the longest of its keys. Keys that have ended are dropped, a few each time.
local function enlist(index, key, at)
  for _, old in ipairs(redis.call('ZRANGEBYSCORE', index, '-inf', '(' .. text(now), 'LIMIT', 0, 8)) do redis.call('ZREM', index, old) end
  redis.call('ZADD', index, text(at), key)
  redis.call('PEXPIREAT', index, text(tonumber(redis.call('ZRANGE', index, -1, -1, 'WITHSCORES')[2])))
end

local function remove(entry, names, prefix, key)
  redis.call('DEL', entry)
  for _, name in ipairs(names) do redis.call('ZREM', prefix .. name, key) end
end

local function replace(entry, names, prefix, key, content, ttl)
  local at = ends(ttl)
  redis.call('SET', entry, content, 'PXAT', text(at))
  for _, name in ipairs(names) do enlist(prefix .. name, key, at) end
end
`

// What a script answers after the time.
const (
	done     = 1
	absent   = 0
	refused  = -1 // there is one, or it is another
	atStatus = 2  // place in the answer
	atValue  = 3
)

// KEYS: the entry, its indexes. ARGV: the key, the entry's content, its time to live in microseconds.
var scriptCreate = newScript(`
local at = ends(ARGV[3])
for i = 2, #KEYS do redis.call('ZRANGE', KEYS[i], 0, 0) end -- what is no index shows before anything is written
if not redis.call('SET', KEYS[1], ARGV[2], 'NX', 'PXAT', text(at)) then return answer(-1) end
for i = 2, #KEYS do enlist(KEYS[i], ARGV[1], at) end
return answer(1)
`)

// KEYS: the entry.
var scriptGet = newScript(`
local entry = redis.call('GET', KEYS[1])
if not entry then return answer(0) end
return answer(1, entry)
`)

// KEYS: the entry. ARGV: the key, the prefix of indexes.
var scriptTake = newScript(`
local entry = redis.call('GET', KEYS[1])
if not entry then return answer(0) end
local names, _, value = split(entry)
remove(KEYS[1], names, ARGV[2], ARGV[1])
return answer(1, value)
`)

// As scriptTake, but the value stays where it is.
var scriptDelete = newScript(`
local entry = redis.call('GET', KEYS[1])
if not entry then return answer(0) end
remove(KEYS[1], (split(entry)), ARGV[2], ARGV[1])
return answer(1)
`)

// KEYS: the entry. ARGV: the key, the prefix of indexes, the new value, its time to live, the old value.
var scriptSwap = newScript(`
local entry = redis.call('GET', KEYS[1])
if not entry then return answer(0) end
local names, head, value = split(entry)
if value ~= ARGV[5] then return answer(-1) end
replace(KEYS[1], names, ARGV[2], ARGV[1], head .. ARGV[3], ARGV[4])
return answer(1)
`)

// KEYS: the entry. ARGV: the key, the prefix of indexes, the new value, its time to live.
var scriptExchange = newScript(`
local entry = redis.call('GET', KEYS[1])
if not entry then return answer(0) end
local names, head, value = split(entry)
replace(KEYS[1], names, ARGV[2], ARGV[1], head .. ARGV[3], ARGV[4])
return answer(1, value)
`)

// KEYS: the index.
var scriptList = newScript(`
return answer(1, redis.call('ZRANGEBYSCORE', KEYS[1], text(now), '+inf'))
`)

// KEYS: the index. ARGV: its name, the prefix of indexes, that of entries. A server that has lost a part of its data may have a key in an index of which the
// entry knows nothing: that one stays, as does what is no entry of ours.
var scriptDeleteIndex = newScript(`
local count = 0
for _, key in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], text(now), '+inf')) do
  local entry = redis.call('GET', ARGV[3] .. key)
  if entry then
    local ours, names = pcall(split, entry)
    for _, name in ipairs(ours and names or {}) do
      if name == ARGV[1] then
        remove(ARGV[3] .. key, names, ARGV[2], key)
        count = count + 1
        break
      end
    end
  end
end
redis.call('DEL', KEYS[1])
return answer(count)
`)

// KEYS: the bucket. ARGV: microseconds until one more is in it, how many it holds. The bucket is kept as the time at which it will be full (GCRA). What is
// beyond the time that an empty one needs was left by a clock that has been set back since, or by a lower limit, and is put right.
var scriptLimit = newScript(`
local interval = tonumber(ARGV[1])
local filling = interval * ARGV[2]
local found = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), micros)
local full = math.min(found, micros + filling)
local wait = full + interval - filling - micros
if wait <= 0 then full = full + interval end
if wait <= 0 or full < found then redis.call('SET', KEYS[1], text(full), 'PXAT', text(math.ceil(full / 1000))) end
if wait > 0 then return answer(0, text(wait)) end
return answer(1)
`)
