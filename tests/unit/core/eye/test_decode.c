#include "tests/unit/test.h"

#include "core/eye/decode.h"
#include "core/eye/qr_write.h"

/* A symbol by libqrencode, as gray modules of our own making. */
struct world {
	struct arena a;
	struct decoder *decoder;
	struct symbol symbol;
	struct modules gray;
	uint32_t seed;
};

static int open_world(void **state)
{
	static struct world w;
	struct err e = { 0 };

	w = (struct world){ .seed = 1 };
	*state = &w;
	return decoder_open(&w.decoder, &e) ? 0 : -1;
}

static int close_world(void **state)
{
	struct world *w = *state;

	decoder_close(w->decoder);
	arena_finish(&w->a);
	return 0;
}

static uint32_t chance(struct world *w, uint32_t below)
{
	w->seed = w->seed * 1664525 + 1013904223;
	return (w->seed >> 8) % below;
}

static struct bytes noise(struct world *w, size_t n)
{
	uint8_t *p = arena_alloc(&w->a, n);

	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)chance(w, 256);
	return bytes_of(p, n);
}

static void draw(struct world *w, struct bytes data, enum qr_level level, float dark, float light)
{
	struct qr qr;
	struct err e = { 0 };

	if (!qr_make(&qr, data, level, &w->a, &e))
		fail_msg("%s", e.text);
	symbol_init(&w->symbol, qr.version);
	w->gray.size = qr.size;
	for (size_t i = 0; i < ARRAY_LEN(w->gray.v); i++)
		w->gray.v[i] = light;
	for (unsigned r = 0; r < qr.size; r++)
		for (unsigned c = 0; c < qr.size; c++)
			if (qr.dark[r * qr.size + c])
				w->gray.v[modules_at(&w->gray, r, c)] = dark;
}

static void assert_decodes(struct world *w, struct bytes data, struct decoded *d)
{
	if (!decoder_read(w->decoder, &w->symbol, &w->gray, true, d))
		fail_msg("version %d: not read", w->symbol.version);
	assert_true(bytes_equal(d->data, data));
}

static void reads_every_version_at_every_level(void **state)
{
	struct world *w = *state;
	/* bytes of version 40 and of version 1 */
	static const size_t most[] = { 2953, 2331, 1663, 1273 };

	for (int level = QR_LEVEL_L; level <= QR_LEVEL_H; level++)
		for (size_t n = 1; n <= most[level]; n += 1 + n / 12) {
			struct bytes data = noise(w, n);
			struct decoded d;

			draw(w, data, (enum qr_level)level, 30, 220);
			assert_decodes(w, data, &d);
			assert_int_equal(d.errors + d.erasures, 0);
			assert_false(d.mirrored);
			arena_reset(&w->a);
		}
}

static void reads_a_mirrored_symbol(void **state)
{
	struct world *w = *state;
	struct decoded d;
	unsigned side;

	draw(w, BYTES("seen in a mirror"), QR_LEVEL_M, 30, 220);
	side = w->gray.size + 2 * MODULES_MARGIN;
	for (unsigned r = 0; r < side; r++)
		for (unsigned c = r + 1; c < side; c++) {
			float v = w->gray.v[r * side + c];

			w->gray.v[r * side + c] = w->gray.v[c * side + r];
			w->gray.v[c * side + r] = v;
		}
	assert_decodes(w, BYTES("seen in a mirror"), &d);
	assert_true(d.mirrored);
}

static void a_patch_of_glare_costs_half_of_what_errors_cost(void **state)
{
	struct world *w = *state;
	struct bytes data = noise(w, 100);
	struct decoded d;

	/* version 6-M: 4 blocks of 43 with 16 check bytes; errors alone reach 32 bytes */
	draw(w, data, QR_LEVEL_M, 30, 220);
	assert_int_equal(w->symbol.version, 6);
	for (unsigned r = 15; r < 30; r++)
		for (unsigned c = 15; c < 31; c++)
			w->gray.v[modules_at(&w->gray, r, c)] = 255;
	assert_decodes(w, data, &d);
	assert_true(2 * d.errors + d.erasures > 0);
	assert_true(d.erasures > d.errors);
}

static void undoes_blur_that_hides_single_modules(void **state)
{
	struct world *w = *state;
	struct bytes data = noise(w, 60);
	struct decoded d;
	unsigned side;
	static float blurred[MODULES_SIDE_MAX * MODULES_SIDE_MAX];

	draw(w, data, QR_LEVEL_L, 30, 220);
	side = w->gray.size + 2 * MODULES_MARGIN;
	memcpy(blurred, w->gray.v, sizeof(blurred));
	/* a module counts less than the four beside it together */
	for (unsigned i = side; i + side < side * side; i++)
		blurred[i] = 0.44f * w->gray.v[i] + 0.15f * (w->gray.v[i - 1] + w->gray.v[i + 1]) +
			     0.13f * (w->gray.v[i - side] + w->gray.v[i + side]);
	memcpy(w->gray.v, blurred, sizeof(blurred));
	assert_decodes(w, data, &d);
}

static void noise_and_ruined_symbols_give_no_text(void **state)
{
	struct world *w = *state;
	size_t wrong = 0;

	for (int version = 1; version <= 6; version++) {
		symbol_init(&w->symbol, version);
		for (int turn = 0; turn < 60; turn++) {
			struct decoded d;

			w->gray.size = w->symbol.size;
			for (size_t i = 0; i < ARRAY_LEN(w->gray.v); i++)
				w->gray.v[i] = (float)chance(w, 256);
			wrong += decoder_read(w->decoder, &w->symbol, &w->gray, true, &d);
		}
	}
	/* patterns and format as they should be, all data noise: only error correction guards */
	for (int turn = 0; turn < 100; turn++) {
		struct bytes data = noise(w, 12);
		struct decoded d;

		draw(w, data, QR_LEVEL_M, 30, 220);
		for (unsigned i = 0; i < w->symbol.size * w->symbol.size; i++)
			if (w->symbol.kind[i] == MODULE_DATA)
				w->gray.v[modules_at(&w->gray, i / w->symbol.size,
					i % w->symbol.size)] = (float)chance(w, 256);
		wrong += decoder_read(w->decoder, &w->symbol, &w->gray, true, &d) &&
			 !bytes_equal(d.data, data);
		arena_reset(&w->a);
	}
	assert_int_equal(wrong, 0);
}

static void the_sum_of_frames_is_read_where_none_of_them_is(void **state)
{
	struct world *w = *state;
	struct bytes data = noise(w, 80);
	static struct modules sum, clean;
	struct decoded d;
	int alone = 0;
	bool together = false;

	draw(w, data, QR_LEVEL_L, 100, 150);
	clean = w->gray;
	memset(&sum, 0, sizeof(sum));
	sum.size = clean.size;
	for (int frame = 0; frame < 40 && !together; frame++) {
		const struct modules *soft;

		for (size_t i = 0; i < ARRAY_LEN(clean.v); i++)
			w->gray.v[i] = clean.v[i] + (float)chance(w, 140) - 70;
		alone += decoder_read(w->decoder, &w->symbol, &w->gray, true, &d);
		soft = decoder_soft(w->decoder);
		for (size_t i = 0; i < ARRAY_LEN(sum.v); i++)
			sum.v[i] += soft->v[i];
		together = decoder_read_soft(w->decoder, &w->symbol, &sum, &d);
	}
	assert_int_equal(alone, 0);
	assert_true(together);
	assert_true(bytes_equal(d.data, data));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			reads_every_version_at_every_level, open_world, close_world),
		cmocka_unit_test_setup_teardown(reads_a_mirrored_symbol, open_world, close_world),
		cmocka_unit_test_setup_teardown(
			a_patch_of_glare_costs_half_of_what_errors_cost, open_world, close_world),
		cmocka_unit_test_setup_teardown(
			undoes_blur_that_hides_single_modules, open_world, close_world),
		cmocka_unit_test_setup_teardown(
			noise_and_ruined_symbols_give_no_text, open_world, close_world),
		cmocka_unit_test_setup_teardown(
			the_sum_of_frames_is_read_where_none_of_them_is, open_world, close_world),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
