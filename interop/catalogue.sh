# shellcheck shell=bash disable=SC2154
# The official clients call every tool of the catalogue, in both protocol revisions. Sourced by run.

table=$here/../zscaler/internal/paritytest/testdata/tools.json
writes=(--enable-write-tools --write-tools '*')

# calls_tools CLIENT PATTERN PLACE... calls the tools whose names match.
calls_tools() { timeout 180 node "$here/catalogue/call.mjs" "$1" "$table" "${@:2}"; }

new_key
for client in sdk client-modern; do
  start "$tmp/catalogue.log" "$tmp/bin/zscaler-mcp" --demo --transport streamable-http --port 0 --log-format json "${writes[@]}"
  check "catalogue, HTTP: $client calls every tool" calls_tools "$client" . "$url"
  check "catalogue, HTTP: the server of $client ends in order" ended "$pid" "$tmp/catalogue.log"
  check "catalogue, stdio: $client calls the tools of rule labels and segment groups" \
    calls_tools "$client" '_(rule_label|segment_group)s?$' "$tmp/bin/zscaler-mcp" --demo "${writes[@]}"
done
