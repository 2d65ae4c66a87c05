#!/bin/sh
# cppcheck over the product's sources.
set -eu
cd "$(dirname "$0")/../.."
cppcheck --quiet --enable=warning,portability --inline-suppr --error-exitcode=1 --std=c11 -j2 -I . \
	-D_POSIX_C_SOURCE=200809L core kiosk server firmware-tools
