/* The desk staff's PIN: 4 to 8 digits, kept in the configuration as it is or as an argon2id hash.
 */
#pragma once

#include <stdio.h>

#include "core/base/bytes.h"
#include "core/base/err.h"

/* ERR_MALFORMED. */
MUST_CHECK bool staff_pin_check(struct str pin, struct err *e);
/*
 * Read a PIN from in, one line, and print the line of the configuration that holds its hash to out.
 * On a terminal it is asked for twice and not shown. ERR_MALFORMED, ERR_IO.
 */
MUST_CHECK bool staff_pin_make(FILE *in, FILE *out, struct err *e);
