#!/bin/sh
# Asks the service with a signed request. Needs SERVICE and HOST_SECRET, and the body on its input.
set -eu
body=$(mktemp)
trap 'rm -f "$body"' EXIT
cat >"$body"
encode() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }
now=$(date +%s)
claims=$(printf '{"iss":"portal","aud":"affiliates","iat":%s,"exp":%s,"jti":"%s","req":"%s","sha256":"%s"}' \
  "$now" "$((now + 60))" "$(openssl rand -hex 16)" 'POST /events' "$(openssl dgst -sha256 -r "$body" | cut -c1-64)")
signed=$(printf '{"alg":"HS256","typ":"JWT"}' | encode).$(printf '%s' "$claims" | encode)
key=$(printf '%s' "$HOST_SECRET" | od -An -tx1 | tr -d ' \n')
token=$signed.$(printf '%s' "$signed" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | encode)
curl -s -m 5 -w ' %{http_code}\n' "$SERVICE/events" --data-binary "@$body" \
  -H "Authorization: Bearer $token" -H 'Content-Type: application/json'
