# SOGo: sogod with memcached and a PostgreSQL of its own, on the next port. What its command line says goes before /etc/sogo/sogo.conf.
. "$here/postgresql.sh"
packages=(sogo memcached postgresql curl)
ports=2
root=true

boot() {
	local user
	mkdir -p "$dir"/{home,spool} && chown sogo "$dir"/{home,spool}
	postgres 127.0.0.1 $((port + 1))
	if $new; then
		accounts | sql postgres >"$log/database.log" 2>&1 || fail "cannot make its database; see $log/database.log."
	fi
	launch memcached memcached -u sogo -m 16 -s "$dir/spool/memcached"
	settings
	# It was seen to run on for 15 s after TERM. What it knows is in PostgreSQL.
	cd "$dir/home" && launch -s KILL sogo setpriv --reuid=sogo --regid=sogo --init-groups -- env HOME="$dir/home" TMPDIR="$dir/spool" /usr/sbin/sogod "${settings[@]}"
	for user in "${users[@]}"; do
		await 60 serves "$user" || fail "does not answer to $user; see $log/sogo.log."
	done
	publish BASE "http://127.0.0.1:$port"
	publish CALHOME /SOGo/dav/USER/Calendar/
	publish ABHOME /SOGo/dav/USER/Contacts/
	publish PRINCIPAL /SOGo/dav/USER/
	publish INVITED '/SOGo/dav/USER/Calendar/inbox/ /SOGo/dav/USER/Calendar/personal/'
}

# serves USER: whether the user's calendar is there. Asking for it makes it: before, nobody's invitation reaches the user.
serves() { [ "$(curl -s -o /dev/null -m 3 -w '%{http_code}' -u "$1:${1}pw" -X PROPFIND -H 'Depth: 0' "http://127.0.0.1:$port/SOGo/dav/$1/Calendar/personal/")" = 207 ]; }

accounts() {
	local user
	cat <<-END
		create role sogo login password 'sogopw';
		create database sogo owner sogo;
		\connect sogo sogo
		create table sogo_users (c_uid text primary key, c_name text, c_password text, c_cn text, mail text);
	END
	for user in "${users[@]}"; do printf "insert into sogo_users values ('%s', '%s', '%spw', '%s', '%s@example.com');\n" "$user" "$user" "$user" "$user" "$user"; done
}

# settings: mail would go to a port where nobody listens.
settings() {
	local database=postgresql://sogo:sogopw@127.0.0.1:$((port + 1))/sogo
	settings=(
		-WOPort "127.0.0.1:$port" -WOWorkersCount 4 -WONoDetach YES -WOPidFile "$dir/spool/sogo.pid" -WOLogFile -
		-SOGoProfileURL "$database/sogo_user_profile"
		-OCSFolderInfoURL "$database/sogo_folder_info"
		-OCSSessionsFolderURL "$database/sogo_sessions_folder"
		-OCSEMailAlarmsFolderURL "$database/sogo_alarms_folder"
		-OCSStoreURL "$database/sogo_store"
		-OCSAclURL "$database/sogo_acl"
		-OCSCacheFolderURL "$database/sogo_cache_folder"
		-OCSAdminURL "$database/sogo_admin"
		-SOGoUserSources "({ type = sql; id = users; viewURL = \"$database/sogo_users\"; canAuthenticate = YES; isAddressBook = NO; userPasswordAlgorithm = plain; })"
		-SOGoMemcachedHost "$dir/spool/memcached"
		-SOGoMailDomain example.com
		-SOGoIMAPServer imap://127.0.0.1:1
		-SOGoMailingMechanism smtp -SOGoSMTPServer smtp://127.0.0.1:1
		-SOGoAppointmentSendEMailNotifications NO
		-SOGoMailSpoolPath "$dir/spool"
		-SOGoTimeZone UTC -SOGoLanguage English
		-SxVMemLimit 1024 -WOWatchDogRequestTimeout 10
	)
}
