# Samba as an Active Directory domain controller. It knows no other ports of LDAP than its own, 389 and 636, and has a loopback address of its own in their place.
packages=(samba samba-ad-dc samba-ad-provision winbind ldap-utils openssl)
root=true
base=DC=example,DC=test

boot() {
	local domain=$dir/ad address=127.$((port >> 8)).$((port & 255)).1 new=false
	certificate "$address"
	settings
	if [ ! -s "$dir/made" ]; then
		new=true
		rm -rf "$domain"
		samba-tool domain provision --targetdir="$domain" --realm=EXAMPLE.TEST --domain=EXAMPLE --server-role=dc --dns-backend=NONE \
			--adminpass=Admin.pw1 --host-name=dc1 --host-ip="$address" "${settings[@]}" >"$log/provision.log" 2>&1 || fail "cannot make its domain; see $log/provision.log."
		mkdir -p "$domain"/{run,ncalrpc,cache}
		people >"$log/people.log" 2>&1 && date >"$dir/made" || fail "cannot make its people; see $log/people.log."
	fi
	launch samba samba -F -s "$domain/etc/smb.conf" --debug-stdout --no-process-group "${settings[@]}"
	await 60 binds || fail "does not answer; see $log/samba.log."
	publish URL "ldap://$address"
	publish LDAPS "ldaps://$address"
	publish CA_FILE "$dir/tls/ca.crt"
	publish BASE "$base"
	publish BIND Administrator@example.test
	publish PASSWORD Admin.pw1
}

binds() { LDAPTLS_CACERT=$dir/tls/ca.crt ldapsearch -x -o nettimeout=2 -H "ldaps://$address" -D Administrator@example.test -w Admin.pw1 -b "$base" -s base dn; }

# settings go over what the domain's configuration says: all files below $dir, LDAP alone.
settings() {
	local line
	settings=()
	while read -r line; do settings+=(--option="$line"); done <<-END
		interfaces=$address/8
		bind interfaces only=yes
		posix:eadb=$domain/eadb.tdb
		vfs objects=dfs_samba4 acl_xattr xattr_tdb
		pid directory=$domain/run
		ncalrpc dir=$domain/ncalrpc
		server services=ldap
		dns update command=/bin/true
		tls keyfile=$dir/tls/server.key
		tls certfile=$dir/tls/server.crt
		tls cafile=$dir/tls/ca.crt
		ldb:nosync=true
		log level=1
	END
}

people() {
	local user at=(-s "$domain/etc/smb.conf")
	for user in "${users[@]}"; do
		samba-tool user create "${at[@]}" "$user" "${user^}.pw1" --given-name="${user^}" --surname=Example --mail-address="$user@example.com" || return 1
	done
	samba-tool group add staff "${at[@]}" && samba-tool group addmembers "${at[@]}" staff alice,bob
}
