# Shared by the scripts: what they say, what they install. Sourced, never run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf '\033[1m==> %s\033[0m\n' "$*" >&2; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

# Runs a command as root where that is needed and possible.
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo "$@"; else die "please run as root: $*"; fi
}

# need_packages PACKAGE...: installs those Debian packages that are missing, after saying so.
need_packages() {
  local missing=() package
  command -v dpkg-query >/dev/null || return 0
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} = 0 ] && return 0
  say "installing Debian packages: ${missing[*]}"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq >/dev/null \
    || die "the package lists can't be fetched; is there a network?"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null \
    || die "these packages could not be installed: ${missing[*]}"
}

# Rust by its official installer, if there is none.
need_rust() {
  export PATH="$HOME/.cargo/bin:$PATH"
  if ! command -v cargo >/dev/null; then
    need_packages curl ca-certificates
    say "installing Rust with its official installer (rustup)"
    curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y --profile minimal -c clippy,rustfmt >/dev/null \
      || die "Rust could not be installed; is there a network?"
  fi
  local have want=1.95
  have=$(rustc --version | cut -d' ' -f2)
  [ "$(printf '%s\n' "$want" "$have" | sort -V | head -1)" = "$want" ] \
    || die "Rust $want or newer is needed, this is $have: run 'rustup update stable'"
}

# A C compiler and OpenSSL's headers for SQLCipher; python3 for the checks that share no code with the product.
need_build_tools() {
  need_packages gcc g++ libc6-dev make pkg-config libssl-dev python3 python3-cryptography procps
  need_rust
}

need_space() { # MEGABYTES
  local free
  free=$(df -Pm . | awk 'NR==2 {print $4}')
  [ "$free" -ge "$1" ] || die "about $1 MB of disk space are needed here, $free MB are free"
}
