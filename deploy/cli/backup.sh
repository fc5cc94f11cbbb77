# backup and restore: what the machine would have on its disks if it were switched off, in a folder of its own.
# shellcheck shell=bash

# Everything stands still while it is copied, but PostgreSQL, to which nothing writes then: offsets, blocks and log are
# of the same moment, and a restore is what a start after `kill -9` is.
backup() { # folder
  (($# == 1)) || fail "backup takes one folder, which it makes: ./tributary backup DIR"
  local target postgres_ran='' began=$EPOCHREALTIME
  target=$(realpath -m -- "$1")
  [[ -d $data/postgres ]] || fail "Nothing was ever started in $data; there is nothing to back up."
  [[ $target/ != "$data"/* ]] || fail "$target lies in the data folder itself; choose another folder."
  [[ ! -e $target ]] || { [[ -d $target ]] && rmdir "$target" 2>/dev/null; } ||
    fail "$target is there already, and a backup is not written over anything; choose another folder."
  mkdir -p "$(dirname "$target")" 2>/dev/null || fail "$(dirname "$target") can't be made; choose another folder."
  lock
  refuse_half_restored
  require_room "$(dirname "$target")" $(($(megabytes_of_data) + room_megabytes))
  unfinished=$target.part
  trap end_backup EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  rm -rf "$unfinished"
  (umask 077 && mkdir "$unfinished") || fail "$(dirname "$target") can't be written; choose another folder."

  ! pid_of postgres >/dev/null || postgres_ran=yes
  pause_standalone
  start_postgres
  dump_postgres "$unfinished"
  copy_folders "$unfinished"
  [[ -n $postgres_ran ]] || stop postgres 10 INT
  resume_standalone
  seal "$unfinished"
  mv -T "$unfinished" "$target"
  unlock
  printf '%6s s  Backed up to %s (%s MB, passwords and keys included: keep it as safe as the data)\n' \
    "$(seconds_since "$began")" "$target" "$(du -sm "$target" | cut -f1)"
}

# However a backup ends, what ran runs again, and no half of one is left.
end_backup() {
  trap - EXIT
  resume_standalone
  rm -rf "$unfinished"
}

# What the standalone process was started with, to start the same again: its environment may hold what an operator gave
# to `up` and to nobody since.
pause_standalone() {
  paused_command=()
  local pid child end=$((SECONDS + 10))
  pid=$(pid_of standalone) || return 0
  mapfile -d '' -t paused_command <"/proc/$pid/cmdline"
  mapfile -d '' -t paused_environment <"/proc/$pid/environ"
  paused_folder=$(readlink "/proc/$pid/cwd")
  begin "Stopping Tributary"
  stop standalone 11 TERM
  for child in "$kafka_port" "$clickhouse_port"; do
    while listener "$child" >/dev/null && ((SECONDS < end)); do sleep 0.05; done
  done
  finish "Stopped Tributary for as long as it is copied"
}

resume_standalone() {
  ((${#paused_command[@]} > 0)) || return 0
  begin "Starting Tributary"
  (
    for variable in "${paused_environment[@]}"; do
      # Names that are none to the shell (of functions, say) were not meant for the process.
      [[ ! $variable =~ ^[A-Za-z_][A-Za-z0-9_]*= ]] || export "${variable?}" 2>/dev/null || true
    done
    launch standalone - env -C "$paused_folder" "${paused_command[@]}"
  )
  paused_command=()
  await standalone 60 standalone_ready || fail "Tributary did not become ready again: $(last_words standalone)."
  finish "Tributary is ready again"
}
paused_command=()

# The folders of the data folder that are copied as they are: all but PostgreSQL's, which is dumped; Redis's, which
# holds what can be made anew; and what belongs to the command and the checkout.
kept_folders() {
  local other others=()
  for other in postgres redis logs run lock restoring native built build.lock restored formatted test '*.part'; do
    others+=(! -name "$other")
  done
  find "$data" -mindepth 1 -maxdepth 1 "${others[@]}" -printf '%f\n' | LC_ALL=C sort
}

megabytes_of_data() {
  local folder paths=("$data/postgres/")
  while read -r folder; do paths+=("$data/$folder"); done < <(kept_folders)
  du -smc "${paths[@]}" 2>/dev/null | tail -n1 | cut -f1
}

require_room() { # folder, megabytes
  (($(free_megabytes "$1") >= $2)) ||
    fail "$2 MB may be needed on the disk of $1 and $(free_megabytes "$1") are free; make room or choose another."
}

as_superuser() { # program, arguments...
  local folder program=$1
  shift
  folder=$(realpath "$data/postgres")
  "$(postgres_programs "$folder/cluster")/$program" -h "$folder" -p "$postgres_port" -U postgres "$@"
}

dump_postgres() { # folder
  begin "Dumping PostgreSQL"
  as_superuser pg_dump -Fc -f "$1/postgres.dump" tributary 2>"$logs/backup.log" ||
    fail "PostgreSQL could not be dumped: $(reason "$logs/backup.log")."
  as_superuser pg_dumpall --roles-only --no-role-passwords -f "$1/roles.sql" 2>"$logs/backup.log" ||
    fail "PostgreSQL's roles could not be dumped: $(reason "$logs/backup.log")."
  finish "Dumped PostgreSQL"
}

copy_folders() { # folder
  local folder
  mkdir "$1/files"
  while read -r folder; do
    begin "Copying $folder"
    copy "$data/$folder" "$1/files/$folder"
    finish "Copied $folder ($(du -sm "$1/files/$folder" | cut -f1) MB)"
  done < <(kept_folders)
}

copy() { # from, to
  cp -a --no-preserve=ownership --reflink=auto "$1" "$2" 2>"$logs/backup.log" ||
    fail "$1 could not be copied: $(reason "$logs/backup.log")."
}

# What the backup is, and the sum of every file.
seal() { # folder
  begin "Summing up"
  (cd "$1" && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 -r sha256sum) >"$1.sums"
  mv "$1.sums" "$1/sums"
  (
    cd "$1" || exit
    {
      echo "tributary-backup 1"
      echo "made $(date -u +%Y-%m-%dT%H:%M:%SZ)"
      echo "of $(uname -n):$data"
      echo "postgres $(<"$(realpath "$data/postgres")/cluster/PG_VERSION") $(stat -c %s postgres.dump)"
      echo "engine $(engine_version)"
      for folder in files/*; do echo "folder ${folder#files/} $(du -sb "$folder" | cut -f1)"; done
      echo "sums $(sha256sum <sums | cut -d' ' -f1)"
    } >manifest
    sync -f manifest
  )
  finish "Summed up $(wc -l <"$1/sums") files"
}

engine_version() { sed -n 's/^package=[^ ]*gnu@\([0-9.]*\).*/\1/p' "$root/shared/embedded-clickhouse/fetch"; }

restore_backup() { # folder, --replace
  local source='' replace='' began=$EPOCHREALTIME
  while (($#)); do
    case $1 in
      --replace) replace=yes ;;
      -*) fail "restore knows --replace, not '$1'." ;;
      *) [[ -z $source ]] || fail "restore takes one folder: ./tributary restore DIR [--replace]"; source=$1 ;;
    esac
    shift
  done
  [[ -n $source ]] || fail "restore takes the folder of a backup: ./tributary restore DIR [--replace]"
  source=$(realpath -m -- "$source")
  make_folders
  lock
  check_place "$replace"
  check_backup "$source"
  require_room "$data" $(($(du -sm "$source" | cut -f1) * 2 + room_megabytes))
  prepare_machine

  postgres_was=none
  [[ ! -d $data/postgres ]] || postgres_was=stopped
  ! pid_of postgres >/dev/null || postgres_was=running
  trap end_restore EXIT
  start_postgres
  load_postgres "$source"
  load_folders "$source"
  # From here to the end a break leaves some of the old and some of the new: the mark says so to the next command.
  echo "$source" >"$data/restoring"
  replace_all
  rm "$data/restoring"
  postgres_was=stopped
  end_restore
  unlock
  printf '%6s s  Restored what was backed up at %s; ./tributary up starts it\n' "$(seconds_since "$began")" \
    "$(sed -n 's/^made //p' "$source/manifest")"
}

# PostgreSQL runs as before; where there was nothing, there is nothing again.
end_restore() {
  trap - EXIT
  rm -rf "$data/restored.part"
  [[ $postgres_was == running ]] || stop postgres 10 INT
  [[ $postgres_was != none ]] || remove "$data/postgres"
}

refuse_half_restored() {
  [[ ! -f $data/restoring ]] ||
    fail "A restore into $data was broken off; finish it: ./tributary restore $(<"$data/restoring") --replace"
}

# Nothing runs there, and nothing is there but what may be replaced.
check_place() { # --replace
  local there
  ! pid_of standalone >/dev/null || fail "Tributary runs in $data; ./tributary down first."
  there=$( ([[ ! -d $data/postgres ]] || echo postgres; kept_folders | sed '/^secrets$/d') | paste -sd' ')
  [[ -z $there || -n $1 ]] ||
    fail "There are data in $data ($there); with --replace the backup takes their place, and they are gone then."
}

# Whole, of this kind, and not of a newer version than what is to read it: found out before anything is changed.
check_backup() { # folder
  local version
  [[ -f $1/manifest && $(head -n1 "$1/manifest") == tributary-backup\ * ]] ||
    fail "$1 is not a backup that ./tributary made: it has no manifest."
  [[ $(head -n1 "$1/manifest") == "tributary-backup 1" ]] ||
    fail "$1 was made by a newer Tributary; restore it with that one."
  version=$(sed -n 's/^engine //p' "$1/manifest")
  [[ $(printf '%s\n' "$version" "$(engine_version)" | sort -V | tail -n1) == "$(engine_version)" ]] ||
    fail "$1 holds data of ClickHouse $version and this is $(engine_version); restore it with a newer Tributary."
  begin "Checking the backup"
  [[ $(sha256sum 2>/dev/null <"$1/sums" | cut -d' ' -f1) == $(sed -n 's/^sums //p' "$1/manifest") ]] ||
    fail "The backup in $1 is damaged (sums); nothing was changed."
  (cd "$1" && sha256sum --check --quiet --strict sums) >"$logs/backup.log" 2>&1 ||
    fail "The backup in $1 is damaged ($(grep -m1 ': ' "$logs/backup.log" | cut -c1-200)); nothing was changed."
  finish "The backup is whole"
}

# Into a database beside the one that is there. The roles are those of services, none of which may log in.
load_postgres() { # folder
  local version
  version=$(sed -n 's/^postgres \([0-9]*\).*/\1/p' "$1/manifest")
  (($(<"$(realpath "$data/postgres")/cluster/PG_VERSION") >= version)) ||
    fail "The backup is of PostgreSQL $version, newer than the one in $data; restore it into an empty --data DIR."
  begin "Restoring PostgreSQL"
  sed -E 's/^CREATE ROLE (.*);$/do $$ begin create role \1; exception when duplicate_object then null; end $$;/' \
    "$1/roles.sql" | as_superuser psql -XqAt -v ON_ERROR_STOP=1 -d postgres >"$logs/backup.log" 2>&1 ||
    fail "PostgreSQL's roles could not be restored: $(reason "$logs/backup.log"); nothing was replaced."
  ask_postgres 'drop database if exists tributary_restoring'
  ask_postgres 'create database tributary_restoring owner tributary'
  as_superuser pg_restore --exit-on-error -d tributary_restoring "$1/postgres.dump" >"$logs/backup.log" 2>&1 ||
    fail "PostgreSQL could not be restored: $(reason "$logs/backup.log"); nothing was replaced."
  finish "Restored PostgreSQL beside what is there"
}

ask_postgres() { # statement
  as_superuser psql -XqAt -v ON_ERROR_STOP=1 -d postgres -c "$1" >"$logs/backup.log" 2>&1 ||
    fail "PostgreSQL refused '$1': $(reason "$logs/backup.log")."
}

load_folders() { # folder
  local folder
  rm -rf "$data/restored.part"
  mkdir "$data/restored.part"
  for folder in "$1/files"/*; do
    begin "Copying $(basename "$folder")"
    copy "$folder" "$data/restored.part/$(basename "$folder")"
    finish "Copied $(basename "$folder")"
  done
}

# The outbox needs no word: a database that was made anew gives it a new id. Redis begins anew, because what it keeps
# was made of data that are not there any more.
replace_all() {
  local folder
  ask_postgres 'drop database if exists tributary with (force)'
  ask_postgres 'alter database tributary_restoring rename to tributary'
  while read -r folder; do rm -rf "${data:?}/$folder"; done < <(kept_folders)
  for folder in "$data/restored.part"/*; do mv -T "$folder" "$data/$(basename "$folder")"; done
  rmdir "$data/restored.part"
  stop redis 2 TERM
  remove "$data/redis"
}
