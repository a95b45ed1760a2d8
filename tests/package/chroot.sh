# The life of the packages on a machine that has nothing else: a root made by
# debootstrap, in which they are installed, started, used, reloaded, stopped
# and purged. Read by package.sh, whose names it uses; wants root.
#
# No systemd runs in there, so the command of the unit is started by hand, as
# the user of the unit and with its directories. The network is the host's:
# ports are of the system's choice.

root=$run/root

# Into the root, with /proc, in one process from here to there.
# shellcheck disable=SC2016 # another shell expands it
enter='mount -t proc proc "$0/proc" && exec chroot "$0" "$@"'

# inside COMMAND …
inside() {
	unshare --mount sh -c "$enter" "$root" "$@"
}

# Where apt of this machine has its own release from.
mirror() {
	apt-get indextargets --format '$(RELEASE) $(SITE)' \
		'Created-By: Packages' 2>/dev/null |
		sed -n "s/^$codename //p" | head -n 1
}

proxy() {
	apt-config shell proxy Acquire::http::Proxy
}

makes_root() {
	eval "$(proxy)"
	${proxy:+env http_proxy="$proxy"} timeout 600 debootstrap \
		--variant=minbase "$codename" "$root" "$mirror"
}

apt_inside() {
	eval "$(proxy)"
	inside env DEBIAN_FRONTEND=noninteractive ${proxy:+http_proxy="$proxy"} \
		timeout 300 apt-get -y -q --no-install-recommends "$@"
}

installs() {
	for package in libpigato-client1 pigatod pigato-tools; do
		cp "$run/${package}_${version}"_*.deb "$root/tmp/" || return
	done
	apt_inside install "$@" "/tmp/libpigato-client1_${version}_$arch.deb" \
		"/tmp/pigatod_${version}_$arch.deb" \
		"/tmp/pigato-tools_${version}_$arch.deb"
}

# of_unit NAME: the value of a setting of the unit.
of_unit() {
	sed -n "s/^$1=//p" "$unit"
}

is_rotated() {
	rotate=$root/etc/logrotate.d/pigatod
	grep -q "^/var/log/$(of_unit LogsDirectory)/" "$rotate" &&
		grep -q "su $user $(of_unit Group)\$" "$rotate"
}

# systemd would make these.
makes_directories() {
	for pair in Runtime:/run State:/var/lib Logs:/var/log; do
		for name in $(of_unit "${pair%%:*}Directory"); do
			inside install -d -o "$user" -m 0750 \
				"${pair#*:}/$name" || return
		done
	done
}

# sets NAME VALUE: the option, which stood in a comment.
sets() {
	sed -i "s|^#$1 = .*|$1 = $2;|" "$root/etc/pigato/pigato.conf" &&
		grep -q "^$1 = " "$root/etc/pigato/pigato.conf"
}

# shellcheck disable=SC2046,SC2086 # the unit's command is several words
runs() {
	launch unshare --mount sh -c "$enter" "$root" setpriv \
		--reuid="$user" --regid="$user" --clear-groups --no-new-privs \
		env RUNTIME_DIRECTORY="/run/$(of_unit RuntimeDirectory)" \
		$(of_unit ExecStart)
	wait_until logged 'pigatod ready' || return
	address=$(logged_address address)
}

is_nobody_else() {
	grep -q "^Uid:[[:space:]]$(inside id -u "$user")[[:space:]]" \
		"/proc/$server/status"
}

serves() {
	unshare --mount sh -c "$enter" "$root" pigato-cli -e "$address" \
		serve echo --echo >"$dir/worker" 2>&1 &
	worker=$!
	started="$started $worker"
	wait_until grep -q serving "$dir/worker"
}

answers() {
	test "$(inside pigato-cli -e "$address" request echo \
		'{"hello":1}' 2>&1)" = '{"hello":1}'
}

reloads() {
	sets heartbeat 1000 || return
	kill -HUP "$server"
	wait_until logged 'settings reloaded'
}

stops() {
	signal=$(of_unit KillSignal)
	kill -"${signal#SIG}" "$server" && ended && test "$status" = 0
}

keeps_settings() {
	cp "$root/etc/pigato/pigato.conf" "$dir/mine"
	installs --reinstall && cmp "$dir/mine" "$root/etc/pigato/pigato.conf"
}

# left PATH …: which of these are still there?
left() {
	for path in "$@"; do
		! test -e "$root$path" || echo "$path"
	done | grep .
}

# The life of them, once there is a root.
life() {
	shows "they are installed with what they depend on" \
		told install.log installs
	unit=$(find "$root/lib/systemd/system/" "$root/usr/lib/systemd" \
		-name pigatod.service | head -n 1)
	user=$(of_unit User)
	shows "the user of the unit is there" inside id "$user"
	shows "its settings are right" \
		inside pigatod /etc/pigato/pigato.conf --test-config
	shows "its logs are those that are rotated, by its user" is_rotated
	sets bind '[ "tcp://127.0.0.1:*" ]' && sets intch '"tcp://127.0.0.1:*"'
	shows "its directories can be made" makes_directories
	shows "the command of the unit starts a server" runs
	shows "… which runs as the unit's user" is_nobody_else
	shows "a worker registers" serves
	shows "a request is answered" answers
	shows "it reloads" reloads
	shows "… and a request is answered" answers
	kill "$worker"
	shows "it stops as the unit has it" stops
	shows "the packages installed anew leave the settings alone" \
		told reinstall.log keeps_settings
	log=/var/log/$(of_unit LogsDirectory)/pigatod.log
	echo "a line" >"$root$log"
	shows "they are removed" told remove.log apt_inside remove pigatod
	shows "… but for the settings" test -e "$root/etc/pigato/pigato.conf"
	shows "… and the logs" test -e "$root$log"
	shows "they are purged" told purge.log \
		apt_inside purge pigatod pigato-tools libpigato-client1
	shows "… and nothing is left" is_false left /etc/pigato \
		/etc/logrotate.d/pigatod "${log%/*}" /usr/bin/pigatod
	shows "… but for the user, who may have files" inside id "$user"
}

is_false() {
	! "$@"
}

# ---- the root ----

codename=$(. /etc/os-release && echo "${VERSION_CODENAME-}")
arch=$(dpkg --print-architecture)
mirror=$(mirror)
if [ -z "$mirror" ]; then
	skip "a package is installed, runs, and is purged" \
		"apt of this machine has no release ${codename:-of a name}"
elif ! unshare --mount true 2>/dev/null; then
	skip "a package is installed, runs, and is purged" \
		"no mount namespaces here"
else
	shows "debootstrap makes a root" told debootstrap.log makes_root
	life
	rm -rf --one-file-system "$root"
fi
