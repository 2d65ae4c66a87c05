/*
 * One line per event on stderr: "text key=value key=value". Ids and positions, never people's
 * data. Under the journal (JOURNAL_STREAM is set) each line carries its syslog level, as <6>.
 */
#pragma once

#include "core/base/attr.h"

void log_error(const char *format, ...) PRINTF_LIKE(1, 2);
void log_warn(const char *format, ...) PRINTF_LIKE(1, 2);
void log_info(const char *format, ...) PRINTF_LIKE(1, 2);
void log_debug(const char *format, ...)
	PRINTF_LIKE(1, 2); /* only with KITH_DEBUG in the environment */
