# The first organisation and its keys. The accounts service makes them; whoever may read the data folder may ask for it.
# shellcheck shell=bash

# Makes the organisation where there is none, and shows what may be shown; an administrator's key this once.
first_organisation() {
  local said write_key api_key
  said=$(accounts_say --first-organisation) || exit 1
  write_key=$(named write_key "$said")
  api_key=$(named api_key "$said")
  if [[ -n $api_key ]]; then show_key "$api_key"; fi
  [[ -n $write_key ]] || return 0
  printf '          %s\n' "send an event:"
  printf "            curl -u %s: -H 'Content-Type: application/json' \\\\\n" "$write_key"
  printf "              -d '%s' http://%s/v1/track\n" '{"userId":"ada","event":"Hello"}' "$http_address"
}

# A further administrator's key, for who lost theirs; those before stay good.
key() {
  local said
  make_folders
  require_sdk
  publish standalone "$root/services/standalone/src/Standalone.csproj"
  end_compiler
  pid_of postgres >/dev/null || fail "Tributary does not run in $data; ./tributary up first."
  addresses
  said=$(accounts_say --administrator-key) || exit 1
  show_key "$(named api_key "$said")"
}

accounts_say() { # what to do
  local log=$logs/accounts.log said
  said=$(dotnet "$program" "$1" 2>"$log" </dev/null 8>&- 9>&-) ||
    fail "The accounts can't be asked: $(reason "$log")."
  echo "$said"
}

named() { # name, lines
  sed -n "s/^$1=//p" <<<"$2"
}

show_key() { # key
  printf '          %s\n            %s\n' \
    "the administrator's API key, shown this once (Authorization: Bearer …; ./tributary key makes another):" "$1"
}
