#!/bin/sh
# Installs what is missing of Debian's packages, by apt-get:
#
#	utils/install-deps.sh [build] [run] [test] [package]
#
# build: to build pigatod; run: Node.js for PIGATO's own peers; test: what
# utils/test.sh wants; package: to build and check Debian packages. Without a
# word: build. Does nothing where all is there.
set -eu

build='gcc libc6-dev make autoconf automake libtool pkg-config libzmq3-dev
	libjansson-dev libconfig-dev uuid-dev libsodium-dev uthash-dev
	libedit-dev libncurses-dev'
packaging='debhelper dpkg-dev lintian debootstrap libuv1-dev logrotate mandoc
	xz-utils'
test='clang libclang-rt-dev clang-tidy cppcheck valgrind libc6-dbg mandoc
	libuv1-dev systemd xz-utils'

# Node.js from elsewhere does as well, if it is not too old for zeromq.
has_node() {
	command -v npm >/dev/null && command -v node >/dev/null &&
		node -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)'
}

wanted=
for word in "${@:-build}"; do
	case $word in
	build) wanted="$wanted $build" ;;
	run) has_node || wanted="$wanted nodejs npm" ;;
	test) wanted="$wanted $test" ;;
	package) wanted="$wanted $packaging" ;;
	*)
		echo "usage: $0 [build] [run] [test] [package]" >&2
		exit 2
		;;
	esac
done

missing=
for package in $wanted; do
	dpkg-query -W -f '${Status}' "$package" 2>/dev/null |
		grep -q 'ok installed' || missing="$missing $package"
done
test -n "$missing" || exit 0

as_root=
if [ "$(id -u)" != 0 ]; then
	as_root=sudo
	command -v sudo >/dev/null || {
		echo "$0: to be installed, as root:$missing" >&2
		exit 1
	}
fi
echo "installing:$missing"
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq
# shellcheck disable=SC2086 # a list
$as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null
