/* What every unit test includes: cmocka with its prerequisites, and checks of our own values. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/bytes.h"

#define assert_str(actual, expected)                                                               \
	do {                                                                                       \
		struct str actual_ = (actual), expected_ = str_of(expected);                       \
		if (!str_equal(actual_, expected_))                                                \
			fail_msg(                                                                  \
				"got \"" STR_FMT "\", wanted \"%s\"", STR_ARG(actual_), expected); \
	} while (0)

/* The folder of test files by others: KITH_CORPUS, else shared/corpus near the sources. */
static inline const char *test_corpus(void)
{
	const char *folder = getenv("KITH_CORPUS");

	return folder && folder[0] ? folder : TEST_CORPUS;
}
