#!/usr/bin/env bash
# Runs a command with POSTGRES_URL, the address of a server of PostgreSQL of its own, from Debian's packages (postgresql-<version>):
#   ops/testing/on-postgres.sh 15 npm test -- integration
set -euo pipefail
version="$1"
shift
programs="/usr/lib/postgresql/$version/bin"
[ -x "$programs/postgres" ] || { echo "There is no $programs/postgres: install postgresql-$version." >&2; exit 1; }

folder="$(mktemp -d)"
# PostgreSQL refuses to run as root.
run=()
if [ "$(id -u)" = 0 ]; then
  chown postgres "$folder"
  run=(setpriv --reuid=postgres --regid=postgres --init-groups)
fi
stop() {
  "${run[@]}" "$programs/pg_ctl" --pgdata="$folder/data" --mode=immediate stop >/dev/null 2>&1 || true
  rm -rf "$folder"
}
trap stop EXIT

cd "$folder"
# In production one that everybody knows is refused.
password="$(head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \n')"
echo "$password" >"$folder/password"
"${run[@]}" "$programs/initdb" --pgdata="$folder/data" --username=webmetrics --pwfile="$folder/password" --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 >/dev/null
# The kernel names a free port.
port="$(node -e 'const s = require("node:net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')"
"${run[@]}" "$programs/pg_ctl" --pgdata="$folder/data" --log="$folder/log" --wait --options="-h 127.0.0.1 -p $port -k $folder \
  -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=600" start >/dev/null
cd "$OLDPWD"

POSTGRES_URL="postgres://webmetrics:$password@127.0.0.1:$port/postgres" "$@"
