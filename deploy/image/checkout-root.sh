#!/bin/sh
# Lays out the root ($1) of the checkout image: git over HTTPS and git-lfs with just their libraries, certificates, a static busybox.
set -eu
root=$1
core=/usr/lib/git-core

sh "$(dirname "$0")/closure.sh" "$root" /usr/bin/git /usr/bin/git-lfs "$core/git-remote-http" "$core/git-remote-https" \
  "$core/git-submodule" "$core/git-sh-setup" "$core/git-sh-i18n" "$core/git-sh-i18n--envsubst" \
  /usr/share/git-core/templates/description /bin/busybox

ln -s ../../bin/git "$root$core/git"
for command in $(/bin/busybox --list); do
  [ -e "$root/bin/$command" ] || ln -s busybox "$root/bin/$command"
done

mkdir -p "$root/etc/ssl/certs" "$root/opt" "$root/proc" "$root/sys" "$root/dev"
mkdir -m 1777 "$root/tmp"
cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
echo 'hosts: files dns' >"$root/etc/nsswitch.conf"
echo 'argosy:x:65532:65532::/tmp:/bin/sh' >"$root/etc/passwd"
echo 'argosy:x:65532:' >"$root/etc/group"
