/*
 * The part of printf that the pure sources use: %s %.*s %c %d %u %x %X %%, with l, ll or z, a width
 * and leading zeros. libc's own costs half of what the whole module may weigh. Any other directive
 * ends the program: it is our own mistake.
 */
#pragma once

#include <stdarg.h>

#include "core/base/buf.h"

void format_write(struct buf *out, const char *format, va_list args) PRINTF_LIKE(2, 0);
