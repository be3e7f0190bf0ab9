# PostgreSQL, for tests that make databases of their own in it.
. "$here/postgresql.sh"
packages=(postgresql)
root=true

boot() {
	postgres 127.0.0.1 "$port" scram-sha-256
	if $new; then
		sql postgres -c "create role accord login createdb createrole password 'accordpw'" -c 'create database accord owner accord' >"$log/database.log" 2>&1 ||
			fail "cannot make its database; see $log/database.log."
	fi
	publish HOST 127.0.0.1
	publish PORT "$port"
	publish USER accord
	publish PASSWORD accordpw
	publish DATABASE accord
}
