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

# A JDK and Maven for the app, what its drawing needs, and its font. With a display, Java's windows too.
need_app_tools() {
  local jdk=openjdk-17-jdk-headless
  [ -n "${DISPLAY:-}" ] && jdk=openjdk-17-jdk
  need_packages "$jdk" maven libgl1 libfontconfig1 fonts-noto-cjk
}

# check_kotlin: the style of all Kotlin, by ktlint; .editorconfig says which.
check_kotlin() {
  local ktlint=1.8.0
  [ -e "target/ktlint/ktlint-cli-$ktlint-all.jar" ] || maven dependency:copy -N \
    -Dartifact=com.pinterest.ktlint:ktlint-cli:$ktlint:jar:all -DoutputDirectory="$PWD/target/ktlint"
  # Files, not patterns: for those it walks all of target/ too, where files come and go.
  find android bindings -name '*.kt' -not -path '*/target/*' -print0 \
    | xargs -0 java -jar "target/ktlint/ktlint-cli-$ktlint-all.jar" --relative
}

# build [--release] [--bin NAME]: the server, the library that Kotlin loads, what generates the Kotlin, and NAME. Cargo decides
# over the features of dependencies by what is built together. So everything here builds and tests with --workspace, or
# dependencies and the core would be compiled once for each script.
build() { cargo build --locked --workspace --lib --bin dangjian-server --bin uniffi-bindgen "$@"; }

# maven GOAL... -- with what was built in target/debug, or where native= says.
maven() { mvn -q --batch-mode -Dnative.dir="$PWD/target/${native:-debug}" "$@"; }

# The app with its libraries in android/ui/target; nothing to do if no source is newer.
build_app() {
  local jar=android/ui/target/dangjian-ui-0.1.0.jar
  if [ ! -e "$jar" ] || [ -n "$(find pom.xml uniffi.toml android bindings -newer "$jar" -type f \
    \( -name '*.kt' -o -name pom.xml -o -name api.txt -o -name uniffi.toml \) -not -path '*/target/*' -print -quit)" ]; then
    say "building the app (the first time fetches Compose and takes some minutes)"
    native=release maven -pl android/ui -am package -DskipTests
  fi
}

# app ARGUMENT...: the app on this machine.
app() {
  local headless=()
  [ -n "${DISPLAY:-}" ] || headless=(-Djava.awt.headless=true)
  java -Djna.library.path="$PWD/target/release" -Xmx1g "${headless[@]}" -Dskiko.renderApi=SOFTWARE \
    -cp 'android/ui/target/*:android/ui/target/lib/*' org.dangjian.ui.desktop.MainKt "$@"
}

# What arm64 is cross-compiled with, and OpenSSL and SQLite as phones get them: without what the core never uses of them
# (docs/adr/0007). For builds with the feature vendored-openssl.
need_phone_tools() {
  need_build_tools
  need_packages gcc-aarch64-linux-gnu libc6-dev-arm64-cross binutils perl
  command -v rustup >/dev/null || die "rustup is needed for Rust's arm64 library"
  local target
  for target in x86_64-unknown-linux-gnu aarch64-unknown-linux-gnu; do
    rustup target list --installed | grep -qx "$target" && continue
    say "installing Rust's library for $target"
    rustup target add "$target"
  done
  export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc
  export OPENSSL_SRC_PERL="$PWD/scripts/openssl-perl"
  local without=(FTS3 FTS3_PARENTHESIS FTS5 RTREE DBSTAT_VTAB)
  export LIBSQLITE3_FLAGS="${without[*]/#/-USQLITE_ENABLE_}"
  # Cargo does not notice that OpenSSL was built in another way before.
  local built name
  for built in "${CARGO_TARGET_DIR:-target}"/*-linux-gnu/*/build/openssl-sys-*/out; do
    if [ -d "$built" ] && { [ scripts/openssl-perl -nt "$built" ] \
      || ! grep -qs OPENSSL_NO_SCRYPT "$built/openssl-build/install/include/openssl/configuration.h"; }; then
      built=${built%/out} name=${built##*/}
      rm -rf "$built" "${built%/build/*}/.fingerprint/$name"
    fi
  done
}

need_space() { # MEGABYTES
  local free
  free=$(df -Pm . | awk 'NR==2 {print $4}')
  [ "$free" -ge "$1" ] || die "about $1 MB of disk space are needed here, $free MB are free"
}
