#!/bin/sh
# Programs of the host that tests marked "server" need. Where they are not installed they are unpacked into .servers/, without
# root, if Debian's or Ubuntu's packages can be had: tests/tools.sh. For everybody on this host, as root: tests/tools.sh install.
cd "$(dirname "$0")/.." || exit 1
packages='dovecot-core dovecot-imapd dovecot-lmtpd postfix postgresql strace'
PATH="$PATH:/usr/sbin" here="$PWD/.servers" root="$PWD/.servers/root" lists=

needed() { apt-get $lists install -s --no-install-recommends $packages 2>&1; }

if [ "$1" = install ]; then
	if needed | grep -q '^Remv'; then
		echo 'apt would remove the mail server of this host; nothing was installed. make test unpacks what it needs into .servers/'
		exit 1
	fi
	DEBIAN_FRONTEND=noninteractive exec apt-get install -q -y --no-install-recommends $packages
fi

missing() {
	for program in dovecot postfix; do
		command -v $program >/dev/null || [ -x "$root/usr/sbin/$program" ] || echo $program
	done
	ls /usr/lib/postgresql/*/bin/postgres "$root"/usr/lib/postgresql/*/bin/postgres 2>/dev/null | grep -q . || echo postgresql
	"$here/bin/strace" -V >/dev/null 2>&1 || strace -V >/dev/null 2>&1 || echo strace
}

fetch() { (cd "$here/debs" && apt-get $lists download -q $(needed | sed -n 's/^Inst \([^ ]*\).*/\1/p')) >/dev/null 2>&1; }

[ "$(missing)" ] || exit 0
if command -v apt-get >/dev/null && command -v dpkg >/dev/null; then
	mkdir -p "$here/debs" "$here/bin" "$root" "$here/lists/partial"
	fetch || { # this host has no lists of packages, or old ones: lists of our own need no root
		lists="-o Dir::State::Lists=$here/lists -o Dir::Cache=$here"
		apt-get $lists update >/dev/null 2>&1
		fetch
	}
	for deb in "$here"/debs/*.deb; do [ -e "$deb" ] && dpkg -x "$deb" "$root"; done
	rm -rf "$here/debs"
	if [ -e "$root/usr/bin/strace" ]; then
		printf '#!/bin/sh\nLD_LIBRARY_PATH="$(echo "%s"/usr/lib/*-linux-gnu)" exec "%s/usr/bin/strace" "$@"\n' "$root" "$root" >"$here/bin/strace"
		chmod +x "$here/bin/strace"
	fi
fi
[ -z "$(missing)" ] || echo "Left out, since they are not here: the tests that need $(missing | tr '\n' ' ')- to get them in: make servers, as root (or: apt install $packages)"
