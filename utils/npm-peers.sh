#!/bin/sh
# Puts PIGATO's own peers, from npm, into a directory, with the shim that lets
# them run on today's Node.js:
#
#	utils/npm-peers.sh DIRECTORY
#
# What is there already, in the versions of the lock file, is left alone.
set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
dir=${1:?usage: utils/npm-peers.sh DIRECTORY}

mkdir -p "$dir"
cp "$top/tests/interop/shim.js" "$dir/"
chmod u+w "$dir/shim.js" # a source tree may be read-only
if cmp -s "$top/tests/interop/package-lock.json" "$dir/installed.json"; then
	exit 0
fi
cp "$top/tests/interop/package.json" "$top/tests/interop/package-lock.json" \
	"$dir/"
chmod u+w "$dir"/package*.json
rm -f "$dir/installed.json"
(cd "$dir" && npm ci --ignore-scripts --omit=optional --no-audit --no-fund --loglevel=error)
cp "$dir/package-lock.json" "$dir/installed.json"
