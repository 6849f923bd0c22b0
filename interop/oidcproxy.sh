# shellcheck shell=bash disable=SC2154
# The product as an authorization server in front of a certified OpenID provider: with real clients, with browsers that are not what they should be, and with
# a provider that changes its keys, goes down and loses a user. Sourced by run.

scope=zscaler:read
secret=$(od -An -v -tx1 -N32 /dev/urandom | tr -d ' \n')'%+/=' # of the application at the provider; the end tells encodings apart
proxy_script() { OIDCPROXY_SECRETS=$tmp/secrets timeout 60 node "$here/oidcproxy/$1.mjs" "${@:2}"; }

# Two sites with the same pages, MCP clients in the browser; the product at rs256 will allow the first.
start "$tmp/listed.log" node "$here/oidcproxy/web-site.mjs"
listed=$url
start "$tmp/other.log" node "$here/oidcproxy/web-site.mjs"
other=$url

# The redirect URIs have the product's ports, so these are chosen beforehand.
read -r rs256 es256 documents registers < <(node -e '
  const servers = [0, 0, 0, 0].map(() => require("net").createServer().listen(0, "127.0.0.1"));
  Promise.all(servers.map((s) => new Promise((done) => s.once("listening", done)))).then(() => {
    console.log(servers.map((s) => s.address().port).join(" "));
    servers.forEach((s) => s.close())
  })
')
unset ZSCALER_MCP_AUTH_API_KEY # of the other checks
OIDC_SECRET=$secret OIDC_PROXIES="rs256,RS256,http://127.0.0.1:$rs256/auth/callback es256,ES256,http://127.0.0.1:$es256/auth/callback \
documents,RS256,http://127.0.0.1:$documents/auth/callback registers,RS256,http://127.0.0.1:$registers/auth/callback" \
  start "$tmp/provider.log" node "$here/oidc/provider.mjs"
issuer=$url provider=$pid

# authorization_server ID PORT starts the product there, as that application of the provider.
authorization_server() {
  ZSCALER_MCP_AUTH_MODE=authorization-server OIDCPROXY_CONFIG_URL=$issuer/.well-known/openid-configuration OIDCPROXY_CLIENT_ID=$1 OIDCPROXY_CLIENT_SECRET=$secret \
    OIDCPROXY_BASE_URL=http://127.0.0.1:$2 OIDCPROXY_REQUIRED_SCOPES=$scope ZSCALER_MCP_MASTER_KEYS=$(od -An -v -tx1 -N32 /dev/urandom | tr -d ' \n') \
    start "$tmp/$1.log" "$tmp/bin/zscaler-mcp" --demo --transport streamable-http --port "$2" --log-format json --debug
}
ZSCALER_MCP_ALLOWED_ORIGINS=$listed authorization_server rs256 "$rs256"
authorization_server es256 "$es256"
# The same from code, with a client that has a metadata document, which the first reads and the second does not.
for id in documents registers; do
  OIDC_SECRET=$secret start "$tmp/$id.log" "$tmp/bin/documents" -issuer "$issuer" -client "$id" -port "${!id}" -scope "$scope" -documents "$([ "$id" = documents ] && echo on || echo off)"
done

for id in rs256 es256; do
  endpoint=http://127.0.0.1:${!id}/mcp
  check "oidcproxy, $id: metadata at every place" proxy_script metadata "$endpoint" "$scope"
  for client in sdk client-legacy client-modern; do
    check "oidcproxy, $id: $client registers, signs in, calls tools, refreshes, is revoked" proxy_script sign-in "$client" "$endpoint" "$scope"
  done
  check "oidcproxy, $id: browsers, codes and refusals" proxy_script browser "$endpoint"
done
document=https://client.example.com/oauth/client.json
for client in sdk client-legacy client-modern; do
  check "oidcproxy, documents: $client, by its metadata document, signs in, calls tools, refreshes, is revoked" proxy_script sign-in "$client" "http://127.0.0.1:$documents/mcp" "$scope" "$document"
  check "oidcproxy, documents off: $client registers although it has a document" proxy_script sign-in "$client" "http://127.0.0.1:$registers/mcp" "$scope" "$document" registers
done
# registrations LOG NUMBER: so many clients have registered, and signed somebody in.
registrations() { grep -q '"msg":"oauth.token_issued"' "$1" && [ "$(grep -c '"msg":"oauth.registered"' "$1")" = "$2" ]; }
check "oidcproxy, documents: nobody has registered" registrations "$tmp/documents.log" 0
check "oidcproxy, documents off: each client has registered once" registrations "$tmp/registers.log" 3
for scenario in authorization-server-metadata-endpoint authorization-code-grant; do
  check "oidcproxy, rs256: conformance-2026, $scenario" proxy_script conformance "$scenario" "http://127.0.0.1:$rs256/mcp" "$here/node_modules/conformance-2026/dist/index.js"
done
# Programs that open a browser by themselves get one that answers.
export BROWSER=$here/oidcproxy/open.mjs MCP_AUTO_OPEN_ENABLED=true MCP_REMOTE_CONFIG_DIR=$tmp/mcp-remote
check "oidcproxy, rs256: mcp-remote registers, signs in and calls tools" proxy_script remote "http://127.0.0.1:$rs256/mcp" "$here/node_modules/mcp-remote/dist/proxy.js"
BROWSER=/bin/false check "oidcproxy, rs256: mcp-remote starts again with what it has stored, without a browser" proxy_script remote "http://127.0.0.1:$rs256/mcp" "$here/node_modules/mcp-remote/dist/proxy.js"
inspector() { timeout 60 "$here/node_modules/.bin/mcp-inspector" --cli --quiet --format json --transport http --server-url "http://127.0.0.1:$rs256/mcp" --method tools/list | grep -q inputSchema; }
check "oidcproxy, rs256: the Inspector's command line registers, signs in and lists tools" inspector

mkdir -p "${INTEROP_SCREENSHOTS:=$tmp/screenshots}"
check "oidcproxy, rs256: Chromium, on every page, in two sizes and two colour schemes" timeout 180 node "$here/oidcproxy/chromium.mjs" "http://127.0.0.1:$rs256/mcp" "$(command -v chromium)" "$INTEROP_SCREENSHOTS"
check "oidcproxy, documents: Chromium, on the consent page with the verified origin" timeout 120 node "$here/oidcproxy/verified-origin.mjs" "http://127.0.0.1:$documents/mcp" "$(command -v chromium)" "$document" "$INTEROP_SCREENSHOTS"
for client in sdk client-legacy client-modern; do
  check "oidcproxy, rs256: $client in a page of an allowed origin registers, signs in and calls a tool; in pages of others it cannot" proxy_script web-client \
    "$client" "http://127.0.0.1:$rs256/mcp" "$scope" "$(command -v chromium)" "$listed" "$other" "${listed/localhost/127.0.0.1}"
done
check "oidcproxy, rs256: the Inspector's page (0.x, direct) of an allowed origin registers, signs in and calls a tool; in pages of others it cannot" proxy_script inspector-web \
  "http://127.0.0.1:$rs256/mcp" "$scope" "$(command -v chromium)" "$listed" "$other" "${listed/localhost/127.0.0.1}"
sleep 31 # the product has asked for keys a moment ago
for id in rs256 es256; do
  check "oidcproxy, $id: new keys in mid-flow, an outage, a user who is disabled" proxy_script provider-trouble "http://127.0.0.1:${!id}/mcp" "$issuer"
done
check "oidcproxy, es256: the provider is gone" proxy_script gone "http://127.0.0.1:$es256/mcp" "$provider"
kill "$provider" 2>/dev/null || true # if the check has failed before
wait "$provider" || true
unset "started[$provider]"
# silent LOG: it tells of sign-ins, and holds neither the secret, nor any of the codes and tokens that browser and client have seen, nor a JWT.
silent() {
  grep -q '"msg":"oauth.login"' "$1" && [ "$(grep -c . "$tmp/secrets")" -ge 10 ] || return 1
  ! grep -F -e "$secret" -e eyJ -f "$tmp/secrets" "$1"
}
for id in rs256 es256 documents registers; do check "oidcproxy, $id: the log has sign-ins and no secret" silent "$tmp/$id.log"; done
