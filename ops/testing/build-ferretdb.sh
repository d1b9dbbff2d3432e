#!/usr/bin/env bash
# Builds FerretDB 1.24.2 (SQLite backend) into the cache folder of whoever runs it: a server of the MongoDB wire protocol to test
# the job queue with where there is no MongoDB. Needs the Go toolchain and about two minutes, once. Status 2: there is no Go.
set -euo pipefail

version=v1.24.2
target="${XDG_CACHE_HOME:-$HOME/.cache}/webmetrics/ferretdb-$version/ferretdb"
[ -x "$target" ] && exit 0

PATH="$PATH:/usr/local/go/bin"
if ! command -v go >/dev/null; then
  echo "FerretDB cannot be built: there is no Go toolchain (https://go.dev/dl/)." >&2
  exit 2
fi

work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"

# `go install …@v1.24.2` asks for the list of versions, which not every module proxy gives out; requiring it does not.
printf 'module ferret\n\ngo 1.22\n\nrequire github.com/FerretDB/FerretDB %s\n' "$version" >go.mod
source=$(GOFLAGS=-mod=mod go mod download -json "github.com/FerretDB/FerretDB@$version" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')

# Built as the main module of its own copy, with its version written down: it refuses to start without.
cp -R "$source" source
chmod -R u+w source
cd source
printf '%s\n' "$version" >build/version/version.txt
CGO_ENABLED=0 GOFLAGS=-buildvcs=false go build -trimpath -o "$work/ferretdb" ./cmd/ferretdb

mkdir -p "$(dirname "$target")"
# Moved into place, so that an interrupted build leaves nothing that looks complete.
cp "$work/ferretdb" "$target.unfinished"
mv "$target.unfinished" "$target"
echo "FerretDB $version is at $target."
