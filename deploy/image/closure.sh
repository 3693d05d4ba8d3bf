#!/bin/sh
# Copies programs, folders and links with every shared library that they need into an otherwise empty root.
#   closure.sh TARGET PATH...
# Paths stay as they are, links stay links and bring what they point to. The root gets Debian's merged /usr.
set -eu
target=$1
shift

mkdir -p "$target/usr/bin" "$target/usr/sbin" "$target/usr/lib" "$target/usr/lib64"
for folder in bin sbin lib lib64; do ln -sfn "usr/$folder" "$target/$folder"; done

# place PATH: the file and, where PATH is a link, the link too; the folders above are taken by their real names.
place() {
  folder=$(readlink -f "$(dirname "$1")")
  mkdir -p "$target$folder"
  cp -a "$1" "$target$folder/"
  [ ! -L "$1" ] || place_file "$(readlink -f "$1")"
}
place_file() {
  mkdir -p "$target$(dirname "$1")"
  cp -a "$1" "$target$1"
}
libraries_of() { ldd "$1" 2>/dev/null | grep -o '/[^ ]*' || true; }

for path in "$@"; do
  place "$path"
  find -L "$path" -type f | while read -r file; do
    for library in $(libraries_of "$file"); do place "$library"; done
  done
done
