# What install, start, stop and run share, and what a server's own file (radicale.sh, …) is written with. Sourced by bash.
#
# A server's file says which Debian packages it needs, how many ports in a row, and whether only root can start it; its function
# boot writes the configuration, launches the processes, and returns when they answer. Everything of a server is below $dir; it listens on 127.0.0.1 alone.
set -u

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
dav=(radicale xandikos davical cyrus sogo)
all=("${dav[@]}" postgres mariadb slapd samba)
users=(alice bob carol) # on the servers of calendars; the password of alice is alicepw, her address alice@example.com

fail() {
	printf '%s: %s\n' "${name:-servers}" "$*" >&2
	exit 1
}

# describe NAME: packages, ports, root and boot as the server's file says.
describe() {
	name=$1 ports=1 root=false
	case " ${all[*]} " in
	*" $name "*) . "$here/$name.sh" ;;
	*) fail "there is no such server; there are ${all[*]}." ;;
	esac
}

# lacking: those of the packages that are not installed.
lacking() {
	local package
	for package in "${packages[@]}"; do
		dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || printf '%s ' "$package"
	done
}

# available: whether the described server can be started here; says what to do if not.
available() {
	local missing
	missing=$(lacking)
	if [ -n "$missing" ]; then
		printf '%s: not installed: %s\n    %s/install %s   installs it (Debian 12, as root).\n' "$name" "${missing% }" "$here" "$name" >&2
		return 1
	fi
	if $root && [ "$(id -u)" != 0 ]; then
		printf '%s: its daemons change their user, which only root can do. Start it as root, in a container for example.\n' "$name" >&2
		return 1
	fi
}

# prepare: the folder of a server that does not run. The daemons' own users have to reach it.
prepare() {
	local pid born signal
	mkdir -p "$dir" && dir=$(cd "$dir" && pwd) && log=$dir/log && mkdir -p "$log" && chmod 755 "$dir" || fail "cannot make $dir."
	if [ -s "$dir/processes" ]; then
		while read -r pid born signal; do
			! runs "$pid" "$born" || fail "runs already in $dir (process $pid). End it with: $here/stop $name $dir"
		done <"$dir/processes"
	fi
	: >"$dir/processes"
	: >"$dir/env"
}

# stat_field PID N: a field of /proc/PID/stat, counted from the state, which is the first after the name.
stat_field() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f"$2"; }

# runs PID BORN: whether this very process still runs. A number that went to another process since is not it.
runs() {
	local state
	state=$(stat_field "$1" 1)
	[ -n "$state" ] && [ "$state" != Z ] && [ "$(stat_field "$1" 20)" = "$2" ]
}

# launch [-s SIGNAL] LOG COMMAND…: starts a process group of its own, which stop ends with SIGNAL.
launch() {
	local signal=TERM
	if [ "$1" = -s ]; then
		signal=$2
		shift 2
	fi
	local output=$log/$1.log
	shift
	setsid "$@" >>"$output" 2>&1 </dev/null &
	printf '%s %s %s\n' "$!" "$(stat_field $! 20)" "$signal" >>"$dir/processes"
}

# halt DIR: ends what start launched there, last first; what is left of their process groups after ten seconds is killed.
halt() {
	local pid born signal i
	[ -f "$1/processes" ] || return 0
	while read -r pid born signal; do
		runs "$pid" "$born" || continue
		kill -"$signal" -- "-$pid" 2>/dev/null
		for ((i = 0; i < 100; i++)); do
			runs "$pid" "$born" || break
			sleep 0.1
		done
		kill -KILL -- "-$pid" 2>/dev/null
	done < <(tac "$1/processes")
	rm -f "$1/processes"
}

# await SECONDS COMMAND…: polls until the command succeeds.
await() {
	local i tenths=$(($1 * 10))
	shift
	for ((i = 0; i < tenths; i++)); do
		"$@" >/dev/null 2>&1 && return 0
		sleep 0.1
	done
	return 1
}

answers() { curl -s -o /dev/null -m 2 "$1"; }

# certificate HOST: makes tls/server.crt with tls/server.key for the host, signed by an authority of its own, tls/ca.crt, whose key is not kept. All are below $dir.
certificate() {
	mkdir -p "$dir/tls" && (
		cd "$dir/tls" || exit 1
		[ ! -s server.crt ] || exit 0
		key=(-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes)
		openssl req -x509 "${key[@]}" -keyout ca.key -out ca.crt -days 3650 -subj "/CN=$name test authority" -addext keyUsage=critical,keyCertSign &&
			openssl req "${key[@]}" -keyout server.key -out server.csr -subj "/CN=$1" &&
			openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 3650 -out server.crt \
				-extfile <(printf 'subjectAltName=IP:%s,DNS:localhost\nextendedKeyUsage=serverAuth\n' "$1") &&
			chmod 600 server.key && rm -f ca.key server.csr ca.srl
	) >"$log/certificate.log" 2>&1 || fail "cannot make a certificate; see $log/certificate.log."
}

# as USER COMMAND…: runs the command as that user.
as() {
	local user=$1
	shift
	setpriv --reuid="$user" --regid="$(id -g "$user")" --init-groups -- "$@"
}

# publish NAME VALUE: what tests read from DIR/env; USER in a value stands for the name of a user.
publish() { printf "%s='%s'\n" "$1" "$2" >>"$dir/env"; }
