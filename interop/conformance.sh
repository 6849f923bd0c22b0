# shellcheck shell=bash disable=SC2154
# The MCP conformance suite, for both protocol revisions, against the fixture server and against the
# product. Sourced by run.

# behind_proxy NAME puts keyproxy in front of the server at $url, since the suite cannot send a key.
behind_proxy() { start "$tmp/$1-proxy.log" "$tmp/bin/keyproxy" -target "$url"; }

# suite PACKAGE BASELINE OPTION... fails when a scenario fails or warns that the baseline does not list,
# or when one passes that it does.
suite() {
  local results
  results=$(mktemp -d "$tmp/results.XXXX")
  timeout 120 node "$here/node_modules/$1/dist/index.js" server --url "$url" --suite all \
    --expected-failures "$here/conformance/$2" --output-dir "$results" "${@:3}" >"$tmp/suite" 2>&1 &&
    grep -q '^Total: [1-9]' "$tmp/suite" && return
  sed -n '/=== SUMMARY/,$p' "$tmp/suite"
  [ -s "$tmp/suite" ] && grep -q '=== SUMMARY' "$tmp/suite" || tail -n 5 "$tmp/suite" | cut -c -500
  node -e '
    const fs = require("fs");
    for (const file of process.argv.slice(1))
      for (const c of JSON.parse(fs.readFileSync(file)))
        if (c.status === "FAILURE" || c.status === "WARNING") console.log(`${c.status} ${c.id}: ${c.errorMessage ?? c.description}`)
  ' "$results"/*/checks.json
  return 1
}

# suites NAME BASELINE judges the server at $url in both revisions.
suites() {
  check "conformance-2025 of $1, 2025-11-25" suite conformance-2025 "$2"
  check "conformance-2026 of $1, 2025-11-25" suite conformance-2026 "$2" --spec-version 2025-11-25
  check "conformance-2026 of $1, 2026-07-28" suite conformance-2026 "$2" --spec-version 2026-07-28
}

# closed succeeds when the server at $url answers 401 to a caller without key.
closed() {
  node -e '
    fetch(process.argv[1], {method: "POST"}).then(answer => {
      console.log(`status ${answer.status}`);
      process.exitCode = answer.status === 401 ? 0 : 1
    })
  ' "$url"
}

new_key

start "$tmp/fixture.log" "$tmp/bin/conformance"
fixture=$pid
check "the fixture server wants the key" closed
behind_proxy fixture
suites "the fixture server" fixture.yml
check "the fixture server ends in order" ended "$fixture" "$tmp/fixture.log"

start_demo
demo=$pid
behind_proxy demo
suites "zscaler-mcp" demo.yml
check "zscaler-mcp ends in order" ended "$demo" "$tmp/demo.log"
