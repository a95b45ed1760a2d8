#!/bin/sh
# The Debian packages, made of the tarball as somebody would who has nothing
# else: built, judged by lintian, looked through, and installed in a root of
# their own (chroot.sh). Argument: the tarball. What was built stays in
# tests/package-run of the build directory, with the logs.
#
# The tests of the source are not run again here; lintian's warnings count.
. "${srcdir:-.}/tests/lib/server.sh"

tarball=${1:?usage: package.sh TARBALL}
run=${top_builddir:-.}/tests/package-run
here=${top_srcdir:-${srcdir:-.}}/tests/package

# told FILE COMMAND …: what it says goes to the file, and is shown on failure.
told() {
	file_=$run/$1
	shift
	"$@" >"$file_" 2>&1 || {
		tail -n 30 "$file_"
		return 1
	}
}

for tool in dpkg-buildpackage dh lintian; do
	command -v $tool >/dev/null && continue
	skip "the packages" "no $tool: utils/install-deps.sh package"
	done_testing
	exit 0
done

# ---- building ----

builds() {
	(cd "$source" && DEB_BUILD_OPTIONS="nocheck parallel=${JOBS:-2}" \
		timeout 1200 dpkg-buildpackage -us -uc -b)
}

rm -rf "$run"
mkdir -p "$run" || exit 99
run=$(cd "$run" && pwd)
tar -xf "$tarball" -C "$run" || exit 99
source=$(echo "$run"/pigatod-*)
version=$(sed -n '1s/.*(\(.*\)).*/\1/p' "$source/debian/changelog")
shows "the packages are built of the tarball" \
	told build.log builds
shows "… and are four" test "$(find "$run" -maxdepth 1 -name '*.deb' \
	! -name '*-dbgsym_*' | wc -l)" = 4
shows "the package's version is configure's" \
	test "${version%-*}" = "${source##*/pigatod-}"

# lintian as root wants to be told that it is meant.
judged() {
	allow_=
	if [ "$(id -u)" = 0 ]; then allow_=--allow-root; fi
	lintian $allow_ --fail-on error,warning "$run"/*.changes
}
shows "lintian finds neither errors nor warnings" told lintian.log judged

# ---- what is in them ----

# list PACKAGE: its files, without directories, sorted.
list() {
	dpkg-deb -c "$run/$1_${version}"_*.deb | awk '$1 !~ /^d/ {
		print substr($6, 2) }' | sort
}

for package in pigatod pigato-tools libpigato-client1 libpigato-client-dev; do
	list $package >"$dir/$package.list"
done

# has PACKAGE PATTERN …: each is an extended regular expression for a path.
has() {
	list_=$dir/$1.list
	words_of_has=$1
	shift
	for pattern in "$@"; do
		grep -q -x -E -e "$pattern" "$list_" || {
			echo "$words_of_has has no $pattern"
			cat "$list_"
			return 1
		}
	done
}

# has_only PACKAGE PATTERN: but for its changelog and copyright.
has_only() {
	grep -v -x -E "/usr/share/(doc/$1/.*|lintian/overrides/$1)" \
		"$dir/$1.list" | grep -v -E -e "$2" >"$dir/more"
	cat "$dir/more"
	test ! -s "$dir/more"
}

# installed_as FILE: where the package has a file of conf/.
installed_as() {
	case $1 in
	pigato.conf) echo /etc/pigato/pigato.conf ;;
	*.service) echo "(/usr)?/lib/systemd/system/$1" ;;
	*.sysusers) echo /usr/lib/sysusers.d/pigatod.conf ;;
	*.tmpfiles) echo /usr/lib/tmpfiles.d/pigatod.conf ;;
	*.logrotate) echo /etc/logrotate.d/pigatod ;;
	*) echo "$1: nothing is known of it" ;;
	esac
}

completions=/usr/share/bash-completion/completions
shows "pigatod has the server, its pages and its completion" has pigatod \
	/usr/s?bin/pigatod '/usr/share/man/man8/pigatod\.8\.gz' \
	'/usr/share/man/man5/pigato\.conf\.5\.gz' \
	'/usr/share/man/man7/pigato\.7\.gz' $completions/pigatod
for file in "$source"/conf/*; do
	shows "… and conf/${file##*/}" \
		has pigatod "$(installed_as "${file##*/}")"
done
shows "pigato-tools has the tools, their pages and completions" \
	has pigato-tools /usr/bin/pigato-cli /usr/bin/pigato-benchmark \
	'/usr/share/man/man1/pigato-cli\.1\.gz' \
	'/usr/share/man/man1/pigato-benchmark\.1\.gz' \
	$completions/pigato-cli $completions/pigato-benchmark
shows "… and nothing of others" has_only pigato-tools \
	'/(pigato-cli|pigato-benchmark)(\.1\.gz)?$'
shows "libpigato-client1 has the library under its soname" \
	has libpigato-client1 '/usr/lib/[^/]*/libpigato-client\.so\.1'
shows "… and nothing else" has_only libpigato-client1 \
	'/libpigato-client\.so\.1'
shows "libpigato-client-dev has what a compiler and a linker want" \
	has libpigato-client-dev /usr/include/pigato.h \
	/usr/include/pigato_epoll.h /usr/include/pigato_uv.h \
	'/usr/lib/[^/]*/libpigato-client\.(so)' \
	'/usr/lib/[^/]*/libpigato-client\.a' \
	'/usr/lib/[^/]*/pkgconfig/libpigato-client\.pc'
for file in "$source"/man/*.3; do
	name=${file##*/}
	has libpigato-client-dev "/usr/share/man/man3/$name.gz" || echo "$name"
done >"$dir/missing"
shows "… and the pages of section 3" test ! -s "$dir/missing"
shows "… and the examples" has libpigato-client-dev \
	'/usr/share/doc/libpigato-client-dev/examples/echo_client.c'

# conffiles PACKAGE
conffiles() {
	dpkg-deb -I "$run/$1_${version}"_*.deb conffiles
}
conffiles pigatod | sort >"$dir/conffiles"
grep '^/etc/' "$dir/pigatod.list" >"$dir/etc"
shows "what is in /etc are conffiles" diff "$dir/etc" "$dir/conffiles"
shows "and the settings are among them" \
	grep -q -x /etc/pigato/pigato.conf "$dir/conffiles"

# ---- installed ----

if [ "$(id -u)" != 0 ]; then
	skip "a package is installed, runs, and is purged" "that takes root"
elif ! command -v debootstrap >/dev/null; then
	skip "a package is installed, runs, and is purged" \
		"no debootstrap: utils/install-deps.sh package"
else
	. "$here/chroot.sh"
fi

done_testing
test "$n_failed" = 0
