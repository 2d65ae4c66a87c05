#include "core/eye/decode.h"

#include <limits.h>
#include <math.h>

#include "core/eye/least.h"
#include "core/eye/rs.h"
#include "core/eye/segments.h"

enum {
	DATA_MAX = 7200,  /* a version 40 of digits alone holds 7,089 */
	TAPS = 5 * 5 + 1, /* of the equalizer: a module, those around it, a constant */
	RADIUS = 4,	  /* modules, of the mean that tells dark from light */
	STEPS = 4,	  /* trials of a block, each with more erasures */
	STEPS_HARD = 10,
	EVIDENCE_ALONE = 28, /* bits, for a symbol of one block */
	EVIDENCE_BLOCK = 20, /* for each of several */
};

static const float FORMAT_FIT = 0.5f; /* what noise reaches once in some hundred times */

struct decoder {
	struct modules soft, work;
	float sums[(MODULES_SIDE_MAX + 1) * (MODULES_SIDE_MAX + 1)];
	uint8_t known[SYMBOL_MODULES_MAX]; /* 0 unknown, 1 light, 2 dark */
	uint8_t blob[SYMBOL_MODULES_MAX];
	float bit[8 * SYMBOL_WORDS_MAX]; /* soft, in the order of words, mask taken off */
	uint8_t word[SYMBOL_WORDS_MAX], fixed[SYMBOL_WORDS_MAX];
	float trust[SYMBOL_WORDS_MAX];
	bool read[SYMBOL_BLOCKS_MAX];
	uint8_t stream[SYMBOL_WORDS_MAX];
	uint8_t data[DATA_MAX];
};

bool decoder_open(struct decoder **out, struct err *e)
{
	*out = calloc(1, sizeof(**out));
	return *out || err_set(e, ERR_FULL, "no memory for the decoder");
}

size_t decoder_memory(void)
{
	return sizeof(struct decoder);
}

void decoder_close(struct decoder *d)
{
	free(d);
}

const struct modules *decoder_soft(const struct decoder *d)
{
	return &d->soft;
}

/* Soft decisions */

static float clampf(float v, float least, float most)
{
	return v < least ? least : v > most ? most : v;
}

static void sum_up(struct decoder *d, const float *v, unsigned side)
{
	unsigned w = side + 1;

	memset(d->sums, 0, w * sizeof(*d->sums));
	for (unsigned r = 0; r < side; r++) {
		float row = 0;

		d->sums[(r + 1) * w] = 0;
		for (unsigned c = 0; c < side; c++) {
			row += v[r * side + c];
			d->sums[(r + 1) * w + c + 1] = d->sums[r * w + c + 1] + row;
		}
	}
}

/* Of what was summed up, the mean over RADIUS around a place, as far as there is any. */
static float mean_around(const struct decoder *d, unsigned side, unsigned r, unsigned c)
{
	unsigned w = side + 1, r0 = r < RADIUS ? 0 : r - RADIUS, c0 = c < RADIUS ? 0 : c - RADIUS;
	unsigned r1 = r + RADIUS + 1 > side ? side : r + RADIUS + 1;
	unsigned c1 = c + RADIUS + 1 > side ? side : c + RADIUS + 1;
	const float *top = d->sums + (size_t)r0 * w, *bottom = d->sums + (size_t)r1 * w;

	return (bottom[c1] - top[c1] - bottom[c0] + top[c0]) / (float)((r1 - r0) * (c1 - c0));
}

/*
 * Dark or light, and how surely: against the mean around, in which the masks keep dark and light
 * even (7.8), measured by how far modules around lie from theirs.
 */
static void soften(struct decoder *d, const struct modules *gray)
{
	unsigned side = gray->size + 2 * MODULES_MARGIN;
	size_t n = (size_t)side * side;

	d->soft.size = d->work.size = gray->size;
	sum_up(d, gray->v, side);
	for (unsigned r = 0; r < side; r++)
		for (unsigned c = 0; c < side; c++)
			d->soft.v[r * side + c] = mean_around(d, side, r, c) -
						  gray->v[r * side + c];
	for (size_t i = 0; i < n; i++)
		d->work.v[i] = fabsf(d->soft.v[i]);
	sum_up(d, d->work.v, side);
	for (unsigned r = 0; r < side; r++)
		for (unsigned c = 0; c < side; c++)
			d->soft.v[r * side + c] = clampf(
				d->soft.v[r * side + c] / (mean_around(d, side, r, c) + 1), -1.5f,
				1.5f);
}

static void transpose(struct modules *m)
{
	unsigned side = m->size + 2 * MODULES_MARGIN;

	for (unsigned r = 0; r < side; r++)
		for (unsigned c = r + 1; c < side; c++) {
			float v = m->v[r * side + c];

			m->v[r * side + c] = m->v[c * side + r];
			m->v[c * side + r] = v;
		}
}

/* The two small codes */

static float soft_of(const struct modules *m, const struct symbol *s, unsigned place, bool mirrored)
{
	unsigned row = place / s->size, column = place % s->size;

	return mirrored ? m->v[modules_at(m, column, row)] : m->v[modules_at(m, row, column)];
}

struct format_choice {
	unsigned format;
	bool mirrored;
	float fit;
};

/* All 32 formats against both copies at once, as they lie and mirrored: the two best. */
static void choose_format(
	const struct modules *m, const struct symbol *s, struct format_choice best[2])
{
	best[0] = best[1] = (struct format_choice){ .fit = -1 };
	for (unsigned mirrored = 0; mirrored < 2; mirrored++) {
		float bit[15] = { 0 }, total = 0.01f;

		for (unsigned copy = 0; copy < 2; copy++)
			for (unsigned i = 0; i < 15; i++) {
				float v = soft_of(m, s, symbol_format_place(s, copy, i), mirrored);

				bit[i] += v;
				total += fabsf(v);
			}
		for (unsigned f = 0; f < 32; f++) {
			uint16_t bits = symbol_format_bits(f);
			struct format_choice now = { f, mirrored, 0 };

			for (unsigned i = 0; i < 15; i++)
				now.fit += (bits >> i & 1 ? bit[i] : -bit[i]) / total;
			if (now.fit > best[0].fit) {
				best[1] = best[0];
				best[0] = now;
			} else if (now.fit > best[1].fit) {
				best[1] = now;
			}
		}
	}
}

/* Equalizer */

/*
 * Blur, motion and a grid that is a little off mix each module with its neighbours. The modules
 * that are known (patterns, format, blocks already read) teach the least squares weights that
 * undo it, drawn to "as it is" where they teach little. What d->work says of the others counts
 * as much as doubtful says. reach: 1 or 2 modules to each side. From d->soft into d->work.
 */
static bool equalize(struct decoder *d, const struct symbol *s, unsigned reach, double doubtful)
{
	struct least l;
	double answer[TAPS];
	const struct modules *m = &d->soft;
	unsigned n = s->size, side = n + 2 * MODULES_MARGIN;
	unsigned width = 2 * reach + 1, constant = width * width, middle = constant / 2;
	ptrdiff_t around[TAPS];
	float tap[TAPS];

	for (unsigned i = 0; i < constant; i++)
		around[i] = ((ptrdiff_t)(i / width) - reach) * side + (ptrdiff_t)(i % width) -
			    reach;
	least_begin(&l, constant + 1);
	for (unsigned r = 0; r < n; r++)
		for (unsigned c = 0; c < n; c++) {
			unsigned known = d->known[r * n + c];
			const float *at = m->v + modules_at(m, r, c);
			double x[TAPS], weight = known ? 1 : doubtful, miss;
			bool dark = known ? known == 2 : d->work.v[at - m->v] > 0;

			if (weight == 0)
				continue;
			for (unsigned i = 0; i < constant; i++)
				x[i] = (double)at[around[i]];
			x[constant] = 1;
			miss = (dark ? 1 : -1) - x[middle];
			least_add(&l, x, miss, weight);
		}
	for (unsigned i = 0; i <= constant; i++)
		least_hold(&l, i, 8);
	if (!least_end(&l, answer))
		return false;
	for (unsigned i = 0; i <= constant; i++)
		tap[i] = (float)answer[i] + (i == middle ? 1.0f : 0.0f);
	memcpy(d->work.v, m->v, (size_t)side * side * sizeof(float));
	for (unsigned r = 0; r < n; r++)
		for (unsigned c = 0; c < n; c++) {
			const float *at = m->v + modules_at(m, r, c);
			float v = tap[constant];

			for (unsigned i = 0; i < constant; i++)
				v += tap[i] * at[around[i]];
			d->work.v[at - m->v] = clampf(v, -1.5f, 1.5f);
		}
	return true;
}

static void know(struct decoder *d, unsigned place, bool dark)
{
	d->known[place] = dark ? 2 : 1;
}

static void know_patterns(struct decoder *d, const struct symbol *s, unsigned format)
{
	for (unsigned i = 0; i < s->size * s->size; i++)
		d->known[i] = s->kind[i] == MODULE_DARK ? 2 : s->kind[i] == MODULE_LIGHT ? 1 : 0;
	for (unsigned copy = 0; copy < 2; copy++) {
		for (unsigned i = 0; i < 15; i++)
			know(d, symbol_format_place(s, copy, i),
				symbol_format_bits(format) >> i & 1);
		for (unsigned i = 0; i < 18 && s->version >= 7; i++)
			know(d, symbol_version_place(s, copy, i),
				symbol_version_bits(s->version) >> i & 1);
	}
}

static void know_block(struct decoder *d, const struct symbol *s, const struct symbol_blocks *b,
	unsigned block, unsigned mask)
{
	unsigned n = symbol_block_data(b, block) + b->parity;

	for (unsigned i = 0; i < n; i++) {
		unsigned w = symbol_word(b, block, i);

		for (unsigned bit = 0; bit < 8; bit++) {
			unsigned place = s->place[8 * w + bit];

			know(d, place,
				(d->fixed[w] >> (7 - bit) & 1) ^
					symbol_mask(mask, place / s->size, place % s->size));
		}
	}
}

/* Words and blocks */

/*
 * Modules in a patch of one colour of 3 by 4: masks make such patches rare (one module in 170),
 * glare, shadow, ink and torn paper make nothing else.
 */
static void find_blobs(struct decoder *d, const struct symbol *s, const struct modules *m)
{
	unsigned n = s->size;

	memset(d->blob, 0, (size_t)n * n);
	for (unsigned tall = 0; tall < 2; tall++) {
		unsigned h = tall ? 4 : 3, w = tall ? 3 : 4;

		for (unsigned r = 0; r + h <= n; r++)
			for (unsigned c = 0; c + w <= n; c++) {
				unsigned dark = 0;

				for (unsigned y = 0; y < h; y++)
					for (unsigned x = 0; x < w; x++)
						dark += m->v[modules_at(m, r + y, c + x)] > 0;
				for (unsigned y = 0; (dark == 0 || dark == 12) && y < h; y++)
					memset(d->blob + (r + y) * n + c, 1, w);
			}
	}
}

static void collect_words(
	struct decoder *d, const struct symbol *s, const struct modules *m, unsigned mask)
{
	for (unsigned w = 0; w < s->words; w++) {
		float least = 9, next = 9;
		unsigned word = 0, blobs = 0;

		for (unsigned bit = 0; bit < 8; bit++) {
			unsigned place = s->place[8 * w + bit];
			unsigned row = place / s->size, column = place % s->size;
			float v = m->v[modules_at(m, row, column)], sure = fabsf(v);

			word = word << 1 | ((v > 0) ^ symbol_mask(mask, row, column));
			blobs += d->blob[place];
			next = sure < least ? least : sure < next ? sure : next;
			least = sure < least ? sure : least;
		}
		d->word[w] = (uint8_t)word;
		/* one doubtful bit spoils the word; a second one tells words apart that tie */
		d->trust[w] = least + 0.1f * next - (blobs >= 3 ? 4 : 0);
	}
}

/* log2 of n over k */
static double log2_choose(unsigned n, unsigned k)
{
	double bits = 0;

	for (unsigned i = 0; i < k; i++)
		bits += log2((double)(n - i) / (i + 1));
	return bits;
}

/*
 * How many bits of chance it would take that noise were corrected with that many errors and
 * erasures: of 256^parity words one is the code's, and those near it are as many as their ways.
 */
static double evidence(unsigned n, unsigned parity, unsigned errors, unsigned erasures)
{
	return 8.0 * (parity - erasures - errors) - log2_choose(n - erasures, errors);
}

/* The most errors beside so many erasures that leave enough evidence; -1 for none. */
static int errors_allowed(unsigned n, unsigned parity, unsigned erasures, double wanted)
{
	int errors = ((int)parity - (int)erasures) / 2;

	while (errors >= 0 && evidence(n, parity, (unsigned)errors, erasures) < wanted)
		errors--;
	return errors;
}

struct tally {
	double evidence;
	unsigned errors, erasures;
};

/* The places of a block from the least trusted on. Insertion: a block has 153 words at most. */
static void sort_places(uint8_t *order, const float *trust, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		unsigned at = i;

		for (; at > 0 && trust[order[at - 1]] > trust[i]; at--)
			order[at] = order[at - 1];
		order[at] = (uint8_t)i;
	}
}

/* Erase nothing, then more and more of what is least certain (Forney 1966), until it fits. */
static bool read_block(struct decoder *d, const struct symbol_blocks *b, unsigned block,
	unsigned steps, struct tally *tally)
{
	unsigned n = symbol_block_data(b, block) + b->parity;
	uint8_t word[RS_WORD_MAX], order[RS_WORD_MAX], syndromes[RS_PARITY_MAX];
	float trust[RS_WORD_MAX];
	double wanted = b->blocks == 1 ? EVIDENCE_ALONE : EVIDENCE_BLOCK;
	unsigned step = (b->parity + steps - 1) / steps;
	bool right;

	for (unsigned i = 0; i < n; i++) {
		unsigned w = symbol_word(b, block, i);

		word[i] = d->word[w];
		trust[i] = d->trust[w];
	}
	sort_places(order, trust, n);
	right = rs_syndromes(syndromes, word, n, b->parity);
	for (unsigned erasures = 0; erasures < b->parity; erasures += step) {
		int allowed = errors_allowed(n, b->parity, erasures, wanted);
		size_t errors = 0;

		if (allowed < 0)
			break;
		if (!right && !rs_repair(word, n, b->parity, syndromes, order, erasures,
				      (size_t)allowed, &errors))
			continue;
		tally->evidence += evidence(n, b->parity, (unsigned)errors, erasures);
		tally->errors += (unsigned)errors;
		tally->erasures += erasures;
		for (unsigned i = 0; i < n; i++)
			d->fixed[symbol_word(b, block, i)] = word[i];
		return true;
	}
	return false;
}

static unsigned count_read(const struct decoder *d, unsigned blocks)
{
	unsigned read = 0;

	for (unsigned i = 0; i < blocks; i++)
		read += d->read[i];
	return read;
}

/* Every block that is not read yet. Whether all are now. */
static bool read_blocks(struct decoder *d, const struct symbol *s, const struct symbol_blocks *b,
	unsigned mask, const struct modules *m, unsigned steps, struct tally *tally)
{
	find_blobs(d, s, m);
	collect_words(d, s, m, mask);
	for (unsigned i = 0; i < b->blocks; i++)
		d->read[i] = d->read[i] || read_block(d, b, i, steps, tally);
	return count_read(d, b->blocks) == b->blocks;
}

static bool read_stream(struct decoder *d, const struct symbol *s, const struct symbol_blocks *b,
	const struct tally *tally, struct decoded *out)
{
	struct buf text = BUF_ON(d->data);
	struct segments segments;
	struct err ignored;
	size_t len = 0;

	for (unsigned block = 0; block < b->blocks; block++) {
		unsigned n = symbol_block_data(b, block);

		for (unsigned i = 0; i < n; i++)
			d->stream[len++] = d->fixed[symbol_word(b, block, i)];
	}
	if (!segments_read(&text, bytes_of(d->stream, len), s->version, &segments, &ignored) ||
		!buf_ok(&text) || segments.count == 0)
		return false;
	/* padding is a check of its own: without it more must speak for the text */
	if (!segments.padded_right && tally->evidence < 2 * EVIDENCE_ALONE)
		return false;
	out->data = buf_bytes(&text);
	out->errors = tally->errors;
	out->erasures = tally->erasures;
	out->eci = segments.eci;
	return true;
}

/* As it is; then equalized by what is known; then again by what was read or is likely. */
static bool read_format(struct decoder *d, const struct symbol *s, const struct format_choice *f,
	bool hard, struct decoded *out)
{
	struct symbol_blocks b = symbol_blocks(s->version, f->format >> 3);
	static const struct {
		unsigned reach;
		double doubtful;
	} rounds[] = { { 1, 0 }, { 2, 0 }, { 2, 0.4 } };
	unsigned mask = f->format & 7, last = hard ? ARRAY_LEN(rounds) : 1;
	unsigned steps = hard ? STEPS_HARD : STEPS;
	struct tally tally = { 0 };
	bool ok;

	memset(d->read, 0, sizeof(d->read));
	know_patterns(d, s, f->format);
	ok = read_blocks(d, s, &b, mask, &d->soft, steps, &tally);
	for (unsigned i = 0; !ok && i < last; i++) {
		for (unsigned block = 0; block < b.blocks; block++)
			if (d->read[block])
				know_block(d, s, &b, block, mask);
		ok = equalize(d, s, rounds[i].reach, rounds[i].doubtful) &&
		     read_blocks(d, s, &b, mask, &d->work, steps, &tally);
	}
	out->format = f->format;
	out->format_fit = f->fit;
	out->blocks = b.blocks;
	out->blocks_read = count_read(d, b.blocks);
	return ok && read_stream(d, s, &b, &tally, out);
}

static bool read_soft(struct decoder *d, const struct symbol *s, bool hard, struct decoded *out)
{
	struct format_choice best[2];
	bool ok = false, turned = false;

	choose_format(&d->soft, s, best);
	*out = (struct decoded){ .format_fit = best[0].fit, .format = best[0].format };
	for (unsigned i = 0; i < 2 && !ok; i++) {
		if (best[i].fit < FORMAT_FIT || (i > 0 && best[i].fit < best[0].fit - 0.25f))
			break;
		if (best[i].mirrored != turned) {
			transpose(&d->soft);
			turned = !turned;
		}
		ok = read_format(d, s, &best[i], hard, out);
	}
	if (turned) /* the sum over frames is as the picture lies */
		transpose(&d->soft);
	out->mirrored = turned;
	return ok;
}

bool decoder_read(struct decoder *d, const struct symbol *s, const struct modules *gray, bool hard,
	struct decoded *out)
{
	soften(d, gray);
	return read_soft(d, s, hard, out);
}

bool decoder_read_soft(
	struct decoder *d, const struct symbol *s, const struct modules *soft, struct decoded *out)
{
	size_t side = soft->size + 2 * MODULES_MARGIN;
	float mean = 0.01f;

	d->soft.size = d->work.size = soft->size;
	for (size_t i = 0; i < side * side; i++)
		mean += fabsf(soft->v[i]) / (float)(side * side);
	for (size_t i = 0; i < side * side; i++)
		d->soft.v[i] = clampf(soft->v[i] / mean, -1.5f, 1.5f);
	return read_soft(d, s, true, out);
}
