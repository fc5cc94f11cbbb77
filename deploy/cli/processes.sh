# Processes that outlive this command. One is known by its pid and the moment it started, so that a pid which the system
# gave to another process since is never taken for it.
# shellcheck shell=bash

# When a process started, in ticks since boot; nothing for one that is gone or a zombie.
born() { # pid
  local line fields
  { read -r line <"/proc/$1/stat"; } 2>/dev/null || return 1
  read -ra fields <<<"${line##*) }" # The name in brackets may hold anything.
  [[ ${fields[0]} != Z ]] && echo "${fields[19]}"
}

# The pid of a part that runs.
pid_of() { # name
  local pid moment
  { read -r pid moment <"$run/$1.pid"; } 2>/dev/null && [[ $(born "$pid") == "$moment" ]] && echo "$pid"
}

# Starts a part in a session of its own, so that the terminal's ^C and end do not reach it.
launch() { # name, user or -, command...
  local name=$1 user=$2 log=$logs/$1.log as=()
  shift 2
  [[ $user == - ]] || as=(setpriv "--reuid=$user" "--regid=$(id -g "$user")" --init-groups)
  if [[ -f $log ]] && (($(stat -c %s "$log") > log_bytes_max)); then mv -f "$log" "$log.1"; fi
  (cd / && exec setsid "${as[@]}" "$@") </dev/null >>"$log" 2>&1 8>&- 9>&- &
  printf '%s %s\n' $! "$(born $!)" >"$run/$name.pid"
  disown # The shell has no say in how it ends.
}
log_bytes_max=$((64 << 20))

# Waits until a check succeeds; fails at once when the part ends, and after the bound.
await() { # name, seconds, check...
  local name=$1 end=$((SECONDS + $2))
  shift 2
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < end)) && pid_of "$name" >/dev/null || return 1
    sleep 0.05
  done
}

# A part that runs and says nothing: stopped by a signal, or hung.
fail_silent() { # what, name
  local pid
  pid=$(pid_of "$2") || fail "$1 ended in between; run the same command again."
  ! grep -q '^State:.*T (stopped)' "/proc/$pid/status" ||
    fail "$1 (process $pid) was stopped by a signal; 'kill -CONT $pid' lets it go on."
  fail "$1 (process $pid) does not answer; './tributary logs $2' may say why, './tributary down' ends it."
}

# Asks a part to stop, and ends it when it does not within the bound.
stop() { # name, seconds, signal
  local pid end=$((SECONDS + $2))
  pid=$(pid_of "$1") || { rm -f "$run/$1.pid"; return 0; }
  kill "-$3" "$pid" 2>/dev/null || true # It may have ended in between.
  while pid_of "$1" >/dev/null; do
    ((SECONDS < end)) || kill -KILL "$pid" 2>/dev/null || true
    sleep 0.05
  done
  rm -f "$run/$1.pid"
}

# Who listens on a port of this machine, as "name, process N"; nothing when it is free.
listener() { # port
  local socket folder pid hex
  hex=$(printf '%04X' "$1")
  socket=$(awk -v port=":$hex" '$4 == "0A" && substr($2, length($2) - 4) == port { print $10; exit }' \
    /proc/net/tcp /proc/net/tcp6 2>/dev/null)
  [[ -n $socket ]] || return 1
  for folder in /proc/[0-9]*/fd; do
    if find "$folder" -lname "socket:\[$socket\]" 2>/dev/null | grep -q .; then
      pid=${folder#/proc/}
      pid=${pid%/fd}
      echo "$(tr '\0' ' ' <"/proc/$pid/cmdline" | cut -c1-80 | sed 's/ *$//'), process $pid"
      return
    fi
  done
  echo "a process of another user"
}

# A port that a part is about to take must be free; one that ends with what was killed is waited for.
claim() { # port, for what
  local who end=$((SECONDS + 5))
  while who=$(listener "$1"); do
    if ((SECONDS >= end)) || ! is_ending "${who##* }"; then
      fail "Port $1, meant for $2, is taken ($who); stop that, or choose other ports with --port-base N."
    fi
    sleep 0.05
  done
}

# A process whose memory the system is taking back, or a child, which the end of its parent ends a moment later.
is_ending() { # pid
  [[ -z $(tr -d '\0' 2>/dev/null <"/proc/$1/cmdline") ]] ||
    grep -qz '^TRIBUTARY_CHILD=' "/proc/$1/environ" 2>/dev/null
}

# A folder that the part's user owns and can reach. Where the data folder lies under one that is closed to that user
# (root's home, say), it is kept under /var/lib/tributary and linked to.
folder_for() { # name, user or -
  local folder=$data/$1 user=$2 real
  if [[ -L $folder && ! -d $folder ]]; then
    fail "$folder points to $(readlink "$folder"), which is gone; bring it back, or remove $folder to begin anew."
  fi
  if [[ $user != - ]] && ! setpriv "--reuid=$user" "--regid=$(id -g "$user")" --init-groups test -x "$data"; then
    if [[ ! -e $folder ]]; then
      real=/var/lib/tributary/$(sha256sum <<<"$data" | cut -c1-12)/$1
      mkdir -p "$real"
      ln -s "$real" "$folder"
    fi
  fi
  mkdir -p "$folder"
  folder=$(realpath "$folder")
  [[ $user == - ]] || chown "$user:" "$folder"
  chmod 700 "$folder"
  echo "$folder"
}
