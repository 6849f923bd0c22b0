# shellcheck shell=bash disable=SC2154
# The product as an authorization server behind nginx: a configuration that is right, of which zscaler-mcp --doctor says nothing, and those that people get
# wrong, each of which it names. The identity provider is the one of examples/oidcproxy. Sourced by run.

site=$tmp/nginx
mkdir "$site"
as_nobody=()
if [ "$(id -u)" = 0 ]; then # nginx needs no rights, and gets none
  chmod 711 "$tmp"
  as_nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
fi

# answers PORT succeeds if something listens there.
answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# free_port sets port to one where nothing listens, below those that are given to clients.
free_port() {
  for ((port = 20000 + RANDOM % 10000; ; port++)); do
    answers "$port" || return 0
  done
}

# certificate NAME SAN makes a certificate that signs itself.
certificate() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "/CN=$1" -addext "subjectAltName=$2" \
    -keyout "$site/$1.key" -out "$site/$1.pem" 2>"$tmp/openssl" || die "openssl: $(cat "$tmp/openssl")"
}
certificate right IP:127.0.0.1
certificate other DNS:other.example.com
printf 'somebody:{PLAIN}password\n' >"$site/passwords"

free_port
public=$port
free_port
while [ "$port" = "$public" ]; do free_port; done
product=$port
free_port
while [ "$port" = "$public" ] || [ "$port" = "$product" ]; do free_port; done
below=$port
origin=https://127.0.0.1:$public
export SSL_CERT_FILE=$site/right.pem

"$tmp/bin/oidcproxy" -idp -origin "$origin" >"$tmp/idp.log" 2>&1 &
started[$!]=1
for ((waited = 0; waited < 200; waited++)); do
  discovery=$(sed -n 's/.*OIDCPROXY_CONFIG_URL=//p' "$tmp/idp.log")
  secret=$(sed -n 's/.*OIDCPROXY_CLIENT_SECRET=\([^ ]*\).*/\1/p' "$tmp/idp.log")
  [ -z "$discovery" ] || break
  sleep 0.05
done
[ -n "$discovery" ] && [ -n "$secret" ] || die "the identity provider does not start: $(cat "$tmp/idp.log")"
export ZSCALER_MCP_AUTH_MODE=authorization-server OIDCPROXY_CONFIG_URL=$discovery OIDCPROXY_CLIENT_ID=mcp OIDCPROXY_CLIENT_SECRET=$secret OIDCPROXY_REQUIRED_SCOPES=zscaler:read
ZSCALER_MCP_MASTER_KEYS=$(od -An -v -tx1 -N32 /dev/urandom | tr -d ' \n')
export ZSCALER_MCP_MASTER_KEYS ZSCALER_MCP_TRUSTED_PROXIES=127.0.0.1 ZSCALER_MCP_TRANSPORT=streamable-http

# nginx_with LISTEN CERTIFICATE SERVER ends the nginx before and starts one with these directives in its server block.
nginx_pid=''
nginx_with() {
  local waited
  end_nginx
  cat >"$site/conf" <<CONF
daemon off;
worker_processes 1;
pid $site/pid;
error_log stderr;
events {}
http {
  access_log off;
  client_body_temp_path $site/body;
  proxy_temp_path $site/proxy;
  fastcgi_temp_path $site/fastcgi;
  uwsgi_temp_path $site/uwsgi;
  scgi_temp_path $site/scgi;
  upstream product { server 127.0.0.1:$product; }
  upstream below { server 127.0.0.1:$below; }
  upstream nobody { server 127.0.0.1:1; }
  ssl_certificate $site/$2.pem;
  ssl_certificate_key $site/$2.key;
  proxy_http_version 1.1;
  proxy_buffering off;
  server {
    listen 127.0.0.1:$public $1;
    proxy_set_header Host \$host;
    proxy_set_header X-Forwarded-For \$remote_addr;
    $3
  }
}
CONF
  [ ${#as_nobody[@]} = 0 ] || chown -R 65534:65534 "$site"
  "${as_nobody[@]}" nginx -p "$site" -e stderr -c "$site/conf" >"$tmp/nginx.log" 2>&1 &
  nginx_pid=$!
  started[$nginx_pid]=1
  for ((waited = 0; waited < 100; waited++)); do
    ! answers "$public" || return 0
    sleep 0.05
  done
  cat "$tmp/nginx.log"
  return 1
}

end_nginx() {
  [ -n "$nginx_pid" ] || return 0
  unset "started[$nginx_pid]"
  kill "$nginx_pid" && wait "$nginx_pid" || true
  nginx_pid=''
}

# diagnosed CODES BASE LISTEN CERTIFICATE SERVER: with such an nginx the doctor finds these errors and warnings and no others, and exits with 1 if one is an error.
diagnosed() {
  local found status=0
  nginx_with "$3" "$4" "$5" || return 1
  OIDCPROXY_BASE_URL=$2 "$tmp/bin/zscaler-mcp" --demo --doctor >"$tmp/report" 2>"$tmp/doctor.log" || status=$?
  found=$(sed -nE 's/^(error|warning) +([a-z_.]+)$/\2/p' "$tmp/report" | sort -u | paste -sd ' ')
  if [ "$found" != "$1" ] || { grep -q '^error ' "$tmp/report" && [ "$status" != 1 ]; } || { ! grep -q '^error ' "$tmp/report" && [ "$status" != 0 ]; }; then
    echo "found '$found', status $status; want '$1'"
    cat "$tmp/report" "$tmp/doctor.log" "$tmp/nginx.log"
    return 1
  fi
  ! grep -F -e "$secret" -e "$ZSCALER_MCP_MASTER_KEYS" -e eyJ "$tmp/report" "$tmp/doctor.log"
}

everything='location / { proxy_pass http://product; }'
nginx_with ssl right "$everything" || die "nginx does not start"
OIDCPROXY_BASE_URL=$origin start "$tmp/product.log" "$tmp/bin/zscaler-mcp" --demo --port "$product" --log-format json
OIDCPROXY_BASE_URL=$origin/svc/mcp ZSCALER_MCP_SELF_CHECK=false start "$tmp/below.log" "$tmp/bin/zscaler-mcp" --demo --port "$below" --log-format json

# visited: the product has looked at itself after its start, and found nothing wrong.
visited() {
  local waited
  for ((waited = 0; waited < 200; waited++)); do
    ! grep -q '"msg":"doctor: ' "$tmp/product.log" || break
    sleep 0.05
  done
  grep '"msg":"doctor: ' "$tmp/product.log" | tee /dev/stderr | grep -q 'answer as they should'
}
check "doctor: after the start, nothing is wrong" visited

# named CODES WHAT SERVER is a check of one mistake in nginx's configuration.
named() { check "doctor: nginx, $2" diagnosed "$1" "$origin" ssl right "$3"; }

named '' 'as it should be' "$everything"
named '' 'as it should be, path by path' 'location = /mcp { proxy_pass http://product; } location /mcp/ { proxy_pass http://product; } location /.well-known/ { proxy_pass http://product; }
  location ~ ^/(authorize|consent|token|revoke|register|jwks|auth/callback)$ { proxy_pass http://product; }'
check "doctor: nginx, below a path, as it should be" diagnosed '' "$origin/svc/mcp" ssl right 'location / { proxy_pass http://below; }'
named 'metadata.missing path.missing' 'the endpoint alone is passed on' 'location /mcp { proxy_pass http://product; } location / { return 404; }'
named 'path.changed' 'another path' "location /mcp { proxy_pass http://product/api/mcp; } $everything"
check "doctor: nginx, a prefix taken away" diagnosed 'path.stripped' "$origin/svc/mcp" ssl right 'location /svc/ { proxy_pass http://below/; } location / { proxy_pass http://below; }'
named 'path.stripped' '/.well-known taken away' "location /.well-known/ { proxy_pass http://product/; } $everything"
named 'metadata.not_json' 'a page in the place of metadata' "location /.well-known/ { default_type text/html; return 200 '<!doctype html><title>Welcome</title>'; } $everything"
check "doctor: nginx, http for https" diagnosed 'tls.plain' "$origin" '' right "$everything"
check "doctor: nginx, the certificate of another name" diagnosed 'tls.name' "$origin" ssl other "$everything"
SSL_CERT_FILE=$site/other.pem check "doctor: nginx, a certificate of nobody's" diagnosed 'tls.authority' "$origin" ssl right "$everything"
named 'scheme.http' 'a redirect to http' 'location / { return 301 http://$host$request_uri; }'
named 'redirect.slash' 'a redirect to a slash' "location /mcp/ { proxy_pass http://product; } $everything"
named 'redirect.host' 'a sign-in of its own' 'location / { return 302 https://login.example.com/; }'
named 'header.authorization_lost' 'Authorization lost' "proxy_set_header Authorization ''; $everything"
named 'header.challenge_lost' 'WWW-Authenticate hidden' "proxy_hide_header WWW-Authenticate; $everything"
named 'cors.doubled' 'CORS twice' "add_header Access-Control-Allow-Origin * always; $everything"
named 'cors.missing' 'CORS hidden' "proxy_hide_header Access-Control-Allow-Origin; $everything"
named 'cors.preflight' 'OPTIONS answered by nginx' 'location / { if ($request_method = OPTIONS) { return 204; } proxy_pass http://product; }'
named 'header.csp_doubled' 'a policy for pages of its own' "add_header Content-Security-Policy \"default-src 'self'\" always; $everything"
named 'proxy.guarded' 'a password' "auth_basic staff; auth_basic_user_file $site/passwords; $everything"
named 'proxy.no_server' 'nobody behind' 'location / { proxy_pass http://nobody; }'
named 'host.changed' 'the Host header of the upstream' 'location / { proxy_set_header Host product; proxy_pass http://product; }'
named 'body.lost' 'no bodies' "proxy_pass_request_body off; proxy_set_header Content-Length ''; $everything"
end_nginx
check "doctor: nobody listens" bash -c '! OIDCPROXY_BASE_URL=$0 "$1" --demo --doctor >"$2" && grep -q "^error *connect.refused" "$2"' "$origin" "$tmp/bin/zscaler-mcp" "$tmp/report"
OIDCPROXY_CLIENT_SECRET=wrong check "doctor: a wrong secret of the application" diagnosed 'provider.secret' "$origin" ssl right "$everything"
ZSCALER_MCP_MASTER_KEYS=$(od -An -v -tx1 -N32 /dev/urandom | tr -d ' \n') check "doctor: a replica with other master keys" diagnosed 'keys.differ' "$origin" ssl right "$everything"
end_nginx
check "doctor: the product ends in order" ended "$pid" "$tmp/below.log"
unset SSL_CERT_FILE ZSCALER_MCP_AUTH_MODE OIDCPROXY_CONFIG_URL OIDCPROXY_CLIENT_ID OIDCPROXY_CLIENT_SECRET OIDCPROXY_REQUIRED_SCOPES ZSCALER_MCP_MASTER_KEYS ZSCALER_MCP_TRUSTED_PROXIES ZSCALER_MCP_TRANSPORT
