# shellcheck shell=bash disable=SC2154
# The product as an authorization server in front of a certified OpenID provider: with real clients, with browsers that are not what they should be, and with
# a provider that changes its keys, goes down and loses a user. Sourced by run.

scope=zscaler:read
secret=$(od -An -v -tx1 -N32 /dev/urandom | tr -d ' \n')'%+/=' # of the application at the provider; the end tells encodings apart
proxy_script() { timeout 60 node "$here/oidcproxy/$1.mjs" "${@:2}"; }

# The redirect URIs have the product's ports, so these are chosen beforehand.
read -r rs256 es256 < <(node -e '
  const servers = [0, 0].map(() => require("net").createServer().listen(0, "127.0.0.1"));
  Promise.all(servers.map((s) => new Promise((done) => s.once("listening", done)))).then(() => {
    console.log(servers.map((s) => s.address().port).join(" "));
    servers.forEach((s) => s.close())
  })
')
unset ZSCALER_MCP_AUTH_API_KEY # of the other checks
OIDC_SECRET=$secret OIDC_PROXIES="rs256,RS256,http://127.0.0.1:$rs256/auth/callback es256,ES256,http://127.0.0.1:$es256/auth/callback" \
  start "$tmp/provider.log" node "$here/oidc/provider.mjs"
issuer=$url

# authorization_server ID PORT starts the product there, as that application of the provider.
authorization_server() {
  ZSCALER_MCP_AUTH_MODE=authorization-server OIDCPROXY_CONFIG_URL=$issuer/.well-known/openid-configuration OIDCPROXY_CLIENT_ID=$1 OIDCPROXY_CLIENT_SECRET=$secret \
    OIDCPROXY_BASE_URL=http://127.0.0.1:$2 OIDCPROXY_REQUIRED_SCOPES=$scope ZSCALER_MCP_MASTER_KEYS=$(od -An -v -tx1 -N32 /dev/urandom | tr -d ' \n') \
    start "$tmp/$1.log" "$tmp/bin/zscaler-mcp" --demo --transport streamable-http --port "$2" --log-format json --debug
}
authorization_server rs256 "$rs256"
authorization_server es256 "$es256"

for id in rs256 es256; do
  endpoint=http://127.0.0.1:${!id}/mcp
  check "oidcproxy, $id: metadata at every place" proxy_script metadata "$endpoint" "$scope"
  for client in sdk client-legacy client-modern; do
    check "oidcproxy, $id: $client registers, signs in, calls tools, refreshes, is revoked" proxy_script sign-in "$client" "$endpoint" "$scope"
  done
  check "oidcproxy, $id: browsers, codes and refusals" proxy_script browser "$endpoint"
done
sleep 31 # the product has asked for keys a moment ago
check "oidcproxy, rs256: new keys in mid-flow, an outage, a user who is disabled" proxy_script provider-trouble "http://127.0.0.1:$rs256/mcp" "$issuer"
check "oidcproxy: no secret is in the logs" bash -c '! grep -F "$1" "$2" "$3"' - "$secret" "$tmp/rs256.log" "$tmp/es256.log"
