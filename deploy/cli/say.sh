# How the command speaks: a line a step with its time, and one sentence when it can't go on.
# shellcheck shell=bash

# Says what is wrong and how to go on, and ends.
fail() {
  printf 'tributary: %s\n' "$*" >&2
  exit $((BASH_SUBSHELL > 0 ? said : 1))
}
said=70 # How a subshell tells that the sentence was said already.

# An option and its value: what the value is, then what is left of the command.
needs_value() { # what, option, value...
  [[ -n ${3:-} ]] || fail "$2 needs $1."
}

# A command that failed where nothing was expected to: where, at least.
unforeseen() { # code, file, line, command
  trap - ERR
  ((BASH_SUBSHELL > 0)) || (($1 != said)) || exit 1
  ((BASH_SUBSHELL > 0)) ||
    printf 'tributary: Stopped at %s, line %s (%s gave %s); ./tributary doctor may know why.\n' \
      "$2" "$3" "${4%% *}" "$1" >&2
  exit "$1"
}

seconds_since() { # a value of EPOCHREALTIME
  local tenths=$(((${EPOCHREALTIME/./} - ${1/./}) / 100000))
  printf '%d.%d' $((tenths / 10)) $((tenths % 10))
}

# A step is begun and done; what is between may take long, so a terminal sees it begin.
begin() {
  step_began=$EPOCHREALTIME
  [[ ! -t 1 ]] || printf '         %s …\r' "$1"
}

finish() {
  [[ ! -t 1 ]] || printf '\r\033[K'
  printf '%6s s  %s\n' "$(seconds_since "$step_began")" "$1"
}

# Runs a command whose output matters only when it fails, without the locks this process holds: build servers that
# outlive it must not keep them.
quietly() { # log, command...
  local log=$1
  shift
  "$@" >"$log" 2>&1 </dev/null 8>&- 9>&-
}

# What a failed command's log says, in words that tell how to go on.
reason() { # log
  if grep -qiE 'no space left|disk full|ENOSPC' "$1" || disk_is_full; then
    echo "the disk is full; make room and run the same command again"
  elif grep -qiE "$no_network" "$1"; then
    echo "the network can't be reached; connect (or set the proxy) and run the same command again"
  else
    echo "$(grep -m1 -iE 'error|fail|denied|fatal' "$1" | cut -c1-300 | sed 's/[. ]*$//') (all of it: $1)"
  fi
}
no_network='NU1301|unable to load the service index|resolve host|name resolution|temporary failure resolving'
no_network+='|EAI_AGAIN|ENOTFOUND|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|network is unreachable'

disk_is_full() {
  local folder
  for folder in "$data" "$root" "$cache" /tmp; do
    [[ ! -d $folder ]] || (($(free_megabytes "$folder") > 1)) || return 0
  done
  return 1
}

free_megabytes() { # folder that exists
  df -Pm "$1" | awk 'NR == 2 { print $4 }'
}
