#!/usr/bin/env bash
# Installs the judges beside this file and runs them, or those named: `ops/testing/judges/run.sh openapi`.
set -euo pipefail
cd "$(dirname "$0")"

npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
[ -x .venv/bin/python ] || python3 -m venv .venv
.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt

exec node run.js "$@"
