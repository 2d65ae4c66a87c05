#!/bin/sh
# clang-tidy, one process a file, two at a time; what is checked stands in .clang-tidy.
set -eu
cd "$(dirname "$0")/../.."
# built for WebAssembly only, so in no list of native compilations
wasm='core/wasm/bridge.c core/wasm/charset_import.c core/wasm/heap.c core/wasm/libc.c'
git ls-files 'core/*.c' 'kiosk/*.c' 'server/*.c' 'firmware-tools/*.c' | grep -vxF "$(printf '%s\n' $wasm)" |
	xargs -P2 -n1 clang-tidy -p build/clang --quiet --warnings-as-errors='*' 2>/dev/null
# shellcheck disable=SC2086
clang-tidy --quiet --warnings-as-errors='*' $wasm -- --target=wasm32-wasi -std=c11 -D_POSIX_C_SOURCE=200809L -I. \
	2>/dev/null
