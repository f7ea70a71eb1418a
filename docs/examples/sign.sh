#!/bin/sh
# Asks the service with a signed request. Needs SERVICE and HOST_SECRET, and the body on its input.
set -eu
export LC_ALL=C
body=$(mktemp)
trap 'rm -f "$body"' EXIT
cat >"$body"
encode() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }
sha256() { openssl dgst -sha256 -binary; }
# The secret, or the digest of a long one, filled up with zeros to 64 bytes and XORed with $1.
pad() {
  for byte in $(printf '%s' "$HOST_SECRET" | if [ ${#HOST_SECRET} -gt 64 ]; then sha256; else cat; fi |
    cat - /dev/zero | head -c 64 | od -An -v -tu1); do
    printf '%b' "\\0$(printf '%o' $((byte ^ $1)))"
  done
}
# HMAC-SHA256 of its input, made of two digests: openssl's own would take the secret on its command line.
hmac() { { pad 92; { pad 54; cat; } | sha256; } | sha256; }
now=$(date +%s)
claims=$(printf '{"iss":"portal","aud":"affiliates","iat":%s,"exp":%s,"jti":"%s","req":"%s","sha256":"%s"}' \
  "$now" "$((now + 60))" "$(openssl rand -hex 16)" 'POST /events' "$(openssl dgst -sha256 -r "$body" | cut -c1-64)")
signed=$(printf '{"alg":"HS256","typ":"JWT"}' | encode).$(printf '%s' "$claims" | encode)
token=$signed.$(printf '%s' "$signed" | hmac | encode)
printf 'Authorization: Bearer %s\nContent-Type: application/json\n' "$token" |
  curl -s -m 5 -w ' %{http_code}\n' -H @- --data-binary "@$body" "$SERVICE/events"
