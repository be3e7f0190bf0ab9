# Xandikos: it knows no passwords and one principal a process, so nginx with Basic authentication stands before one process for each user, which
# takes the ports after nginx's.
packages=(xandikos nginx-light curl openssl)
ports=4

boot() {
	local user n=$port
	for user in "${users[@]}"; do
		n=$((n + 1))
		launch "xandikos-$user" /usr/bin/python3 -m xandikos.web -d "$dir/data-$user" --current-user-principal "/$user/" --defaults -l 127.0.0.1 -p "$n"
		printf '%s:%s\n' "$user" "$(openssl passwd -apr1 "${user}pw")" >&3
		printf '\t\t%s 127.0.0.1:%s;\n' "$user" "$n" >&4
	done 3>"$dir/htpasswd" 4>"$dir/backends"
	nginx_conf >"$dir/nginx.conf"
	for ((n = port + 1; n <= port + ${#users[@]}; n++)); do
		await 60 answers "http://127.0.0.1:$n/" || fail "does not answer; see $log."
	done
	launch nginx nginx -c "$dir/nginx.conf" -e "$log/nginx-error.log"
	await 10 answers "http://127.0.0.1:$port/" || fail "nginx does not answer; see $log/nginx-error.log."
	publish BASE "http://127.0.0.1:$port"
	publish CALHOME /USER/calendars/
	publish ABHOME /USER/contacts/
	publish PRINCIPAL /USER/
}

# nginx_conf waits long for answers: while Xandikos works on a large report it answers nobody else.
nginx_conf() {
	cat <<-END
		worker_processes 1;
		pid $dir/nginx.pid;
		error_log $log/nginx-error.log;
		daemon off;
		events { worker_connections 256; }
		http {
			access_log $log/nginx-access.log;
			client_body_temp_path $dir/tmp-body;
			proxy_temp_path $dir/tmp-proxy;
			fastcgi_temp_path $dir/tmp-fastcgi;
			uwsgi_temp_path $dir/tmp-uwsgi;
			scgi_temp_path $dir/tmp-scgi;
			client_max_body_size 64m;
			keepalive_requests 100000;
			proxy_read_timeout 3600s;
			map \$remote_user \$backend {
				include $dir/backends;
			}
			server {
				listen 127.0.0.1:$port;
				auth_basic xandikos;
				auth_basic_user_file $dir/htpasswd;
				location / {
					proxy_pass http://\$backend;
					proxy_http_version 1.1;
					proxy_set_header Host \$host:$port;
					proxy_set_header X-Remote-User \$remote_user;
					proxy_set_header Connection "";
				}
			}
		}
	END
}
