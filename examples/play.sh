# What all plays share; sourced by bash, with the example's directory in $here. The example is played in a copy, which is gone afterwards.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cp -R "$here" "$dir/example"
rm -rf "$dir/example/.accord" # what somebody left who ran the example as it stands
if [ -z "${ACCORD:-}" ]; then
	ACCORD=$dir/accord
	go build -C "$here" -o "$ACCORD" github.com/accord-sync/accord/cmd/accord
fi

title() { printf '\n== %s\n' "$*"; }

wrong() {
	printf '\nplay: this is not as it should be: %s\n' "$*" >&2
	exit 1
}

# accord CODE ARG… runs it on the copy, shows what it says, and checks how it ends.
accord() {
	local want=$1 code=0
	shift
	printf '   $ accord %s\n' "$*"
	"$ACCORD" -chdir "$dir/example" "$@" >"$dir/said" 2>&1 || code=$?
	sed -e 's/^\(.\)/   | \1/' -e 's/^$/   |/' "$dir/said"
	[ "$code" -eq "$want" ] || wrong "accord $* ended with exit code $code, and $want was to be expected"
}

# poses DAY AS has everything that is said of a day (20270115) shown as of another one, once disguised was called: a play that begins today says the same every day.
poses() {
	local form
	for form in %Y%m%d %F '%a %-d %b %Y'; do
		printf 's/%s/@%s@/g\n' "$(LC_ALL=C date -d "$1" "+$form")" "$(LC_ALL=C date -d "$2" "+$form")" >>"$dir/shown"
	done
}

disguised() { exec > >(sed -f "$dir/shown" -e 's/@\([^@]*\)@/\1/g'); }
