# What the plays of caldav-team and caldav-contacts-mesh share; sourced by bash, with the example's directory in $here. A Radicale of its own runs while a
# play does: testdata/servers starts it on a free port, and it is gone afterwards.
if [ "${1:-}" != here ]; then
	ACCORD_REQUIRE=radicale exec "$here/../../testdata/servers/run" radicale -- "$here/play" here
fi
. "$here/../play.sh"
. "$ACCORD_SERVERS/radicale/env"
server=$BASE
export ACCORD_VAR_server=$server/

# dav USER METHOD PATH [ARG…] is a request as a calendar application makes it.
dav() {
	local user=$1 method=$2 path=$3
	shift 3
	curl --silent --show-error --fail --user "$user:${user}pw" --request "$method" "$@" "$server$path"
}

# put USER FOLDER FILE stores an item.
put() { dav "$1" PUT "/$2/$(basename "$3")" --upload-file "$3" >"$dir/answer"; }

# items USER FOLDER: the paths of what a folder holds.
items() { dav "$1" PROPFIND "/$2/" --header 'Depth: 1' | grep -o '<href>[^<]*\.\(ics\|vcf\)</href>' | sed 's/<[^>]*>//g' | sort; }

# find USER FOLDER TITLE: the path of the item with this title.
find() {
	local path
	for path in $(items "$1" "$2"); do
		if dav "$1" GET "$path" | tr -d '\r' | grep -qxF -e "SUMMARY:$3" -e "FN:$3"; then
			echo "$path"
			return
		fi
	done
	wrong "/$2/ holds no \"$3\""
}

# edit USER FOLDER TITLE BEFORE AFTER changes text in an item, as sed does.
edit() {
	local path said=${5%%\\r*}
	path=$(find "$1" "$2" "$3")
	dav "$1" GET "$path" | sed "s/$4/$5/" >"$dir/item"
	dav "$1" PUT "$path" --header "Content-Type: text/$([ "${path##*.}" = vcf ] && echo vcard || echo calendar)" --upload-file "$dir/item" >"$dir/answer"
	printf '   %s, in /%s/: "%s" says "%s" now\n' "$1" "$2" "$3" "$said"
}

# delete USER FOLDER TITLE deletes an item.
delete() {
	dav "$1" DELETE "$(find "$1" "$2" "$3")" >"$dir/answer"
	printf '   %s, in /%s/: "%s" is deleted\n' "$1" "$2" "$3"
}

# holds USER FOLDER TITLE… shows what a folder holds, and checks its titles.
holds() {
	local user=$1 folder=$2 path
	shift 2
	for path in $(items "$user" "$folder"); do
		dav "$user" GET "$path" | tr -d '\r' | awk -F: '
			/^(SUMMARY|FN):/ { title = substr($0, index($0, ":") + 1) }
			/^(DTSTART|LOCATION|TEL|EMAIL)[;:]/ { more = more "  " $NF }
			END { print title "\t" title more }'
	done | sort >"$dir/held"
	printf '   /%s/ holds\n' "$folder"
	sed 's/.*\t/      /' "$dir/held"
	[ "$(cut -f 1 "$dir/held")" = "$([ $# = 0 ] || printf '%s\n' "$@" | sort)" ] || wrong "/$folder/ was to hold: $*"
}
