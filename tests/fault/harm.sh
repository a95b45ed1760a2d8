#!/bin/sh
# Harm by chance: two brokers and three workers are killed, ended and halted
# in any order, under load with retry. All has to be answered.
#
#	FAULT_ROUNDS     of harm for each policy (5)
#	FAULT_SEED       of chance; the test prints it
. "${srcdir:-.}/tests/lib/server.sh"
. "${srcdir:-.}/tests/fault/load.sh"

# Two brokers, each with a log of its own, and three workers for both.
quick
for i in 1 2; do
	cp "$dir/conf" "$dir/conf.$i"
	background broker.$i "$PIGATOD" "$dir/conf.$i"
	wait_until said broker.$i 'pigatod ready'
	bind=$(sed -n 's/.* listening address=\([^ ]*\).*/\1/p' "$dir/broker.$i")
	sed "s|^bind = .*|bind = ( \"$bind\" );|" "$dir/conf" >"$dir/conf.$i"
	endpoints=${endpoints:+$endpoints,}$bind
done
for i in 1 2 3; do
	background some.$i "$LOAD" work "$endpoints"
done

# harm KIND I: and what follows from it.
harm() {
	case $1 in
	broker-*) victim=broker.$2 ;;
	*) victim=some.$2 ;;
	esac
	victim_pid=$(cat "$dir/$victim.pid")
	case $1 in
	*-halted)
		kill -STOP "$victim_pid"
		goes_on ask
		kill -CONT "$victim_pid"
		return
		;;
	*-killed) kill -KILL "$victim_pid" ;;
	*-ended) kill -TERM "$victim_pid" ;;
	esac
	wait_until test -s "$dir/$victim.status"
	goes_on ask
	case $1 in
	broker-*) background $victim "$PIGATOD" "$dir/conf.$2" ;;
	*) background $victim "$LOAD" work "$endpoints" ;;
	esac
	wait_until said $victim 'ready\|connect'
}

seed=${FAULT_SEED:-$(date +%s)}
harms=$(awk -v seed="$seed" -v n="${FAULT_ROUNDS:-5}" 'BEGIN {
	srand(seed)
	split("killed ended halted", how)
	for (; n > 0; n--)
		if (rand() < 0.4)
			print "broker-" how[int(rand() * 3) + 1] ":" \
				int(rand() * 2) + 1
		else
			print "worker-" how[int(rand() * 3) + 1] ":" \
				int(rand() * 3) + 1
}')
for policy in failover spread; do
	ask "$endpoints" -r -p $policy
	for this in $harms; do
		harm "${this%:*}" "${this#*:}"
		goes_on ask
	done
	echo "# seed $seed:" $harms
	accounts "$policy: harm by chance, all are answered"
done
dismiss some.1 some.2 some.3
shows "the workers end well" test $? = 0
for i in 1 2; do
	kill -TERM "$(cat "$dir/broker.$i.pid")"
	wait_until test -s "$dir/broker.$i.status"
	shows "and so does broker $i" test "$(cat "$dir/broker.$i.status")" = 0
done

done_testing
