/* What the decoder's process may ask the kernel for: core/eye/jail.c's, and nobody else's. */
#pragma once

#include <stdbool.h>

/* Whether memory can be limited: a sanitizer reserves terabytes that it never uses. */
bool jail_can_limit(void);
/*
 * Shut the door, for good: from here on the process may read and write what is open, get memory
 * and end. To open a file is refused, and everything else kills it. False: the kernel would not.
 */
bool jail_shut(void);
