#!/bin/sh
# Tools of the host that some tests look through; brought into .servers/ without root where Debian's or Ubuntu's packages can be had.
cd "$(dirname "$0")/.." || exit 1
PATH="$PWD/.servers/bin:$PATH"
strace -V >/dev/null 2>&1 && exit 0
if command -v apt-get >/dev/null && command -v dpkg >/dev/null; then
	mkdir -p .servers/debs .servers/bin .servers/root
	(cd .servers/debs && apt-get download -q strace libunwind8 >/dev/null 2>&1)
	for deb in .servers/debs/*.deb; do [ -e "$deb" ] && dpkg -x "$deb" .servers/root; done
	cat >.servers/bin/strace <<-'END'
		#!/bin/sh
		root="$(dirname "$0")/../root"
		LD_LIBRARY_PATH="$(echo "$root"/usr/lib/*-linux-gnu)" exec "$root/usr/bin/strace" "$@"
	END
	chmod +x .servers/bin/strace
	strace -V >/dev/null 2>&1 && exit 0
	rm -rf .servers/bin/strace .servers/debs
fi
echo 'strace is not here, so the tests marked "server" that look through it are left out; to get them in: apt install strace'
