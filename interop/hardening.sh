# shellcheck shell=bash disable=SC2154
# The product as networks and strangers find it: TLS, names, addresses, origins and framing by openssl, curl and raw connections, old clients, and faults under
# load at a small size. docs/reliability.md has the figures of the full size. Sourced by run.

hard=$tmp/hardening
mkdir "$hard"
new_key
key=$ZSCALER_MCP_AUTH_API_KEY

# --- faults, which take their time beside the other checks

driver() { timeout -k 5 120 "$tmp/bin/hardening/driver" "$@"; }
declare -A disturbed=()
# begin NAME ARGUMENTS... starts a scenario, and outcome NAME waits for it.
begin() {
  local name=$1
  shift
  timeout -k 5 120 "$tmp/bin/hardening/driver" "$@" >"$hard/$name.said" 2>&1 & # by itself, so that it gets the signal that ends it
  disturbed[$name]=$!
  started[$!]=1
}
outcome() {
  unset "started[${disturbed[$1]}]"
  wait "${disturbed[$1]}" || {
    cut -c 1-400 "$hard/$1.said"
    return 1
  }
}
begin slowloris slowloris -n 40
begin outage outage -for 18s -n 12
begin idle idle -n 500 -idle 10s

# --- files

new_ec_key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$hard/$1.key" 2>"$tmp/openssl"; }
authority() {
  new_ec_key "$1" && openssl req -x509 -key "$hard/$1.key" -days 30 -subj "/CN=$1" -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign -out "$hard/$1.pem" 2>"$tmp/openssl" ||
    die "openssl: $(cat "$tmp/openssl")"
}
# certificate NAME AUTHORITY USE [x509 OPTIONS...]
certificate() {
  local name=$1 by=$2 use=$3
  shift 3
  new_ec_key "$name" && openssl req -new -key "$hard/$name.key" -subj "/CN=$name" -out "$hard/$name.csr" 2>"$tmp/openssl" &&
    openssl x509 -req -in "$hard/$name.csr" -CA "$hard/$by.pem" -CAkey "$hard/$by.key" -set_serial "0x$(od -An -v -tx1 -N8 /dev/urandom | tr -d ' ')" -days 30 \
      -extfile <(printf 'subjectAltName=IP:127.0.0.1,DNS:localhost,DNS:%s.example.com\nextendedKeyUsage=%s\nbasicConstraints=CA:FALSE\n' "$name" "$use") -out "$hard/$name.pem" "$@" 2>"$tmp/openssl" ||
    die "openssl: $(cat "$tmp/openssl")"
}
# expired NAME makes one of the year 2020, which openssl x509 cannot.
expired() {
  mkdir "$hard/ca" && : >"$hard/ca/index" && echo 01 >"$hard/ca/serial"
  printf '[ca]\ndefault_ca=x\n[x]\nnew_certs_dir=%s\ndatabase=%s/index\nserial=%s/serial\ndefault_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n' "$hard/ca" "$hard/ca" "$hard/ca" >"$hard/ca/conf"
  new_ec_key "$1" && openssl req -new -key "$hard/$1.key" -subj "/CN=$1" -out "$hard/$1.csr" 2>"$tmp/openssl" &&
    openssl ca -batch -notext -config "$hard/ca/conf" -cert "$hard/ours.pem" -keyfile "$hard/ours.key" -in "$hard/$1.csr" -out "$hard/$1.pem" \
      -startdate 20200101000000Z -enddate 20200201000000Z 2>"$tmp/openssl" || die "openssl: $(cat "$tmp/openssl")"
}
authority ours
authority theirs
certificate first ours serverAuth
certificate second ours serverAuth
certificate friend ours clientAuth
certificate stranger theirs clientAuth
expired old
openssl pkcs8 -topk8 -v2 aes-256-cbc -in "$hard/first.key" -passout pass:opensesame -out "$hard/sealed.key" 2>"$tmp/openssl" || die "openssl: $(cat "$tmp/openssl")"
openssl ec -aes256 -in "$hard/first.key" -passout pass:opensesame -out "$hard/legacy.key" 2>"$tmp/openssl" || die "openssl: $(cat "$tmp/openssl")"

# --- servers and requests

# serve NAME VARIABLES... starts the product, and sets url and pid, and address to its host and port.
serve() {
  local name=$1
  shift
  start "$hard/$name.log" env "$@" "$tmp/bin/zscaler-mcp" --demo --transport "${transport:-streamable-http}" --port 0 --log-format json
  address=${url#*//}
  address=${address%%/*}
}

# refused REASON VARIABLES...: with these the product does not start, and says why, without the password.
refused() {
  local reason=$1 status=0
  shift
  env "$@" timeout -k 5 20 "$tmp/bin/zscaler-mcp" --demo --transport streamable-http --port 0 --log-format json >"$hard/refused" 2>&1 || status=$?
  if [ "$status" != 1 ] || ! grep -Eiq -- "$reason" "$hard/refused" || grep -Fq opensesame "$hard/refused"; then
    echo "status $status; want 1, and the reason '$reason', and no password:"
    cat "$hard/refused"
    return 1
  fi
}

hello='{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"curl","version":"1"}}}'
# status CODES URL CURL-OPTIONS... succeeds if the status is one of these; 000 is no answer. The headers are in $hard/headers.
status() {
  local want=$1 to=$2 got
  shift 2
  got=$(curl -sS --noproxy '*' --max-time 10 --cacert "$hard/ours.pem" -o "$hard/body" -D "$hard/headers" -w '%{http_code}' "$@" "$to" 2>"$hard/curl") || true
  [[ " $want " = *" $got "* ]] || {
    echo "$* $to: $got, want $want"
    cat "$hard/curl" "$hard/headers" "$hard/body" 2>/dev/null
    return 1
  }
}
# call CODES URL CURL-OPTIONS... is the same for an initialize with the key.
call() {
  local want=$1 to=$2
  shift 2
  status "$want" "$to" -H "Authorization: Bearer $key" -H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream' -d "$hello" "$@"
}
# expect FILE PATTERN, and without FILE PATTERN, look into an answer.
expect() { grep -Eiq -- "$2" "$1" || { echo "no $2 in:" && cat "$1" && return 1; }; }
without() { ! grep -Ei -- "$2" "$1"; }

# --- TLS

right=(ZSCALER_MCP_TLS_CERTFILE="$hard/first.pem" ZSCALER_MCP_TLS_KEYFILE="$hard/first.key")
hosts=ZSCALER_MCP_ALLOWED_HOSTS=mcp.example.com
check "hardening: not on loopback without a certificate" refused 'TLS' ZSCALER_MCP_HOST=192.0.2.1 $hosts
check "hardening: not on all interfaces without a certificate" refused 'TLS' ZSCALER_MCP_HOST=0.0.0.0 $hosts
check "hardening: not on all interfaces without allowed hosts" refused 'ALLOWED_HOSTS' ZSCALER_MCP_HOST=0.0.0.0 "${right[@]}"
check "hardening: not with a certificate that has expired" refused 'expired' ZSCALER_MCP_TLS_CERTFILE="$hard/old.pem" ZSCALER_MCP_TLS_KEYFILE="$hard/old.key"
check "hardening: not with the key of another certificate" refused 'not that of the certificate' ZSCALER_MCP_TLS_CERTFILE="$hard/first.pem" ZSCALER_MCP_TLS_KEYFILE="$hard/second.key"
check "hardening: not with a certificate alone" refused 'without the file of its private key' ZSCALER_MCP_TLS_CERTFILE="$hard/first.pem"
check "hardening: not with a key alone" refused 'without the file of its certificate' ZSCALER_MCP_TLS_KEYFILE="$hard/first.key"
check "hardening: not with a file that is not there" refused 'no such file' ZSCALER_MCP_TLS_CERTFILE="$hard/none.pem" ZSCALER_MCP_TLS_KEYFILE="$hard/first.key"
check "hardening: not with an encrypted key without its password" refused 'PASSWORD' ZSCALER_MCP_TLS_CERTFILE="$hard/first.pem" ZSCALER_MCP_TLS_KEYFILE="$hard/sealed.key"
check "hardening: not with a wrong password" refused 'password' ZSCALER_MCP_TLS_CERTFILE="$hard/first.pem" ZSCALER_MCP_TLS_KEYFILE="$hard/legacy.key" ZSCALER_MCP_TLS_KEYFILE_PASSWORD=opensesame-not
check "hardening: not with a source address that is none" refused 'ZSCALER_MCP_ALLOWED_SOURCE_IPS' ZSCALER_MCP_ALLOWED_SOURCE_IPS=127.0.0.1,10.0.0.0/33

# unsealed KEY: an encrypted key serves with its password, which is in no log.
unsealed() {
  serve "unsealed-$1" ZSCALER_MCP_TLS_CERTFILE="$hard/first.pem" ZSCALER_MCP_TLS_KEYFILE="$hard/$1.key" ZSCALER_MCP_TLS_KEYFILE_PASSWORD=opensesame
  call 200 "$url" && without "$hard/unsealed-$1.log" opensesame && ended "$pid" "$hard/unsealed-$1.log"
}
check "hardening: a PKCS #8 key with its password" unsealed sealed
check "hardening: a legacy PEM key with its password" unsealed legacy

cp "$hard/first.pem" "$hard/served.pem"
cp "$hard/first.key" "$hard/served.key"
serve tls ZSCALER_MCP_TLS_CERTFILE="$hard/served.pem" ZSCALER_MCP_TLS_KEYFILE="$hard/served.key"
tls_url=$url tls_pid=$pid tls_address=$address
# handshake OPTIONS... is what openssl says of one. It may do what it does not by itself (@SECLEVEL=0), so that a refusal is the server's.
handshake() { timeout 10 openssl s_client -connect "$tls_address" -CAfile "$hard/ours.pem" -cipher 'ALL:@SECLEVEL=0' "$@" </dev/null >"$hard/handshake" 2>&1; }
old_version() { ! handshake "$1" && expect "$hard/handshake" 'alert protocol version'; }
new_version() { handshake "$1" -verify_return_error && expect "$hard/handshake" "$2" && expect "$hard/handshake" 'Verify return code: 0 \(ok\)'; }
check "hardening: TLS 1.0 is refused" old_version -tls1
check "hardening: TLS 1.1 is refused" old_version -tls1_1
check "hardening: TLS 1.2" new_version -tls1_2 'New, TLSv1.2'
check "hardening: TLS 1.3" new_version -tls1_3 'New, TLSv1.3'
check "hardening: TLS 1.3 where there is a choice" new_version -no_ssl3 'New, TLSv1.3'
weak() { ! handshake -tls1_2 -cipher "$1:@SECLEVEL=0" && expect "$hard/handshake" 'alert handshake failure'; }
check "hardening: no anonymous, NULL, RC4 or 3DES suites" weak 'aNULL:eNULL:RC4:3DES'
check "hardening: plain HTTP to the TLS port" status '400' "http://$tls_address/mcp"
check "hardening: a call over TLS" call 200 "$tls_url"

# serial is that of the certificate that is served.
serial() { handshake -tls1_3 && openssl x509 -in "$hard/handshake" -noout -serial; }
becomes() {
  local waited
  for ((waited = 0; waited < 60; waited++)); do
    [ "$(serial)" != "$1" ] || return 0
    sleep 0.1
  done
  echo "the certificate is $(serial), want $1"
  return 1
}
# asked sends a request on the connection that goes on, and wants an answer.
asked() {
  local line got=''
  printf 'GET /health HTTP/1.1\r\nHost: %s\r\n\r\n' "$tls_address" >&"${connection[1]}" || return 1
  while IFS= read -r -t 5 line <&"${connection[0]}"; do
    [[ $line != HTTP/1.1\ 200* ]] || got=yes
    [[ $line != *'"status"'* ]] || break
  done
  [ -n "$got" ] || { echo "no answer on the connection that goes on" && return 1; }
}
first=$(openssl x509 -in "$hard/first.pem" -noout -serial)
second=$(openssl x509 -in "$hard/second.pem" -noout -serial)
# reload: SIGHUP makes a new certificate that of new connections, and those that are there go on; what is wrong changes nothing.
reload() {
  asked && becomes "$first" || return 1
  cp "$hard/second.key" "$hard/served.key" && cp "$hard/second.pem" "$hard/served.pem" && kill -HUP "$tls_pid" && becomes "$second" && asked || return 1
  echo garbage >"$hard/served.pem" && kill -HUP "$tls_pid" && sleep 1 && becomes "$second" && asked && call 200 "$tls_url" || return 1
  expect "$hard/tls.log" '"level":"(WARN|ERROR)".*served.pem'
}
# The connection that goes on.
coproc connection { exec openssl s_client -quiet -connect "$tls_address" -CAfile "$hard/ours.pem" 2>/dev/null; }
talking=$connection_PID
started[$talking]=1
check "hardening: a new certificate, and a bad one, on SIGHUP while a connection goes on" reload
unset "started[$talking]"
kill "$talking" 2>/dev/null || true # it would wait until the server ends the idle connection
wait "$talking" 2>/dev/null || true
check "hardening: over TLS the product ends in order" ended "$tls_pid" "$hard/tls.log"

serve mutual "${right[@]}" ZSCALER_MCP_TLS_CA_CERTS="$hard/ours.pem"
check "hardening: no client certificate" call 000 "$url"
check "hardening: a client certificate of another authority" call 000 "$url" --cert "$hard/stranger.pem" --key "$hard/stranger.key"
check "hardening: a certificate of a server as that of a client" call 000 "$url" --cert "$hard/second.pem" --key "$hard/second.key"
check "hardening: a client certificate, without the API key" status 401 "$url" --cert "$hard/friend.pem" --key "$hard/friend.key" -d "$hello"
check "hardening: a client certificate and the API key" call 200 "$url" --cert "$hard/friend.pem" --key "$hard/friend.key"
check "hardening: with client certificates the product ends in order" ended "$pid" "$hard/mutual.log"

# --- names, addresses, origins, framing

serve hosts 'ZSCALER_MCP_ALLOWED_HOSTS=mcp.example.com,ports.example.com:*,one.example.com:8443,*.svc.example.com,[2001:db8::1]'
# named CODE HOST
named() { call "$1" "$url" -H "Host: $2"; }
for host in mcp.example.com MCP.Example.COM mcp.example.com. ports.example.com:1 one.example.com:8443 a.svc.example.com '[2001:db8::1]' '[2001:DB8:0::1]'; do
  check "hardening: Host $host" named 200 "$host"
done
for host in evil.example.com mcp.example.com.evil.example one.example.com:8444 svc.example.com evilsvc.example.com 'a@mcp.example.com' '[2001:db8::2]' '[2001:db8::1%25lo]' 'mcp.example.com..'; do
  check "hardening: not Host $host" named '421 400' "$host"
done
check "hardening: not the Host of a stranger, without a key" status 421 "$url" -H 'Host: evil.example.com' -d "$hello"
check "hardening: health, whatever the Host" status 200 "http://$address/health" -H 'Host: evil.example.com'
# target CODE TARGET: what the request line names counts, if it names a host.
target() { call "$1" "$url" -H "Host: mcp.example.com" --request-target "$2"; }
check "hardening: an absolute target of the right host" target 200 http://mcp.example.com/mcp
check "hardening: not an absolute target of another host" target 421 http://evil.example.com/mcp
check "hardening: hosts: the product ends in order" ended "$pid" "$hard/hosts.log"

serve sources ZSCALER_MCP_ALLOWED_SOURCE_IPS=127.0.0.2,10.0.0.0/8,2001:db8::/32 ZSCALER_MCP_TRUSTED_PROXIES=127.0.0.3 ZSCALER_MCP_PUBLIC_URL=https://mcp.example.com/mcp
# from CODE ADDRESS OPTIONS... calls from an address of loopback.
from() {
  local want=$1 source=$2
  shift 2
  call "$want" "$url" --interface "$source" -H 'Host: mcp.example.com' "$@"
}
check "hardening: an allowed source" from 200 127.0.0.2
check "hardening: not another source" from 403 127.0.0.1
check "hardening: not another source, without a key" status 403 "$url" -H 'Host: mcp.example.com' -d "$hello"
check "hardening: health for every source" status 200 "http://$address/health" -H 'Host: mcp.example.com'
check "hardening: a stranger's X-Forwarded-For says nothing" from 403 127.0.0.1 -H 'X-Forwarded-For: 10.1.1.1'
check "hardening: nor does it in the place of an allowed source" from 200 127.0.0.2 -H 'X-Forwarded-For: 192.0.2.1'
check "hardening: that of a trusted proxy does" from 200 127.0.0.3 -H 'X-Forwarded-For: 10.1.1.1'
check "hardening: its last entry alone" from 403 127.0.0.3 -H 'X-Forwarded-For: 10.1.1.1, 192.0.2.1'
check "hardening: an address in the form of IPv6" from 200 127.0.0.3 -H 'X-Forwarded-For: ::ffff:10.1.1.1'
check "hardening: sources: the product ends in order" ended "$pid" "$hard/sources.log"

serve origins ZSCALER_MCP_ALLOWED_ORIGINS=https://app.example.com
origins_pid=$pid ours=https://app.example.com
timeout -k 5 120 node "$here/hardening/page.mjs" "$url" "$(command -v chromium)" "${INTEROP_SCREENSHOTS:-}" >"$hard/page.said" 2>&1 & # a browser takes its time, too
disturbed[page]=$!
started[$!]=1
check "hardening: a page of an allowed origin" call 200 "$url" -H "Origin: $ours" -H 'Sec-Fetch-Site: cross-site'
check "hardening: it may read the answer" expect "$hard/headers" "^access-control-allow-origin: $ours"
check "hardening: and sends no cookies" without "$hard/headers" '^access-control-allow-credentials'
for origin in https://evil.example.com http://app.example.com https://app.example.com:8443 https://app.example.com.evil.example null; do
  check "hardening: not a page of $origin" call 403 "$url" -H "Origin: $origin" -H 'Sec-Fetch-Site: cross-site'
done
check "hardening: not a page of another site that hides its origin" call 403 "$url" -H 'Sec-Fetch-Site: cross-site'
# preflight ORIGIN asks as a browser does, without a key.
preflight() { status '200 204 401 403' "$url" -X OPTIONS -H "Origin: $1" -H 'Access-Control-Request-Method: POST' -H 'Access-Control-Request-Headers: authorization,content-type,mcp-protocol-version'; }
allowed_preflight() { preflight "$ours" && expect "$hard/headers" '^HTTP/1.1 20[04]' && expect "$hard/headers" "^access-control-allow-origin: $ours" && without "$hard/headers" '^access-control-allow-credentials|^www-authenticate'; }
foreign_preflight() { preflight https://evil.example.com && without "$hard/headers" '^access-control-allow-'; }
check "hardening: a preflight is answered without a key" allowed_preflight
check "hardening: not that of another origin" foreign_preflight
check "hardening: requests that could be read in two ways" driver framing -url "$url"

transport=sse serve sse
check "hardening: an old client, over SSE" timeout -k 5 30 node "$here/hardening/sse.mjs" "$url"
check "hardening: over SSE the product ends in order" ended "$pid" "$hard/sse.log"

# --- faults

check "hardening: 500 idle sessions, ended and timed out" outcome idle
check "hardening: 200 clients at once" driver crowd -n 200
check "hardening: clients that vanish in an elicitation, a call, a stream" driver vanish -n 16 -idle 4s -leave=false
check "hardening: a storm of initialize" driver storm -n 1000
check "hardening: tools that panic, hang, answer 50 MiB" driver bad-tools -n 8
check "hardening: SIGTERM under load" driver term -n 32
check "hardening: all of it, mixed" driver soak -for 6s -n 16
check "hardening: the tenant is down in three ways" outcome outage
check "hardening: slow headers and bodies, half-closed connections, answers that nobody takes" outcome slowloris
check "hardening: the page for people, in Chromium" outcome page
check "hardening: origins: the product ends in order" ended "$origins_pid" "$hard/origins.log"
