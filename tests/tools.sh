#!/bin/sh
# Programs of the host that some tests need; brought into .servers/ without root where Debian's or Ubuntu's packages can be had.
cd "$(dirname "$0")/.." || exit 1
packages='dovecot-core dovecot-imapd dovecot-lmtpd postfix strace'
PATH="$PWD/.servers/bin:$PATH:/usr/sbin"
here() { strace -V && { command -v "$1" || [ -x ".servers/root/usr/sbin/$1" ]; }; } >/dev/null 2>&1
all() { here dovecot && here postfix; }
all && exit 0
if command -v apt-get >/dev/null && command -v dpkg >/dev/null; then
	mkdir -p .servers/debs .servers/bin .servers/root .servers/lists/partial
	get() { (cd .servers/debs && apt-get download -q $(apt-get "$@" install -s --no-install-recommends $packages | sed -n 's/^Inst \([^ ]*\).*/\1/p')) >/dev/null 2>&1; }
	get || { lists="-o Dir::State::Lists=$PWD/.servers/lists"; apt-get $lists update >/dev/null 2>&1; get $lists; }
fi
