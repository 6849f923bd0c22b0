# shellcheck shell=bash disable=SC2154
# A certified OpenID provider as the identity provider of the product, in the modes jwt and oidc: with real clients, with a change
# of the provider's keys, and without the provider. Sourced by run.

scope=zscaler:read
secret=$(od -An -v -tx1 -N32 /dev/urandom | tr -d ' \n')'%+/=' # of the provider's services; the end tells encodings apart

# script NAME ARGUMENT... runs one of ours.
script() { OIDC_SECRET=$secret timeout 30 node "$here/oidc/$1.mjs" "${@:2}"; }

# token FILE CLIENT RESOURCE [SCOPE] gets one from the provider.
token() { script token "$issuer" "$2" "$3" "${4:-$scope}" >"$tmp/$1"; }

# answers URL TOKEN STATUS [PARAMETER=VALUE...] judges the answer to one request, and its challenge.
answers() { script answers "$1" "$tmp/$2" "${@:3}"; }

# refused URL TOKEN
refused() { answers "$1" "$2" 401 error=invalid_token; }

# product NAME URL starts the product there, with the variables of the call.
product() {
  local port=${2#*//*:}
  ZSCALER_MCP_PUBLIC_URL=$2 start "$tmp/$1.log" \
    "$tmp/bin/zscaler-mcp" --demo --transport streamable-http --port "${port%%/*}" --log-format json
}

# signs_in NAME URL FORMAT: each real client finds its way from the URL to a token of that format, and to the tools.
signs_in() {
  check "oidc, $1: metadata at both places names the issuer" script metadata "$2" "$issuer" "$scope"
  for client in sdk client-legacy client-modern; do
    check "oidc, $1: $client signs in and calls tools" script sign-in "$client" "$2" "$scope" "$3"
  done
  check "oidc, $1: no token is refused, with the scope to ask for" answers "$2" none 401 error= "scope=$scope"
}

# Tokens are for the public URL, so the ports are chosen beforehand.
read -r jwt oidc opaque < <(node -e '
  const servers = ["mcp", "mcp", "opaque/mcp"].map(path => [path, require("net").createServer().listen(0, "127.0.0.1")]);
  Promise.all(servers.map(([, s]) => new Promise(done => s.once("listening", done)))).then(() => {
    console.log(servers.map(([path, s]) => `http://127.0.0.1:${s.address().port}/${path}`).join(" "));
    servers.forEach(([, s]) => s.close())
  })
')
unset ZSCALER_MCP_AUTH_API_KEY # of the other checks

OIDC_SECRET=$secret start "$tmp/provider.log" node "$here/oidc/provider.mjs"
issuer=$url provider=$pid
# The client desktop is an audience too, so that it takes more than the audience to tell its ID tokens.
ZSCALER_MCP_AUTH_MODE=jwt ZSCALER_MCP_AUTH_ACCESS_TOKENS_ONLY=true ZSCALER_MCP_AUTH_JWKS_URI=$issuer/jwks ZSCALER_MCP_AUTH_ISSUER=$issuer ZSCALER_MCP_AUTH_AUDIENCE=$jwt,desktop \
  ZSCALER_MCP_AUTH_ALGORITHMS=RS256,ES256 ZSCALER_MCP_AUTH_REQUIRED_SCOPES=$scope product jwt "$jwt"
discovery=$issuer/.well-known/openid-configuration
OIDCPROXY_BASE_URL=${oidc%/mcp} OIDCPROXY_CONFIG_URL=$discovery OIDCPROXY_REQUIRED_SCOPES=$scope \
  ZSCALER_MCP_AUTH_MODE=oidc product oidc "$oidc"
OIDCPROXY_BASE_URL=${opaque%/opaque/mcp} OIDCPROXY_CONFIG_URL=$discovery OIDCPROXY_REQUIRED_SCOPES=$scope \
  OIDCPROXY_INTROSPECTION_URL=$issuer/token/introspection OIDCPROXY_CLIENT_ID=introspector OIDCPROXY_CLIENT_SECRET=$secret \
  ZSCALER_MCP_AUTH_MODE=oidc product opaque "$opaque"

# From here on the product asks for keys, and for the opaque token, at the earliest after 30 seconds.
token rs256 service "$jwt"
token old service "$oidc"
token revoked user "$opaque"
check "oidc, jwt: a token is accepted" answers "$jwt" rs256 200
check "oidc, signature: a token is accepted" answers "$oidc" old 200
check "oidc, introspection: a token is accepted" answers "$opaque" revoked 200
later=$((SECONDS + 32))
script tell "$issuer" revoke "$tmp/revoked"

token es256 service-es256 "$jwt"
for client in sdk client-legacy client-modern; do
  check "oidc, jwt: $client calls tools, RS256" script call "$client" "$jwt" "$tmp/rs256"
  check "oidc, jwt: $client calls tools, ES256" script call "$client" "$jwt" "$tmp/es256"
done
: >"$tmp/none"
check "oidc, jwt: no token is refused, without an error" answers "$jwt" none 401 error= scope= resource_metadata=
token elsewhere service "${jwt}2"
check "oidc, jwt: a token for another resource is refused" refused "$jwt" elsewhere
token other other-scope "$jwt" zscaler:other
check "oidc, jwt: a token without the scope is refused" answers "$jwt" other 403 error=insufficient_scope "scope=$scope"
node -e '
  const [header, payload, signature] = require("fs").readFileSync(0, "utf8").trim().split(".");
  const claims = JSON.parse(Buffer.from(payload, "base64url"));
  console.log([header, Buffer.from(JSON.stringify({ ...claims, sub: "mallory" })).toString("base64url"), signature].join("."))
' <"$tmp/rs256" >"$tmp/tampered"
check "oidc, jwt: a tampered token is refused" refused "$jwt" tampered
token id id "$jwt"
check "oidc, jwt: an ID token is refused" refused "$jwt" id
token id id-nonce "$jwt"
check "oidc, jwt: an ID token with a nonce is refused" refused "$jwt" id
check "oidc, jwt: an opaque token is refused" refused "$jwt" revoked

signs_in signature "$oidc" jwt
check "oidc, signature: a token for another resource is refused" refused "$oidc" rs256
token other other-scope "$oidc" zscaler:other
check "oidc, signature: a token without the scope is refused" answers "$oidc" other 403 error=insufficient_scope "scope=$scope"

signs_in introspection "$opaque" opaque
token machine service "$opaque"
check "oidc, introspection: a token that a service got for itself is accepted" answers "$opaque" machine 200
check "oidc, introspection: a JWT is refused" refused "$opaque" rs256
token elsewhere user "${opaque}2"
check "oidc, introspection: a token for another resource is refused" refused "$opaque" elsewhere
token other user "$opaque" zscaler:other
check "oidc, introspection: a token without the scope is refused" answers "$opaque" other 403 error=insufficient_scope "scope=$scope"

OIDC_SECRET=$secret timeout 120 node "$here/oidc/steady.mjs" "$jwt" "$issuer" service "$scope" 2>"$tmp/steady.log" &
steady=$!
started[$steady]=1
sleep $((later > SECONDS ? later - SECONDS : 0))
check "oidc, introspection: a revoked token is refused" refused "$opaque" revoked

script tell "$issuer" publish
token new service "$jwt"
check "oidc, jwt: a token of the provider's new key is accepted" answers "$jwt" new 200
check "oidc, jwt: a token of the old key is accepted beside it" answers "$jwt" rs256 200
script tell "$issuer" retire
token new2 service "$oidc"
check "oidc, signature: a token of the new key is accepted" answers "$oidc" new2 200
check "oidc, signature: from then on a token of the retired key is refused" refused "$oidc" old
sleep 1
check "oidc, jwt: no call has failed meanwhile" ended "$steady" "$tmp/steady.log"

token unseen service "$jwt"
token known user "$opaque"
token unknown user "$opaque"
check "oidc, introspection: a token is accepted before the provider goes" answers "$opaque" known 200
kill "$provider"
wait "$provider" || true
unset "started[$provider]"
check "oidc, jwt: without the provider, a known token is accepted" answers "$jwt" new 200
check "oidc, jwt: without the provider, a token of a known key is accepted" answers "$jwt" unseen 200
check "oidc, introspection: without the provider, a known token is accepted" answers "$opaque" known 200
check "oidc, introspection: without the provider, another token gets 503" answers "$opaque" unknown 503
