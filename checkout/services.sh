# Waits until a job's services are ready, from where the job's steps will reach them: `busybox sh services.sh`, started by run.sh without
# any variable.
#
# In:  ../job/services: a line with how many seconds a service may take, then one for each service that there is something to ask of:
#      NAME ports PORT..., NAME http PORT PATH or NAME command. What a command says, the service's own probe leaves in ../services/NAME.ready,
#      NAME.late and NAME.said; ../started and ../job/times, since no job waits for longer than it may run.
# Out: nothing where all are ready. Else exit code 1, a line that names the first that is not, and what the result says of it on the third
#      descriptor.

set -uf

root=${0%/bin/services.sh}
busybox=$root/bin/busybox

# Whether somebody listens on a port of this pod; `true` is what is given the connection.
listens() {
  "$busybox" nc -w 2 127.0.0.1 "$1" -e "$busybox" true 2>/dev/null
}

# The code of the answer to `GET PATH`, in $answer; empty where there is none.
ask() {
  answer=$("$busybox" nc -w 5 127.0.0.1 "$1" -e "$busybox" sh -c '
    printf "GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n" "$1"
    read -r -t 5 protocol code rest
    case $protocol in HTTP/*) printf %s "$code" >&4 ;; esac' sh "$2" 4>&1 2>/dev/null)
  case $answer in
    [1-5][0-9][0-9]) ;;
    *) answer= ;;
  esac
}

# What is wrong with a service, in $why, and what the result says of that, in $said; empty where it is ready.
# look NAME KIND [PORT...] [PATH]
look() {
  local name=$1 kind=$2 port
  why=
  said=
  shift 2
  case $kind in
    ports)
      for port do
        listens "$port" && continue
        why="nothing listens on port $port"
        said=",\"port\":$port"
        return
      done
      ;;
    http)
      ask "$1" "$2"
      case $answer in
        [23]??) ;;
        '')
          why="no answer on port $1"
          said=",\"port\":$1"
          ;;
        *)
          why="it answers $answer"
          said=",\"answer\":$answer"
          ;;
      esac
      ;;
    command)
      [ ! -e "$root/services/$name.ready" ] || return
      why="its command does not succeed"
      [ ! -s "$root/services/$name.said" ] || why="$why: $("$busybox" tail -n 1 "$root/services/$name.said" | "$busybox" cut -c1-300)"
      ;;
  esac
}

# The first service that is not ready, in $name, with $why; returns 1 where all are.
first_unready() {
  local line
  while read -r line; do
    # shellcheck disable=SC2086
    set -- $line
    look "$@"
    name=$1
    [ -z "$why" ] || return 0
  done <<END
$services
END
  return 1
}

{
  read -r seconds
  services=$("$busybox" cat)
} <"$root/job/services"
read -r started <"$root/started"
read -r timeout _ <"$root/job/times"
began=$("$busybox" date +%s)
end=$((began + seconds))
[ "$end" -le $((started + timeout)) ] || end=$((started + timeout))
waited=
while first_unready; do
  now=$("$busybox" date +%s)
  if [ "$now" -ge "$end" ] || [ -e "$root/services/$name.late" ]; then
    echo "==> not started: service $name is not ready: $why"
    printf '"reason":"service-not-ready","service":"%s"%s' "$name" "$said" >&3
    exit 1
  fi
  [ "$waited" = "$name" ] || echo "==> waiting for service $name: $why"
  waited=$name
  "$busybox" sleep 1
done
