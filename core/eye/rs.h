/*
 * Reed-Solomon codes over GF(256) as QR codes use them (ISO/IEC 18004 7.5): polynomial 0x11d,
 * roots alpha^0 to alpha^(parity-1), systematic. Errors are corrected at two parity bytes each,
 * erasures (places known to be bad) at one.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attr.h"

enum { RS_WORD_MAX = 255, RS_PARITY_MAX = 68 };

/*
 * What a word, n bytes of which the last `parity` are the check bytes, says of itself, whatever is
 * taken for erased in it afterwards. True: it needs no correction.
 */
bool rs_syndromes(uint8_t s[RS_PARITY_MAX], const uint8_t *word, size_t n, size_t parity);
/*
 * Correct a word by its syndromes. erased: places from the front, each once. At most `errors` bytes
 * outside them may change, where errors is small enough that 2 * errors + erasures <= parity.
 * *errors_found counts these. False: no word is that near; word is then as it was.
 */
MUST_CHECK bool rs_repair(uint8_t *word, size_t n, size_t parity, const uint8_t s[RS_PARITY_MAX],
	const uint8_t *erased, size_t erasures, size_t errors, size_t *errors_found);
/* Fill in the last `parity` bytes of word. */
void rs_encode(uint8_t *word, size_t n, size_t parity);
