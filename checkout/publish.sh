# The second part of the first container, where a job may store caches: puts those that it says where Argo's executor finds them. checkout.sh
# becomes this, as `busybox sh publish.sh FOLDER`, with nothing of its environment but PATH, once the job may start.
#
# In:  lines with numbers of caches, from FOLDER/in/.caches, which run.sh holds open until it ends, however it does.
# Out: FOLDER/out/cache.NNN.N, the files that the job wrote, under names which it cannot write to. Of a line that names none of them, nothing.

set -uf

folder=$1
trap 'exit 0' TERM
while IFS= read -r number; do
  case $number in
    [0-9][0-9][0-9]) ;;
    *) continue ;;
  esac
  for place in 1 2; do
    [ ! -f "$folder/held/cache.$number.$place" ] ||
      mv "$folder/held/cache.$number.$place" "$folder/out/cache.$number.$place"
  done
done <"$folder/in/.caches"
exit 0
