# shellcheck shell=bash disable=SC2154
# Three processes that are one authorization server over one redis-server, all of which are ended, stopped and made slow at every step. Sourced by run.

unset ZSCALER_MCP_AUTH_API_KEY # of the other checks
driver() { timeout -k 5 180 "$tmp/bin/driver" "$@"; }

# redis_for_tests starts a server that the tests of the store have for themselves, and sets port.
redis_for_tests() {
  local tries pid
  mkdir "$tmp/redis"
  for tries in 1 2 3 4 5; do
    port=$((20000 + RANDOM % 20000)) # mostly free; else the next one
    redis-server --port "$port" --bind 127.0.0.1 --unixsocket "$tmp/redis/socket" --save "" --appendonly yes --dir "$tmp/redis" >"$tmp/redis/log" 2>&1 &
    pid=$!
    for _ in {1..100}; do
      ! grep -q "Ready to accept connections" "$tmp/redis/log" || { started[$pid]=1 && return; }
      kill -0 "$pid" 2>/dev/null || break
      sleep 0.05
    done
    kill "$pid" 2>/dev/null || true
  done
  cat "$tmp/redis/log" >&2
  die "redis-server does not start"
}
# store_tests runs all tests of the store, with none that is skipped for want of a server.
store_tests() {
  (cd "$here/../store/redisstore" && REDISSTORE_TEST_URL=redis://127.0.0.1:$port timeout -k 5 300 "$tmp/bin/redisstore.test" -test.v >"$tmp/store.log" 2>&1) || {
    grep -A 20 -e '--- FAIL' -e '^panic' "$tmp/store.log"
    return 1
  }
  ! grep -e '--- SKIP' "$tmp/store.log" && grep -q -e '--- PASS: TestStoreOnAServer' "$tmp/store.log"
}

redis_for_tests
# What waits for the leases of replicas that have died begins at once, since it takes half a minute each, and has its turn at the end.
declare -A disturbed=()
for scenario in kill crash restart stop stall; do
  timeout -k 5 180 "$tmp/bin/driver" "$scenario" >"$tmp/$scenario.said" 2>&1 & # by itself, so that it gets the signal that ends it
  disturbed[$scenario]=$!
  started[$!]=1
done
# outcome SCENARIO waits for one of them.
outcome() {
  unset "started[${disturbed[$1]}]"
  wait "${disturbed[$1]}" || {
    cat "$tmp/$1.said"
    return 1
  }
}

check "replicas: the tests of the store, on a real server" store_tests
check "replicas: each step of the flow at another one, in every order" driver flow
check "replicas: the same, for a client with a metadata document" driver documents
check "replicas: a sign-in is 6 commands of Redis, a refresh 3, a call 1" driver commands
check "replicas: 60 uses at once of a refresh token, and of a code" driver races
check "replicas: a revocation is seen by all within 5 seconds" driver revocation
check "replicas: 100 ms for each command" driver slow
check "replicas: clocks an hour apart" driver clocks
check "replicas: Redis loses its data" driver loss
check "replicas: Redis is away for longer than the answer of the identity provider can be saved" driver away
check "replicas: kill -9 of one at each step" outcome kill
check "replicas: kill -9 of Redis at each step" outcome crash
check "replicas: Redis restarted at each step" outcome restart
check "replicas: Redis paused at each step, what it is sent is done late" outcome stop
check "replicas: Redis paused at each step, what it is sent is lost" outcome stall
check "replicas: throughput, a short run" driver -for 1s -grants 150 throughput
