#!/usr/bin/env bash
# Solves pglib-uc instances with Egret and HiGHS, for a table beside wattbit's.
#
#     benchmarks/peers/run.sh OUT.jsonl [flags of run.py] FILES|DIR...
#
# Installs the packages of requirements.txt into a virtual environment, $PEERS_VENV
# or a folder in the user's cache, unless they are there.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
venv=${PEERS_VENV:-${XDG_CACHE_HOME:-$HOME/.cache}/wattbit/peers}

[ $# -ge 2 ] || { sed -n '2,7s/^# \{0,1\}//p' "$0" >&2; exit 2; }
if ! cmp -s "$here/requirements.txt" "$venv/requirements.txt"; then
	python3 -m venv "$venv"
	"$venv/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
	cp "$here/requirements.txt" "$venv/requirements.txt"
fi
exec "$venv/bin/python" -B "$here/run.py" "$@"
