/*
 * Versions of packages, ordered as dpkg orders them (deb-version(7)): [EPOCH:]UPSTREAM[-REVISION],
 * where "~" sorts before the end of a part, and runs of digits count as numbers. Pure.
 */
#pragma once

#include "core/base/bytes.h"

enum { VERSION_MAX = 64 };

/* At most VERSION_MAX characters of those that deb-version(7) allows, beginning with a digit. */
bool version_ok(struct str s);
/* <0, 0, >0. For what version_ok says no to, some order, but always the same one. */
int version_compare(struct str a, struct str b);
