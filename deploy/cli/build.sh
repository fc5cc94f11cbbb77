# From sources to what runs. Whatever is unchanged since it was last built is not built again.
# shellcheck shell=bash

# The native libraries, from the cache or made into it, where the projects look for them.
native() {
  native_library librdkafka "$root/shared/stand-ins/librdkafka/build"
}

# ClickHouse's engine is published for one kind of machine; elsewhere what needs it is skipped or says so.
native_clickhouse() {
  ! clickhouse_is_published || native_library libchdb "$root/shared/embedded-clickhouse/fetch"
}

clickhouse_is_published() { [[ $(uname -sm) == "Linux x86_64" ]]; }

native_library() { # name, command that prints its path
  local name=$1 maker=$2 library
  begin "Looking for $name"
  if ! library=$("$maker" --kept 2>/dev/null) && ! library=$(native_made "$name" "$maker"); then
    fail "$name could not be made: $(reason "$logs/$name.log")."
  fi
  mkdir -p "$kept/native"
  if [[ $(readlink "$kept/native/$name.so") == "$library" ]]; then return; fi
  ln -sfn "$library" "$kept/native/$name.so"
  finish "$name is in place"
}

# Makes a library, which takes a while, and shows on a terminal the last line of what its maker says.
native_made() { # name, command that prints its path
  local maker line
  quietly_reading "$logs/$1.log" "$2" &
  maker=$!
  while [[ -t 2 ]] && kill -0 "$maker" 2>/dev/null; do
    line=$(tail -n1 "$logs/$1.log" 2>/dev/null | cut -c1-60)
    printf '\r\033[K         Making %s … %s\r' "$1" "$line" >&2
    sleep 0.5
  done
  wait "$maker"
}

quietly_reading() { # log, command...: its output, and its complaints in the log
  local log=$1
  shift
  "$@" 2>"$log" </dev/null 8>&- 9>&-
}

# What a build depends on: every file but tests and prose, by path, size and time, and the SDK.
fingerprint() {
  {
    find "$root/services" "$root/shared" "$root"/*.props "$root/global.json" "$root/.editorconfig" \
      \( -name tests -o -name bench -o -name node_modules -o -name '*.md' \) -prune -o -type f -printf '%p %s %T@\n'
    readlink "$kept/native/librdkafka.so"
    sdk
  } | LC_ALL=C sort | sha256sum | cut -c1-16
}

# What a restore depends on: projects, versions and the SDK.
restore_fingerprint() {
  {
    find "$root/services" "$root/shared" -name '*.csproj' -print0 | LC_ALL=C sort -z | xargs -0 cat
    cat "$root"/*.props "$root"/*.slnx "$root/global.json"
    cat "$root"/[Nn]u[Gg]et.[Cc]onfig "${HOME:-}/.nuget/NuGet/NuGet.Config" 2>/dev/null || true
    sdk
  } | sha256sum | cut -c1-16
}

sdk() { readlink -f "$(command -v dotnet)"; ls "$(dirname "$(readlink -f "$(command -v dotnet)")")/sdk"; }

restored() { # name
  [[ $(cat "$kept/restored/$1" 2>/dev/null) == "$(restore_fingerprint)" && -d $root/artifacts/obj ]]
}

# Restores a project or the solution. Packages that this machine has had before come from its package folder.
restore() { # name, path
  if restored "$1"; then return; fi
  begin "Restoring packages for $1"
  quietly "$logs/restore.log" dotnet restore "$2" ||
    fail "The packages for $1 could not be restored: $(reason "$logs/restore.log")."
  mkdir -p "$kept/restored"
  restore_fingerprint >"$kept/restored/$1"
  finish "Restored packages for $1"
}

# Builds a program and sets `program` to its library. Each build has a folder of its own, so that one that runs is never
# written over.
publish() { # name, project
  local name=$1 project=$2 folder
  exec 8>>"$kept/build.lock"
  flock 8 # Two data folders of one checkout share its builds.
  folder=$kept/built/$name-$(fingerprint)
  program=$folder/$(assembly "$project").dll
  if [[ ! -f $program ]]; then
    restore "$name" "$project"
    begin "Building $name"
    rm -rf "$folder.part"
    compile "$name" "$project" "$folder.part"
    mv -T "$folder.part" "$folder"
    forget_builds "$name" "$folder"
    finish "Built $name"
  fi
  exec 8>&-
}

assembly() { # project
  local name
  name=$(sed -n 's:.*<AssemblyName>\(.*\)</AssemblyName>.*:\1:p' "$1")
  echo "${name:-Tributary.$(basename "$1" .csproj)}"
}

compile() { # name, project, folder
  local publish=(dotnet publish "$2" -c Release -o "$3" --no-restore "${build_options[@]}")
  quietly "$logs/build.log" "${publish[@]}" && return
  # What an interrupted build left behind can't be told from what it should be: once more, from the start.
  if grep -qE 'NETSDK1004|NETSDK1064|MSB4018|MSB3[0-9]{3}|CS0006|CS0009' "$logs/build.log" && ! disk_is_full; then
    rm -rf "$root/artifacts/obj" "$root/artifacts/bin" "$kept/restored" "$3"
    restore "$1" "$2"
    quietly "$logs/build.log" "${publish[@]}" && return
  fi
  end_compiler
  fail "$1 did not build: $(reason "$logs/build.log")."
}

# The compiler serves all builds of a command and would stay for ten minutes after it: one of our own, so that it can be
# ended when they are done, and no one else's is.
compiler=tributary-$$-$RANDOM
build_options=(-nodeReuse:false "-p:SharedCompilationId=$compiler")

end_compiler() {
  local pid
  { grep -lsF -- "-pipename:$compiler" /proc/[0-9]*/cmdline || true; } | cut -d/ -f3 |
    while read -r pid; do kill "$pid" 2>/dev/null || true; done
}

# Builds that no process runs any more.
forget_builds() { # name, folder to keep
  local folder
  for folder in "$kept/built/$1"-*; do
    [[ $folder == "$2" ]] || grep -qsF "$folder/" /proc/[0-9]*/cmdline || rm -rf "$folder"
  done
}

# The operators' tool, on the databases and topics of this data folder.
operations() { # command, arguments...
  make_folders
  require_sdk
  publish operations "$root/shared/operations/src/Operations.csproj"
  end_compiler
  (($(wc -c 2>/dev/null <"$data/secrets" || echo 0))) || fail "Nothing was ever started in $data; ./tributary up first."
  addresses
  exec dotnet "$program" "$@"
}

# Counts topics, tables and views anew; the service's own program does it.
verify() { # arguments...
  make_folders
  require_sdk
  publish ingestion "$root/services/ingestion/src/Ingestion.csproj"
  (($(wc -c 2>/dev/null <"$data/secrets" || echo 0))) || fail "Nothing was ever started in $data; ./tributary up first."
  addresses
  exec dotnet "$program" --verify "$@"
}
