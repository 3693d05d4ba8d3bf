# go.mod points at staging/ folders that a module zip leaves out; the same code is published as k8s.io/X v0.34.3.
rm -rf go.work go.work.sum vendor
sed -i -E '/=> \.\/staging\//d; s#^(\s+k8s\.io/[a-z-]+) v0\.0\.0$#\1 v0.34.3#' go.mod
