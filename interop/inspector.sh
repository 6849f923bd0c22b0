# shellcheck shell=bash disable=SC2154
# The command line of the MCP Inspector against the product, over HTTP and stdio, in both protocol
# revisions. Sourced by run.

inspect() { timeout 60 "$here/node_modules/.bin/mcp-inspector" --cli --quiet --format json --stored-auth-only "$@"; }

# answers CONDITION ARGUMENT... succeeds when the result r of the Inspector's call meets the condition, in JavaScript.
answers() {
  inspect "${@:2}" >"$tmp/answer" || return
  node -e '
    const r = JSON.parse(require("fs").readFileSync(0)).result;
    if (new Function("r", `return ${process.argv[1]}`)(r) === true) process.exit(0);
    console.log(`not so: ${process.argv[1]}\n${JSON.stringify(r).slice(0, 2000)}`);
    process.exit(1)
  ' "$1" <"$tmp/answer"
}

# refused TEXT ARGUMENT... succeeds when the call fails and the Inspector says TEXT.
refused() {
  local status=0
  inspect "${@:2}" >"$tmp/answer" 2>&1 || status=$?
  [ "$status" != 0 ] && grep -qF -- "$1" "$tmp/answer" && return
  echo "exit status $status, and not \"$1\":"
  head -c 2000 "$tmp/answer"
  return 1
}

# calls NAME ARGUMENT... lists and calls tools of the server that the arguments lead to.
calls() {
  local era name=$1
  shift
  for era in legacy modern; do
    check "inspector, $name, $era: tools/list" answers 'r.tools.length > 0 && r.tools.every(t => t.name && t.description && t.inputSchema)' \
      --protocol-era "$era" --method tools/list "$@"
    # The names alone: without the query the rows would be objects.
    check "inspector, $name, $era: tools/call with a query" answers \
      'r.structuredContent.result.length > 1 && r.structuredContent.result.every(n => typeof n === "string" && n) && r.content[0].text === JSON.stringify(r.structuredContent.result)' \
      --protocol-era "$era" --method tools/call --tool-name zpa_list_segment_groups --tool-arg 'query=[].name' "$@"
  done
}

new_key
start_demo
http=(--transport http --server-url "$url")
calls "HTTP" "${http[@]}" --header "Authorization: Bearer $ZSCALER_MCP_AUTH_API_KEY"
calls "stdio" --transport stdio -- "$tmp/bin/zscaler-mcp" --demo
check "inspector, HTTP: no key is refused" refused "Authentication is required" "${http[@]}" --method tools/list
check "inspector, HTTP: a wrong key is refused" refused "invalid_token" "${http[@]}" --method tools/list \
  --header "Authorization: Bearer wrong-$ZSCALER_MCP_AUTH_API_KEY"
