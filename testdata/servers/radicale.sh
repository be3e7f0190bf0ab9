# Radicale: one Python process, one file an item below $dir/collections.
packages=(radicale curl)

boot() {
	local user
	for user in "${users[@]}"; do printf '%s:%spw\n' "$user" "$user"; done >"$dir/users"
	cat >"$dir/config" <<-END
		[server]
		hosts = 127.0.0.1:$port
		max_connections = 20
		timeout = 60
		[auth]
		type = htpasswd
		htpasswd_filename = $dir/users
		htpasswd_encryption = plain
		delay = 0
		[rights]
		type = owner_only
		[storage]
		filesystem_folder = $dir/collections
		[logging]
		level = info
		[web]
		type = none
	END
	launch radicale /usr/bin/python3 -m radicale --config "$dir/config"
	await 60 answers "http://127.0.0.1:$port/" || fail "does not answer; see $log/radicale.log."
	publish BASE "http://127.0.0.1:$port"
	publish CALHOME /USER/
	publish ABHOME /USER/
	publish PRINCIPAL /USER/
}
