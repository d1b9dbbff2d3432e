#!/usr/bin/env bash
# Builds stripe-mock 0.203.0 into the cache folder of whoever runs it, with Stripe's published schema beside it: they judge our requests to
# Stripe and the answers of the simulator. Needs the Go toolchain and some minutes, once. Status 2: there is no Go.
set -euo pipefail

version=v0.203.0
target="${XDG_CACHE_HOME:-$HOME/.cache}/webmetrics/stripe-mock-$version"
[ -f "$target/spec3.json" ] && exit 0

PATH="$PATH:/usr/local/go/bin"
if ! command -v go >/dev/null; then
  echo "stripe-mock cannot be built: there is no Go toolchain (https://go.dev/dl/)." >&2
  exit 2
fi

mkdir -p "$target"
CGO_ENABLED=0 GOBIN="$target" go install "github.com/stripe/stripe-mock@$version"
# Moved into place last, so that an interrupted build leaves nothing that looks complete.
cp "$(go env GOMODCACHE)/github.com/stripe/stripe-mock@$version/embedded/openapi/spec3.json" "$target/spec3.unfinished"
chmod u+w "$target/spec3.unfinished"
mv "$target/spec3.unfinished" "$target/spec3.json"
echo "stripe-mock $version is at $target."
