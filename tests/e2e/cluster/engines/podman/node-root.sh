#!/bin/bash
# Turns a plain Debian root ($1) into what kind calls its base image: the RUN steps of kind's images/base/Dockerfile, with Debian's
# containerd, runc and CNI plugins linked to where kind's units look for them. kind's own files come in a layer above.
# Then packs what kube-proxy's image needs of it, a few MB instead of a second root, into $KUBE_PROXY_LAYER.
set -euo pipefail
root=$1
cp "$CLOSURE" "$root/closure.sh"
chroot "$root" sh /closure.sh /kube-proxy /usr/sbin/xtables-*-multi /usr/sbin/nft /usr/sbin/conntrack /usr/lib/*/xtables \
  /usr/sbin/ip{,6}tables{,-save,-restore,-legacy,-legacy-save,-legacy-restore,-nft,-nft-save,-nft-restore} /etc/alternatives
mkdir -m 1777 "$root/kube-proxy/tmp"
tar -C "$root/kube-proxy" -cf "$KUBE_PROXY_LAYER" .
rm -r "$root/kube-proxy" "$root/closure.sh"

cd "$root"
find lib/systemd/system/sysinit.target.wants/ -name systemd-tmpfiles-setup.service -delete
rm -f lib/systemd/system/multi-user.target.wants/* etc/systemd/system/*.wants/* lib/systemd/system/local-fs.target.wants/* \
  lib/systemd/system/sockets.target.wants/*udev* lib/systemd/system/sockets.target.wants/*initctl* lib/systemd/system/basic.target.wants/*
echo ReadKMsg=no >>etc/systemd/journald.conf
ln -sf /dev/null etc/systemd/system/systemd-binfmt.service
for program in containerd containerd-shim-runc-v2 ctr; do ln -sf /usr/bin/$program usr/local/bin/$program; done
ln -sf /usr/sbin/runc usr/local/sbin/runc
mkdir -p opt/cni/bin etc/kubernetes/manifests etc/containerd etc/cni/net.d
cp usr/lib/cni/* opt/cni/bin/
# Without rlimits: raising one needs CAP_SYS_RESOURCE.
chroot . ctr oci spec |
  chroot . jq '.hooks.createContainer += [{"path": "/kind/bin/mount-product-files.sh"}] | del(.process.rlimits)' >etc/containerd/cri-base.json
rm -f etc/machine-id etc/hostname etc/resolv.conf
rm -rf var/lib/apt/lists/* var/cache/apt/*.bin
