# OpenLDAP: LDAP with StartTLS, and LDAPS on the next port. Its entries have entryUUID and modifyTimestamp; who is in a groupOfNames has memberOf.
packages=(slapd ldap-utils openssl)
ports=2
base=dc=example,dc=test

boot() {
	mkdir -p "$dir/db"
	certificate 127.0.0.1
	configuration >"$dir/slapd.conf"
	launch slapd /usr/sbin/slapd -f "$dir/slapd.conf" -h "ldap://127.0.0.1:$port/ ldaps://127.0.0.1:$((port + 1))/" -d none
	await 60 ldapwhoami -x -H "ldap://127.0.0.1:$port" || fail "does not answer; see $log/slapd.log."
	# Over LDAP: the overlays see only what comes that way.
	people | ldapadd -c -x -H "ldap://127.0.0.1:$port" -D "cn=admin,$base" -w adminpw >"$log/people.log" 2>&1
	LDAPTLS_CACERT=$dir/tls/ca.crt ldapsearch -x -H "ldaps://127.0.0.1:$((port + 1))" -D "cn=admin,$base" -w adminpw -b "uid=alice,ou=people,$base" -s base memberOf 2>>"$log/people.log" |
		grep -q '^memberOf: cn=staff,' || fail "cannot make its people; see $log/people.log."
	publish URL "ldap://127.0.0.1:$port"
	publish LDAPS "ldaps://127.0.0.1:$((port + 1))"
	publish CA_FILE "$dir/tls/ca.crt"
	publish BASE "$base"
	publish BIND "cn=admin,$base"
	publish PASSWORD adminpw
}

configuration() {
	local schema module
	for schema in core cosine inetorgperson nis; do echo "include /etc/ldap/schema/$schema.schema"; done
	echo 'modulepath /usr/lib/ldap'
	for module in back_mdb memberof refint; do echo "moduleload $module"; done
	cat <<-END
		pidfile $dir/slapd.pid
		argsfile $dir/slapd.args
		TLSCACertificateFile $dir/tls/ca.crt
		TLSCertificateFile $dir/tls/server.crt
		TLSCertificateKeyFile $dir/tls/server.key
		sizelimit 500
		database mdb
		maxsize 1073741824
		dbnosync
		suffix "$base"
		rootdn "cn=admin,$base"
		rootpw adminpw
		directory $dir/db
		index objectClass,entryCSN,entryUUID,uid,mail,member,memberOf eq
		index modifyTimestamp,cn,sn eq
		limits users size.soft=500 size.hard=500 size.prtotal=unlimited
		access to attrs=userPassword by self write by anonymous auth by * none
		access to * by users read by * none
		overlay memberof
		memberof-group-oc groupOfNames
		memberof-member-ad member
		memberof-refint TRUE
		overlay refint
		refint_attributes member manager
		refint_nothing cn=nobody,$base
	END
}

people() {
	local user number=1000
	printf 'dn: %s\nobjectClass: dcObject\nobjectClass: organization\ndc: example\no: Example\n\n' "$base"
	for unit in people groups; do printf 'dn: ou=%s,%s\nobjectClass: organizationalUnit\nou: %s\n\n' $unit "$base" $unit; done
	for user in "${users[@]}"; do
		number=$((number + 1))
		cat <<-END
			dn: uid=$user,ou=people,$base
			objectClass: inetOrgPerson
			uid: $user
			cn: ${user^} Example
			givenName: ${user^}
			sn: Example
			mail: $user@example.com
			telephoneNumber: +44 20 7946 $number
			employeeNumber: $number
			userPassword: ${user}pw

		END
	done
	printf 'dn: cn=staff,ou=groups,%s\nobjectClass: groupOfNames\ncn: staff\nmember: uid=alice,ou=people,%s\nmember: uid=bob,ou=people,%s\n\n' "$base" "$base" "$base"
}
