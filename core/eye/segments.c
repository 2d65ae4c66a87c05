#include "core/eye/segments.h"

#include <limits.h>

struct bits {
	struct bytes words;
	size_t at; /* in bits */
};

static size_t bits_left(const struct bits *b)
{
	return b->words.len * 8 - b->at;
}

/* n is at most 16. */
static bool bits_take(struct bits *b, unsigned n, unsigned *out)
{
	unsigned value = 0;

	if (bits_left(b) < n)
		return false;
	for (unsigned i = 0; i < n; i++, b->at++)
		value = value << 1 | ((unsigned)b->words.p[b->at / 8] >> (7 - b->at % 8) & 1U);
	*out = value;
	return true;
}

static bool read_numeric(struct bits *b, unsigned count, struct buf *out)
{
	static const unsigned width[] = { 0, 4, 7, 10 }, limit[] = { 1, 10, 100, 1000 };

	while (count > 0) {
		unsigned n = count < 3 ? count : 3, value;

		if (!bits_take(b, width[n], &value) || value >= limit[n])
			return false;
		for (unsigned i = n; i-- > 0;)
			buf_add_char(out, (char)('0' + value / limit[i] % 10));
		count -= n;
	}
	return true;
}

static bool read_alphanumeric(struct bits *b, unsigned count, struct buf *out)
{
	static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
	unsigned value;

	for (; count >= 2; count -= 2) {
		if (!bits_take(b, 11, &value) || value >= 45 * 45)
			return false;
		buf_add_char(out, letters[value / 45]);
		buf_add_char(out, letters[value % 45]);
	}
	if (count == 0)
		return true;
	if (!bits_take(b, 6, &value) || value >= 45)
		return false;
	buf_add_char(out, letters[value]);
	return true;
}

static bool read_bytes(struct bits *b, unsigned count, struct buf *out)
{
	for (unsigned value; count > 0; count--) {
		if (!bits_take(b, 8, &value))
			return false;
		buf_add_u8(out, (uint8_t)value);
	}
	return true;
}

/* Two bytes of Shift-JIS (kanji), or of GB 2312 (the Chinese extension), packed in 13 bits. */
static bool read_pairs(struct bits *b, unsigned count, struct buf *out, bool hanzi)
{
	for (unsigned value, pair; count > 0; count--) {
		if (!bits_take(b, 13, &value))
			return false;
		if (hanzi) {
			pair = (value / 0x60) << 8 | value % 0x60;
			pair += pair < 0xa00 ? 0xa1a1 : 0xa6a1;
		} else {
			pair = (value / 0xc0) << 8 | value % 0xc0;
			pair += pair < 0x1f00 ? 0x8140 : 0xc140;
		}
		buf_add_u16be(out, (uint16_t)pair);
	}
	return true;
}

static bool read_kanji(struct bits *b, unsigned count, struct buf *out)
{
	return read_pairs(b, count, out, false);
}

static bool read_hanzi(struct bits *b, unsigned count, struct buf *out)
{
	return read_pairs(b, count, out, true);
}

/* 7.4.2.3: 8, 16 or 24 bits. */
static bool read_eci(struct bits *b, unsigned *eci)
{
	unsigned first, rest;

	if (!bits_take(b, 8, &first))
		return false;
	if (!(first & 0x80)) {
		*eci = first;
		return true;
	}
	if ((first & 0xc0) == 0x80) {
		if (!bits_take(b, 8, &rest))
			return false;
		*eci = (first & 0x3f) << 8 | rest;
		return true;
	}
	if ((first & 0xe0) != 0xc0 || !bits_take(b, 16, &rest))
		return false;
	*eci = (first & 0x1f) << 16 | rest;
	return true;
}

enum {
	MODE_END = 0,
	MODE_APPEND = 3,
	MODE_FNC1 = 5,
	MODE_ECI = 7,
	MODE_FNC1_SECOND = 9,
	MODES = 16
};

/* What takes characters, and how many bits their count has in versions 1-9, 10-26, 27-40. */
static const struct mode {
	bool (*read)(struct bits *b, unsigned count, struct buf *out);
	uint8_t width[3];
	bool subset; /* 4 bits before the count name a character set */
} modes[MODES] = {
	[1] = { read_numeric, { 10, 12, 14 }, false },
	[2] = { read_alphanumeric, { 9, 11, 13 }, false },
	[4] = { read_bytes, { 8, 16, 16 }, false },
	[8] = { read_kanji, { 8, 10, 12 }, false },
	[13] = { read_hanzi, { 8, 10, 12 }, true },
};

/* 7.4.10: bits 0 to the end of the word, then 0xec and 0x11 in turns. */
static bool padded_right(struct bits *b)
{
	unsigned value, rest = (unsigned)(bits_left(b) % 8);

	if (!bits_take(b, rest, &value) || value != 0)
		return false;
	for (unsigned expected = 0xec; bits_take(b, 8, &value); expected ^= 0xec ^ 0x11)
		if (value != expected)
			return false;
	return true;
}

static bool read_segment(
	struct bits *b, unsigned number, int version, struct segments *s, struct buf *out)
{
	const struct mode *mode = &modes[number];
	unsigned count, skipped;

	if (number == MODE_ECI)
		return read_eci(b, &s->eci);
	if (number == MODE_APPEND)
		return bits_take(b, 16, &skipped);
	if (number == MODE_FNC1)
		return true;
	if (number == MODE_FNC1_SECOND)
		return bits_take(b, 8, &skipped);
	if (!mode->read || (mode->subset && !bits_take(b, 4, &skipped)) ||
		!bits_take(b,
			mode->width[version < 10   ? 0
				    : version < 27 ? 1
						   : 2],
			&count))
		return false;
	s->count += count > 0;
	return mode->read(b, count, out);
}

bool segments_read(
	struct buf *out, struct bytes words, int version, struct segments *s, struct err *e)
{
	struct bits b = { words, 0 };
	unsigned number;

	*s = (struct segments){ .eci = UINT_MAX, .padded_right = true };
	/* fewer than 4 bits left: the end needs no mark */
	while (bits_take(&b, 4, &number)) {
		if (number == MODE_END) {
			s->padded_right = padded_right(&b);
			break;
		}
		if (!read_segment(&b, number, version, s, out))
			return err_set(e, ERR_MALFORMED, "bit %zu begins no segment", b.at);
	}
	return true;
}
