#include "core/eye/rs.h"

#include <assert.h>
#include <string.h>

/* Powers of alpha, and back. */
/* clang-format off */
static const uint8_t power[255] = {
	1, 2, 4, 8, 16, 32, 64, 128, 29, 58, 116, 232, 205, 135, 19,
	38, 76, 152, 45, 90, 180, 117, 234, 201, 143, 3, 6, 12, 24, 48,
	96, 192, 157, 39, 78, 156, 37, 74, 148, 53, 106, 212, 181, 119, 238,
	193, 159, 35, 70, 140, 5, 10, 20, 40, 80, 160, 93, 186, 105, 210,
	185, 111, 222, 161, 95, 190, 97, 194, 153, 47, 94, 188, 101, 202, 137,
	15, 30, 60, 120, 240, 253, 231, 211, 187, 107, 214, 177, 127, 254, 225,
	223, 163, 91, 182, 113, 226, 217, 175, 67, 134, 17, 34, 68, 136, 13,
	26, 52, 104, 208, 189, 103, 206, 129, 31, 62, 124, 248, 237, 199, 147,
	59, 118, 236, 197, 151, 51, 102, 204, 133, 23, 46, 92, 184, 109, 218,
	169, 79, 158, 33, 66, 132, 21, 42, 84, 168, 77, 154, 41, 82, 164,
	85, 170, 73, 146, 57, 114, 228, 213, 183, 115, 230, 209, 191, 99, 198,
	145, 63, 126, 252, 229, 215, 179, 123, 246, 241, 255, 227, 219, 171, 75,
	150, 49, 98, 196, 149, 55, 110, 220, 165, 87, 174, 65, 130, 25, 50,
	100, 200, 141, 7, 14, 28, 56, 112, 224, 221, 167, 83, 166, 81, 162,
	89, 178, 121, 242, 249, 239, 195, 155, 43, 86, 172, 69, 138, 9, 18,
	36, 72, 144, 61, 122, 244, 245, 247, 243, 251, 235, 203, 139, 11, 22,
	44, 88, 176, 125, 250, 233, 207, 131, 27, 54, 108, 216, 173, 71, 142,
};
static const uint8_t logarithm[256] = {
	0, 0, 1, 25, 2, 50, 26, 198, 3, 223, 51, 238, 27, 104, 199,
	75, 4, 100, 224, 14, 52, 141, 239, 129, 28, 193, 105, 248, 200, 8,
	76, 113, 5, 138, 101, 47, 225, 36, 15, 33, 53, 147, 142, 218, 240,
	18, 130, 69, 29, 181, 194, 125, 106, 39, 249, 185, 201, 154, 9, 120,
	77, 228, 114, 166, 6, 191, 139, 98, 102, 221, 48, 253, 226, 152, 37,
	179, 16, 145, 34, 136, 54, 208, 148, 206, 143, 150, 219, 189, 241, 210,
	19, 92, 131, 56, 70, 64, 30, 66, 182, 163, 195, 72, 126, 110, 107,
	58, 40, 84, 250, 133, 186, 61, 202, 94, 155, 159, 10, 21, 121, 43,
	78, 212, 229, 172, 115, 243, 167, 87, 7, 112, 192, 247, 140, 128, 99,
	13, 103, 74, 222, 237, 49, 197, 254, 24, 227, 165, 153, 119, 38, 184,
	180, 124, 17, 68, 146, 217, 35, 32, 137, 46, 55, 63, 209, 91, 149,
	188, 207, 205, 144, 135, 151, 178, 220, 252, 190, 97, 242, 86, 211, 171,
	20, 42, 93, 158, 132, 60, 57, 83, 71, 109, 65, 162, 31, 45, 67,
	216, 183, 123, 164, 118, 196, 23, 73, 236, 127, 12, 111, 246, 108, 161,
	59, 82, 41, 157, 85, 170, 251, 96, 134, 177, 187, 204, 62, 90, 203,
	89, 95, 176, 156, 169, 160, 81, 11, 245, 22, 235, 122, 117, 44, 215,
	79, 174, 213, 233, 230, 231, 173, 232, 116, 214, 244, 234, 168, 80, 88,
	175,
};
/* clang-format on */

/* a times alpha^log_x, where log_x is at most 255. */
static uint8_t gf_shift(uint8_t a, unsigned log_x)
{
	unsigned log = logarithm[a] + log_x;

	return a ? power[log < 255 ? log : log - 255] : 0;
}

static uint8_t gf_mul(uint8_t a, uint8_t b)
{
	return b ? gf_shift(a, logarithm[b]) : 0;
}

/* b is not 0 */
static uint8_t gf_div(uint8_t a, uint8_t b)
{
	return gf_shift(a, 255u - logarithm[b]);
}

/* The value of a polynomial, lowest coefficient first, at alpha^log_x. */
static uint8_t poly_at(const uint8_t *poly, size_t terms, unsigned log_x)
{
	uint8_t sum = 0;

	for (size_t i = terms; i-- > 0;)
		sum = (uint8_t)(gf_shift(sum, log_x) ^ poly[i]);
	return sum;
}

bool rs_syndromes(uint8_t s[RS_PARITY_MAX], const uint8_t *word, size_t n, size_t parity)
{
	uint8_t any = 0;

	assert(n <= RS_WORD_MAX && parity <= RS_PARITY_MAX && parity < n);
	for (size_t k = 0; k < parity; k++) {
		uint8_t sum = 0;

		for (size_t i = 0; i < n; i++)
			sum = (uint8_t)(gf_shift(sum, (unsigned)k) ^ word[i]);
		s[k] = sum;
		any |= sum;
	}
	return any == 0;
}

/*
 * Berlekamp and Massey, begun with the erasures' own locator (Blahut 1983, 7.4). The degree of
 * the locator of errors and erasures is returned.
 */
static size_t find_locator(uint8_t locator[RS_PARITY_MAX + 2], const uint8_t *s, size_t parity,
	const uint8_t *erased, size_t erasures, size_t n)
{
	uint8_t helper[RS_PARITY_MAX + 2] = { 0 }, next[RS_PARITY_MAX + 2] = { 0 };
	size_t length = erasures, terms = parity + 1; /* no locator has more */

	memset(locator, 0, RS_PARITY_MAX + 2);
	locator[0] = 1;
	for (size_t i = 0; i < erasures; i++) {
		uint8_t x = power[n - 1 - erased[i]];

		for (size_t j = i + 1; j > 0; j--)
			locator[j] ^= gf_mul(locator[j - 1], x);
	}
	memcpy(helper, locator, sizeof(helper));
	for (size_t r = erasures; r < parity; r++) {
		uint8_t delta = 0;

		for (size_t j = 0; j <= r && j <= length; j++)
			delta ^= gf_mul(locator[j], s[r - j]);
		memmove(helper + 1, helper, terms);
		helper[0] = 0;
		if (delta == 0)
			continue;
		for (size_t j = 0; j < terms; j++)
			next[j] = (uint8_t)(locator[j] ^ gf_mul(delta, helper[j]));
		if (2 * length <= r + erasures) {
			length = r + 1 + erasures - length;
			for (size_t j = 0; j < terms; j++)
				helper[j] = gf_div(locator[j], delta);
		}
		memcpy(locator, next, terms);
	}
	return length;
}

/* Forney: the error at the place whose number is alpha^log_x. */
static uint8_t magnitude(const uint8_t *evaluator, size_t parity, const uint8_t *locator,
	size_t degree, unsigned log_x)
{
	unsigned back = (255 - log_x) % 255;
	uint8_t over = poly_at(evaluator, parity, back), under = 0;

	/* the formal derivative: odd terms only, one degree lower */
	for (size_t i = 1; i <= degree; i += 2)
		under ^= gf_shift(locator[i], back * (unsigned)(i - 1) % 255);
	return under ? gf_shift(gf_div(over, under), log_x) : 0;
}

bool rs_repair(uint8_t *word, size_t n, size_t parity, const uint8_t s[RS_PARITY_MAX],
	const uint8_t *erased, size_t erasures, size_t errors, size_t *errors_found)
{
	uint8_t after[RS_PARITY_MAX], locator[RS_PARITY_MAX + 2], evaluator[RS_PARITY_MAX] = { 0 };
	uint8_t fixed[RS_WORD_MAX];
	size_t degree, roots = 0;

	assert(n <= RS_WORD_MAX && parity <= RS_PARITY_MAX && parity < n);
	*errors_found = 0;
	if (erasures > parity || 2 * errors + erasures > parity)
		return false;
	degree = find_locator(locator, s, parity, erased, erasures, n);
	if (degree > erasures + errors)
		return false;
	for (size_t i = 0; i < parity; i++)
		for (size_t j = 0; j <= i && j <= degree; j++)
			evaluator[i] ^= gf_mul(locator[j], s[i - j]);
	memcpy(fixed, word, n);
	for (size_t i = 0; i < n; i++) {
		unsigned log_x = (unsigned)(n - 1 - i);

		if (poly_at(locator, degree + 1, (255 - log_x) % 255) == 0) {
			fixed[i] ^= magnitude(evaluator, parity, locator, degree, log_x);
			roots++;
		}
	}
	/* every root must be a place of the word, and the word one of the code's */
	if (roots != degree || !rs_syndromes(after, fixed, n, parity))
		return false;
	memcpy(word, fixed, n);
	*errors_found = degree - erasures;
	return true;
}

void rs_encode(uint8_t *word, size_t n, size_t parity)
{
	uint8_t generator[RS_PARITY_MAX + 1] = { 1 }, *check = word + n - parity;

	assert(n <= RS_WORD_MAX && parity <= RS_PARITY_MAX && parity < n);
	/* highest coefficient first: generator[0] is 1 */
	for (size_t i = 0; i < parity; i++)
		for (size_t j = i + 1; j > 0; j--)
			generator[j] ^= gf_mul(generator[j - 1], power[i]);
	memset(check, 0, parity);
	for (size_t i = 0; i < n - parity; i++) {
		uint8_t lead = (uint8_t)(word[i] ^ check[0]);

		memmove(check, check + 1, parity - 1);
		check[parity - 1] = 0;
		for (size_t j = 0; j < parity; j++)
			check[j] ^= gf_mul(lead, generator[j + 1]);
	}
}
