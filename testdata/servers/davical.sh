# DAViCal: PHP in an apache of its own, with a PostgreSQL of its own.
. "$here/postgresql.sh"
packages=(davical php-cli php-pgsql php-xml php-curl libapache2-mod-php apache2-bin postgresql libyaml-perl libdbd-pg-perl curl)
root=true

boot() {
	postgres '' 5432
	if $new; then
		(cd / && as postgres /usr/share/davical/dba/create-database.sh davical adminpw) >"$log/database.log" 2>&1 &&
			accounts | sql -U davical_dba davical >>"$log/database.log" 2>&1 || fail "cannot make its database; see $log/database.log."
	fi
	mkdir -p "$dir/tmp" && chown www-data "$dir/tmp"
	httpd_conf >"$dir/httpd.conf"
	mkdir -p "$dir/tmp" && chown www-data "$dir/tmp" # PHP keeps long requests there, and cuts them off where it cannot
	# Its packaged configuration names no host: libpq takes PGHOST and PGPORT from apache's environment.
	launch apache env -u PGUSER apache2 -f "$dir/httpd.conf" -DFOREGROUND
	await 60 answers "http://127.0.0.1:$port/" || fail "does not answer; see $log/apache-error.log."
	! $new || calendars || fail "cannot make the users' calendars."
	publish BASE "http://127.0.0.1:$port"
	publish CALHOME /caldav.php/USER/
	publish ABHOME /caldav.php/USER/
	publish PRINCIPAL /caldav.php/USER/
	publish INVITED '/caldav.php/USER/.in/ /caldav.php/USER/calendar/'
}

accounts() {
	local user
	for user in "${users[@]}"; do
		cat <<-END
			insert into usr (active, email_ok, updated, username, password, fullname, email)
			  values (true, current_date, current_date, '$user', '**${user}pw', '$user', '$user@example.com');
			insert into principal (type_id, user_no, displayname, default_privileges)
			  select 1, user_no, '$user', privilege_to_bits(array['read-free-busy', 'schedule-deliver']) from usr where username = '$user';
		END
	done
}

# calendars makes each user's first one, as an administrator's template would: invitations are put there.
calendars() {
	local user
	for user in "${users[@]}"; do
		curl -sf -o /dev/null -u "$user:${user}pw" -X MKCALENDAR "http://127.0.0.1:$port/caldav.php/$user/calendar/" || return 1
	done
}

httpd_conf() {
	local modules=/usr/lib/apache2/modules module
	cat <<-END
		ServerRoot $dir
		ServerName localhost
		Listen 127.0.0.1:$port
		PidFile $dir/httpd.pid
		User www-data
		Group www-data
		DefaultRuntimeDir $dir
		Mutex file:$dir default
		LoadModule php_module $(printf '%s\n' $modules/libphp*.so | sort -V | tail -n 1)
	END
	for module in mpm_prefork authz_core dir mime rewrite; do printf 'LoadModule %s_module %s/mod_%s.so\n' $module $modules $module; done
	cat <<-END
		TypesConfig /etc/mime.types
		ErrorLog $log/apache-error.log
		LogFormat "%h %u %t \"%r\" %>s %b %D" timed
		CustomLog $log/apache-access.log timed
		KeepAlive On
		MaxKeepAliveRequests 0
		StartServers 3
		MaxRequestWorkers 20
		DocumentRoot /usr/share/davical/htdocs
		AcceptPathInfo On
		<Directory /usr/share/davical/htdocs>
		  Require all granted
		  DirectoryIndex index.php
		</Directory>
		<FilesMatch "\.php$">
		  SetHandler application/x-httpd-php
		</FilesMatch>
		php_value include_path .:/usr/share/awl/inc:/usr/share/davical/inc
		php_admin_value memory_limit 512M
		php_admin_value post_max_size 64M
		php_admin_value sys_temp_dir $dir/tmp
		php_admin_value sys_temp_dir $dir/tmp
		RewriteEngine On
		RewriteRule ^/\.well-known/(.*)\$ /caldav.php/.well-known/\$1 [NC,PT]
	END
}
