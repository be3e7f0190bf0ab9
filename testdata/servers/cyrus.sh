# Cyrus IMAP with its httpd: CalDAV and CardDAV on the port, IMAP on the next one. It runs as the user cyrus, and so does all that is below $dir.
packages=(cyrus-caldav cyrus-imapd sasl2-bin libsasl2-modules libsasl2-modules-db curl)
ports=2
root=true

boot() {
	local user
	mkdir -p "$dir"/{conf/{db,socket,proc,log,msg,ptclient,user,quota},spool,run/{socket,proc,lock},sieve}
	imapd_conf >"$dir/imapd.conf"
	cyrus_conf >"$dir/cyrus.conf"
	for user in cyrus "${users[@]}"; do
		printf '%spw' "$user" | saslpasswd2 -p -c -f "$dir/sasldb2" -u localhost "$user" || fail "saslpasswd2 cannot make the user $user."
	done
	chown -R cyrus:mail "$dir"
	launch master /usr/lib/cyrus/bin/master -C "$dir/imapd.conf" -M "$dir/cyrus.conf" -p "$dir/master.pid" -D
	await 60 answers "http://127.0.0.1:$port/" || fail "does not answer; see $log/master.log."
	inboxes || fail "cannot make the users' mailboxes; see $log/imap.log."
	for user in "${users[@]}"; do
		await 10 serves "$user" || fail "does not answer to $user; see $log/master.log."
	done
	publish BASE "http://127.0.0.1:$port"
	publish CALHOME /dav/calendars/user/USER/
	publish ABHOME /dav/addressbooks/user/USER/
	publish PRINCIPAL /dav/principals/user/USER/
	publish INVITED '/dav/calendars/user/USER/Inbox/ /dav/calendars/user/USER/Default/'
	publish IMAP "127.0.0.1:$((port + 1))"
}

# serves USER: whether the user's calendars are there. Asking for them makes them: before, nobody's invitation reaches the user.
serves() { [ "$(curl -s -o /dev/null -m 3 -w '%{http_code}' -u "$1:${1}pw" -X PROPFIND -H 'Depth: 0' "http://127.0.0.1:$port/dav/calendars/user/$1/")" = 207 ]; }

# inboxes makes each user's INBOX, as the administrator over IMAP: only then is there a user for CalDAV.
inboxes() {
	local user
	{
		printf 'a LOGIN cyrus cyruspw\r\n'
		for user in "${users[@]}"; do printf 'b CREATE user/%s\r\n' "$user"; done
		printf 'z LOGOUT\r\n'
	} >"$dir/imap.commands"
	exec 3<>"/dev/tcp/127.0.0.1/$((port + 1))" || return 1
	cat "$dir/imap.commands" >&3
	timeout 10 cat <&3 >"$log/imap.log"
	exec 3>&-
	grep -q '^a OK' "$log/imap.log"
}

# imapd_conf: an option without a value would end the master without a word.
imapd_conf() {
	cat <<-END
		configdirectory: $dir/conf
		defaultpartition: default
		partition-default: $dir/spool
		proc_path: $dir/run/proc
		mboxname_lockpath: $dir/run/lock
		lmtpsocket: $dir/run/socket/lmtp
		idlesocket: $dir/run/socket/idle
		notifysocket: $dir/run/socket/notify
		sievedir: $dir/sieve
		admins: cyrus
		servername: localhost
		defaultdomain: example.com
		calendar_user_address_set: example.com
		altnamespace: yes
		unixhierarchysep: yes
		virtdomains: off
		allowplaintext: yes
		sasl_pwcheck_method: auxprop
		sasl_auxprop_plugin: sasldb
		sasl_sasldb_path: $dir/sasldb2
		sasl_mech_list: PLAIN
		httpmodules: caldav carddav
		httpallowcompress: no
		caldav_realm: cyrus
		conversations: yes
		specialusealways: yes
		autocreate_post: yes
		autocreate_quota: 0
		expunge_mode: delayed
		skiplist_unsafe: yes
		syslog_prefix: cyrus
	END
}

cyrus_conf() {
	cat <<-END
		START {
		  recover cmd="/usr/lib/cyrus/bin/ctl_cyrusdb -C $dir/imapd.conf -r"
		}
		SERVICES {
		  http cmd="httpd -C $dir/imapd.conf -U 1000" listen="127.0.0.1:$port" proto="tcp4" prefork=1 maxchild=30
		  imap cmd="imapd -C $dir/imapd.conf -U 30" listen="127.0.0.1:$((port + 1))" proto="tcp4" prefork=0 maxchild=30
		}
		EVENTS {
		  checkpoint cmd="/usr/lib/cyrus/bin/ctl_cyrusdb -C $dir/imapd.conf -c" period=30
		}
	END
}
