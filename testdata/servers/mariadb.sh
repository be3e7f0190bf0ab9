# MariaDB, for tests that make databases of their own in it. It forgets what it was told last when the machine fails, and is fast.
packages=(mariadb-server mariadb-client)
root=true

boot() {
	mkdir -p "$dir/db" "$dir/sock" && chown mysql "$dir/db" "$dir/sock"
	if [ ! -d "$dir/db/mysql" ]; then
		mariadb-install-db --no-defaults --user=mysql --datadir="$dir/db" --auth-root-authentication-method=socket --skip-test-db \
			--skip-name-resolve --innodb-flush-log-at-trx-commit=0 >"$log/install.log" 2>&1 || fail "mariadb-install-db failed; see $log/install.log."
	fi
	launch mariadbd mariadbd --no-defaults --user=mysql --datadir="$dir/db" --bind-address=127.0.0.1 --port="$port" --socket="$dir/sock/socket" \
		--pid-file="$dir/sock/pid" --character-set-server=utf8mb4 --skip-log-bin --skip-name-resolve --innodb-flush-log-at-trx-commit=0
	await 60 ask -e 'select 1' || fail "does not answer; see $log/mariadbd.log."
	ask -e "create user if not exists accord@127.0.0.1 identified by 'accordpw';
		grant all on *.* to accord@127.0.0.1 with grant option;
		create database if not exists accord" >"$log/database.log" 2>&1 || fail "cannot make its database; see $log/database.log."
	publish HOST 127.0.0.1
	publish PORT "$port"
	publish USER accord
	publish PASSWORD accordpw
	publish DATABASE accord
}

ask() { mariadb --no-defaults -u root -S "$dir/sock/socket" "$@"; }
