# What the plays of the recipes share; sourced by bash, with the recipe's directory in $here.
. "$here/../../play.sh"

# change shows what a plan says, applies it, and looks that nothing is to do after it.
change() {
	accord 2 plan -detailed-exitcode -out=reviewed.plan "$@"
	accord 0 apply -verify reviewed.plan
	rm "$dir/example/reviewed.plan"
}

# says FILE: what an item says, and each of its overrides: the title, then all else but what stores and Accord note for themselves.
says() {
	tr -d '\r' <"$1" | sed 's/\\,/,/g' | awk '
		function say(line) {
			if (line ~ /^BEGIN:(VTIMEZONE|VALARM)/) inner = substr(line, 7)
			if (inner == "" && line ~ /^(SUMMARY|FN):/) title = substr(line, index(line, ":") + 1)
			else if (inner == "" && line !~ /^(BEGIN|END|VERSION|PRODID|UID|DTSTAMP|CREATED|LAST-MODIFIED|SEQUENCE|REV|X-ACCORD-MARKER|N)[;:]/ ||
				inner == "VALARM" && line ~ /^TRIGGER/) more = more "         " line "\n"
			if (inner == "" && line ~ /^END:V(EVENT|TODO|CARD)/) { printf "      %s\n%s", title, more; title = more = "" }
			if (line == "END:" inner) inner = ""
		}
		/^[ \t]/ { unfolded = unfolded substr($0, 2); next }
		NR > 1 { say(unfolded) }
		{ unfolded = $0 }
		END { say(unfolded) }'
}

# holds FOLDER TITLE… shows what a folder holds, and checks its titles, those of overrides too.
holds() {
	local folder=$1 file
	shift
	for file in "$dir/example/$folder"/*; do
		[ ! -e "$file" ] || says "$file"
	done >"$dir/held"
	printf '   %s holds\n' "$folder"
	cat "$dir/held"
	[ "$(sed -n 's/^ \{6\}\([^ ]\)/\1/p' "$dir/held" | sort)" = "$([ $# = 0 ] || printf '%s\n' "$@" | sort)" ] || wrong "$folder was to hold: $*"
}

# item FOLDER TITLE: the file of the item with this title.
item() {
	local title
	title=$(printf '%s' "$2" | sed -e 's/[][\.*^$]/\\&/g' -e 's/,/\\\\,/g')
	grep -l -e "^SUMMARY:$title"$'\r*$' -e "^FN:$title"$'\r*$' "$dir/example/$1"/* || wrong "$1 holds no \"$2\""
}

# edit FOLDER TITLE BEFORE AFTER changes text in an item, as sed does. With a fifth argument that is said about it.
edit() {
	local file
	file=$(item "$1" "$2")
	grep -q -e "$3" "$file" || wrong "\"$2\" of $1 does not say \"$3\""
	sed "s/$3/$4/" "$file" >"$dir/edited"
	cat "$dir/edited" >"$file"
	printf '   In %s, "%s" %s.\n' "$1" "$2" "${5:-says \"$4\" now}"
}

# moves DAY WHEN… takes what the recipe has on each DAY to another one, which WHEN says from today on: "5 days". It is shown as DAY all the same.
moves() {
	local day file
	while [ $# -gt 0 ]; do
		day=$(date -d "$2" +%Y%m%d)
		printf 's/:%s/:@%s@/\n' "$1" "$1" >>"$dir/away"
		printf 's/@%s@/%s/\n' "$1" "$day" >>"$dir/there"
		poses "$day" "$1"
		shift 2
	done
	for file in "$dir"/example/*/*/*.ics; do
		sed -f "$dir/away" -f "$dir/there" "$file" >"$dir/edited"
		cat "$dir/edited" >"$file"
	done
	disguised
}

# first is what every play begins with.
first() {
	title 'A first plan, its apply, and nothing to do after it'
	change
}
