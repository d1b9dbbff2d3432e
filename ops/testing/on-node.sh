#!/usr/bin/env bash
# Runs a command on another Node.js: `ops/testing/on-node.sh 24 npm run test:quick`. The binary comes from the npm registry, once,
# and is kept in the user's cache folder.
set -euo pipefail

version=$1
shift
case "$(uname -m)" in x86_64) architecture=x64 ;; aarch64) architecture=arm64 ;; *) architecture=$(uname -m) ;; esac
package="node-$(uname -s | tr '[:upper:]' '[:lower:]')-$architecture"
folder="${XDG_CACHE_HOME:-$HOME/.cache}/webmetrics/node-$version"
[ -x "$folder/node_modules/$package/bin/node" ] ||
  npm install --prefix "$folder" --no-save --no-audit --no-fund --loglevel=error "$package@$version"

export PATH="$folder/node_modules/$package/bin:$PATH"
echo "On Node.js $(node --version):"
exec "$@"
