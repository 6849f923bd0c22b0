# shellcheck shell=bash disable=SC2154
# Three processes that are one authorization server over one redis-server, all of which are ended, stopped and made slow at every step. Sourced by run.

unset ZSCALER_MCP_AUTH_API_KEY # of the other checks
driver() { timeout -k 5 180 "$tmp/bin/driver" "$@"; }

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
