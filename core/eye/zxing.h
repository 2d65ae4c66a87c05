/*
 * libzxing behind a C function: the only names that pass between C and the one C++ file of Kith.
 * C++ sees this header, so it includes nothing of ours.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* xy: the corners, x before y, from the code's own top left around it. data lives until it returns.
 */
typedef void zxing_found(void *context, const uint8_t *data, size_t len, const float xy[8]);

/* What is thrown inside ends here, and counts as nothing found. rows of width without gaps. */
void zxing_read(const uint8_t *pixels, int width, int height, zxing_found *found, void *context);

#ifdef __cplusplus
}
#endif
