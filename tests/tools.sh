#!/bin/sh
# Tools of the host that some tests look through; brought into .servers/ without root where Debian's or Ubuntu's packages can be had.
cd "$(dirname "$0")/.." || exit 1
PATH="$PWD/.servers/bin:$PATH"
command -v strace >/dev/null && exit 0
if command -v apt-get >/dev/null && command -v dpkg >/dev/null; then
	mkdir -p .servers/debs .servers/bin .servers/root
	(cd .servers/debs && apt-get download -q strace libunwind8 >/dev/null 2>&1)
	for deb in .servers/debs/*.deb; do [ -e "$deb" ] && dpkg -x "$deb" .servers/root; done
	if [ -x .servers/root/usr/bin/strace ]; then
		printf '#!/bin/sh\nroot="$(dirname "$0")/../root"\nLD_LIBRARY_PATH="$(echo "$root"/usr/lib/*-linux-gnu):$LD_LIBRARY_PATH" exec "$root/usr/bin/strace" "$@"\n' >.servers/bin/strace
		chmod +x .servers/bin/strace
		exit 0
	fi
fi
echo 'strace is not here, so the tests marked "server" that look through it are left out; to get them in: apt install strace'
