#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Builds an ns-3 with MPI, installs it below a prefix, and builds ns3-ike against it. Debian's own
# libns3 has no MPI. "utils/ike-mpi-build.sh --help" says how; doc/mpi.md says what for.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
jobs=${IKE_JOBS:-$(nproc)}

# What the module links, what it is for, and what these need themselves is added by ns-3.
modules="core;network;internet;flow-monitor;point-to-point;mpi"

# Beside those of "./ns3-ike setup demo".
packages=(libopenmpi-dev openmpi-bin)

usage() {
    cat <<'END_USAGE'
usage: utils/ike-mpi-build.sh (TREE | debian) PREFIX [WORK]

  TREE     the sources of ns-3 3.37 (a folder with the file VERSION); they stay as they are
  debian   fetch Debian's source package of ns-3 with apt-get, into WORK
  PREFIX   ns-3 is installed there, and its MPI build of ns3-ike is PREFIX/ike-build
  WORK     folder for ns-3's build, about 300 MB; by default PREFIX/work

Needs the packages of "./ns3-ike setup demo", and libopenmpi-dev and openmpi-bin; nothing is installed
into the system. Afterwards:

  IKE_MPI_NS3=PREFIX ./ns3-ike run ranks-hub --ranks 2

Variables: IKE_JOBS (default: all cores), IKE_CMAKE_ARGS (more arguments for cmake, of both builds)
END_USAGE
}

fail() {
    printf '%s\n' "ike-mpi-build: $*" >&2
    exit 2
}

say() { printf '%s\n' "ike-mpi-build: $*" >&2; }

# apt-get with lists of its own, so that sources are known and the system's lists stay as they are.
fetch_debian() { # folder
    local apt=$1/apt sources options
    mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$apt/sources"
    for sources in /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list; do
        [ ! -e "$sources" ] || sed 's/^Types: deb$/Types: deb-src/; s/^deb /deb-src /' "$sources" \
            >"$apt/sources/${sources##*/}"
    done
    options=(-o Dir::Etc::SourceList="$apt/sources/sources.list" -o Dir::Etc::SourceParts="$apt/sources"
        -o Dir::State::Lists="$apt/lists" -o Dir::Cache="$apt/cache" -o APT::Sandbox::User=)
    [ -e "$apt/sources/sources.list" ] || options[1]="Dir::Etc::SourceList=/dev/null"
    (cd "$1" && apt-get -q "${options[@]}" update >&2 && apt-get -q "${options[@]}" source ns3 >&2) ||
        fail "apt-get could not fetch the source package ns3"
    find "$1" -mindepth 2 -maxdepth 3 -path "$1/ns3-*" -name VERSION -printf '%h\n' | head -n 1
}

main() {
    local tree=${1-} prefix=${2-} work=${3-} launcher=()
    case "$tree" in
        -h | --help) usage && exit 0 ;;
    esac
    [ $# -ge 2 ] && [ $# -le 3 ] || { usage >&2 && exit 2; }
    mkdir -p "$prefix" "${work:=$prefix/work}"
    prefix=$(cd "$prefix" && pwd) work=$(cd "$work" && pwd)
    command -v mpicxx >/dev/null && command -v mpirun >/dev/null ||
        fail "no MPI here; on Debian: apt-get install ${packages[*]}"
    if [ "$tree" = debian ]; then
        tree=$(fetch_debian "$work")
    fi
    [ -e "$tree/VERSION" ] && [ -e "$tree/CMakeLists.txt" ] ||
        fail "'$tree' holds no sources of ns-3 with a CMakeLists.txt (3.36 or later)"
    [ "$(cat "$tree/VERSION")" = 3.37 ] ||
        fail "'$tree' is ns-3 $(cat "$tree/VERSION"): alone, ns3-ike builds against 3.37 (doc/builds.md)"
    ! command -v ccache >/dev/null ||
        launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)

    # As Debian does: release, with logs. Their headers depend on it (see CMakeLists.txt).
    say "building ns-3 $(cat "$tree/VERSION") with MPI"
    # shellcheck disable=SC2086
    cmake -S "$tree" -B "$work/ns3-build" -G Ninja "${launcher[@]}" -DCMAKE_BUILD_TYPE=release \
        -DCMAKE_INSTALL_PREFIX="$prefix" -DNS3_OUTPUT_DIRECTORY="$work/ns3-output" \
        -DNS3_ENABLED_MODULES="$modules" -DNS3_MPI=ON -DNS3_LOG=ON -DNS3_ASSERT=OFF \
        -DNS3_TESTS=OFF -DNS3_EXAMPLES=OFF -DNS3_PYTHON_BINDINGS=OFF -DNS3_GTK3=OFF \
        -DNS3_WARNINGS_AS_ERRORS=OFF -DNS3_PRECOMPILE_HEADERS=OFF -DNS3_NATIVE_OPTIMIZATIONS=OFF \
        ${IKE_CMAKE_ARGS-} >"$work/ns3-configure.log" 2>&1 ||
        fail "ns-3's configuration failed: $work/ns3-configure.log"
    ninja -C "$work/ns3-build" -j "$jobs"
    cmake --install "$work/ns3-build" >"$work/ns3-install.log"

    say "building ns3-ike against it"
    # shellcheck disable=SC2086
    cmake -S "$top" -B "$prefix/ike-build" -G Ninja -DCMAKE_PREFIX_PATH="$prefix" ${IKE_CMAKE_ARGS-}
    ninja -C "$prefix/ike-build" -j "$jobs" ike-sim
    say "done: $prefix/ike-build/ike-sim"
}

main "$@"
