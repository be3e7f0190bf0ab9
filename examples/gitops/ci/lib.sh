# shellcheck shell=bash
# What the steps share: bash's strict mode, the directory out/, and the program. Each step begins with it.
#
#   ACCORD       the program, as an absolute path; without it, it is built from
#   ACCORD_SOURCE, a checkout of its source
#   ACCORD_VAR_state and ACCORD_VAR_password, as main.hcl says
#   ACCORD_TITLES=hidden, where more people read the repository than the calendars
#   ACCORD_FORGE the program in ci/forge that speaks with who holds the repository; found by itself at GitHub and GitLab
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
mkdir -p -m 700 out

fail() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

with_program() {
	if [ -z "${ACCORD:-}" ]; then
		[ -n "${ACCORD_SOURCE:-}" ] || fail 'there is no program: set ACCORD to it, or ACCORD_SOURCE to a checkout of its source'
		ACCORD=$PWD/out/accord
		go build -C "$ACCORD_SOURCE" -o "$ACCORD" ./cmd/accord
	fi
	[ -x "$ACCORD" ] || fail "ACCORD=$ACCORD is no program"
}

# with_state makes sure that the state is one that outlives the job. A disk that is not mounted would look like a state with nothing in it.
with_state() {
	case ${ACCORD_VAR_state:-} in
	/*) [ -d "${ACCORD_VAR_state%/*}" ] || fail "ACCORD_VAR_state=$ACCORD_VAR_state: the directory above it is not there. Is its disk mounted?" ;;
	*) fail 'set ACCORD_VAR_state to where the state is: an absolute path, on a disk that outlives the job' ;;
	esac
}

# accord runs the program, with or without titles.
accord() {
	local verb=$1
	shift
	if [ -n "${ACCORD_TITLES:-}" ] && { [ "$verb" = plan ] || [ "$verb" = apply ]; }; then
		set -- "-titles=$ACCORD_TITLES" "$@"
	fi
	"$ACCORD" "$verb" "$@"
}

forge() {
	if [ -z "${ACCORD_FORGE:-}" ]; then
		if [ -n "${GITHUB_ACTIONS:-}" ]; then
			ACCORD_FORGE=ci/forge/github
		elif [ -n "${GITLAB_CI:-}" ]; then
			ACCORD_FORGE=ci/forge/gitlab
		else
			fail 'this is neither GitHub nor GitLab: set ACCORD_FORGE'
		fi
	fi
	"$ACCORD_FORGE" "$@"
}

# quoted is a text as Markdown takes it for code, whatever is in it, and as much of it as a comment holds.
quoted() {
	awk 'NR > 300 || (size += length($0) + 5) > 50000 { cut++; next }
		{ print "    " $0 }
		END { if (cut) print "\n" cut " more lines are in the log of the job." }'
}
