# A PostgreSQL cluster of a server's own. It forgets what it was told last when the machine fails, and is fast.

# postgres ADDRESS PORT [AUTH]: starts the cluster in $dir/pg, with its socket in $dir/sock, and makes it if need be: then it returns with $new true.
# An empty ADDRESS leaves the socket alone. AUTH is what connections to the address have to show, by default nothing.
postgres() {
	local bin
	bin=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
	mkdir -p "$dir/pg" "$dir/sock" && chown postgres "$dir/pg" "$dir/sock"
	export PGHOST=$dir/sock PGPORT=$2 PGUSER=postgres
	new=false
	if [ ! -s "$dir/pg/PG_VERSION" ]; then
		new=true
		(cd / && as postgres "$bin/initdb" -D "$dir/pg" -E UTF8 --locale=C.UTF-8 --auth-local=trust --auth-host="${3:-trust}") >"$log/initdb.log" 2>&1 || fail "initdb failed; see $log/initdb.log."
	fi
	launch -s INT postgres setpriv --reuid=postgres --regid=postgres --init-groups -- "$bin/postgres" -D "$dir/pg" -p "$PGPORT" \
		-c listen_addresses="$1" -c unix_socket_directories="$dir/sock" -c fsync=off -c synchronous_commit=off
	await 60 "$bin/pg_isready" || fail "PostgreSQL does not answer; see $log/postgres.log."
}

sql() { psql -qX -v ON_ERROR_STOP=1 "$@"; }
