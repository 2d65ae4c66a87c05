/* Scenes drawn as a camera sees them, each with one thing wrong; and what is said of it, when. */
#include "tests/unit/test.h"

#include "core/eye/advisor.h"
#include "core/eye/eye.h"
#include "tests/bench/scene.h"

enum { WIDTH = 1280, HEIGHT = 720 };

static struct world {
	struct arena a;
	struct eye *eye;
	struct qr qr;
	struct canvas_of_scene canvas;
	uint8_t pixels[WIDTH * HEIGHT];
	float front[WIDTH * HEIGHT], back[WIDTH * HEIGHT];
} world;

static int open_world(void **state)
{
	struct err e = { 0 };
	char text[150];

	(void)state;
	for (unsigned i = 0; i < sizeof(text); i++)
		text[i] = (char)(32 + i * 7919 % 90);
	world.canvas = (struct canvas_of_scene){ world.front, world.back, WIDTH, HEIGHT, 7 };
	return eye_open(&world.eye, &e) && qr_make(&world.qr, bytes_of((uint8_t *)text, 150),
						   QR_LEVEL_L, &world.a, &e)
		       ? 0
		       : -1;
}

static int close_world(void **state)
{
	(void)state;
	eye_close(world.eye);
	arena_finish(&world.a);
	return 0;
}

/* One frame at a first look. *read tells how many codes. */
static struct eye_sight sight(struct scene s, size_t *read)
{
	struct image in = { world.pixels, WIDTH, HEIGHT, WIDTH };
	struct eye_codes codes = { 0 };
	struct err e = { 0 };

	scene_draw(&world.canvas, world.pixels, s.module > 0 ? &world.qr : NULL,
		s.module > 0 ? &s : &scene_clean);
	if (!eye_read(world.eye, &in, EYE_GLANCE, &codes, &e))
		fail_msg("%s", e.text);
	*read = codes.count;
	return codes.sight;
}

static void assert_advice(struct scene s, enum eye_advice wanted)
{
	size_t read;
	struct eye_sight got = sight(s, &read);

	assert_int_equal(read, 0);
	assert_true(got.located);
	assert_int_equal(got.advice, wanted);
}

static void says_nothing_of_what_is_read_or_not_there(void **state)
{
	struct scene nothing = { .module = 0 };
	struct eye_sight got;
	size_t read;

	(void)state;
	got = sight(scene_clean, &read);
	assert_int_equal(read, 1);
	assert_false(got.located);
	got = sight(nothing, &read);
	assert_int_equal(read, 0);
	assert_false(got.located);
}

static void wants_light_where_paper_is_dark(void **state)
{
	struct scene s = scene_clean;

	(void)state;
	s.dim = 0.16f;
	s.noise = 10;
	s.blur = 1.2f;
	assert_advice(s, EYE_MORE_LIGHT);
}

static void wants_small_codes_closer(void **state)
{
	struct scene s = scene_clean;

	(void)state;
	s.module = 1.9f;
	assert_advice(s, EYE_CLOSER);
	s.module = 1.4f;
	assert_advice(s, EYE_CLOSER);
}

static void wants_a_reflecting_card_tilted(void **state)
{
	struct scene s = scene_clean;

	(void)state;
	s.glare = 62;
	assert_advice(s, EYE_TILT);
}

static void wants_a_blurred_card_held_still(void **state)
{
	struct scene s = scene_clean;

	(void)state;
	s.move_x = s.move_y = 6;
	assert_advice(s, EYE_HOLD_STILL);
	s.move_x = s.move_y = 0;
	s.blur = 4;
	assert_advice(s, EYE_HOLD_STILL);
}

/* 30 frames a second of one sight, for ms; the last thing said, and how often that changed. */
static enum eye_advice show(
	struct advisor *a, struct eye_sight sight, unsigned ms, uint64_t *now, unsigned *changes)
{
	enum eye_advice said = a->said;

	for (unsigned t = 0; t < ms; t += 33) {
		enum eye_advice next;

		*now += 33000000;
		next = advisor_frame(a, &sight, false, *now);
		*changes += next != said;
		said = next;
	}
	return said;
}

static struct eye_sight seen(enum eye_advice advice)
{
	return (struct eye_sight){ true, { 0.5f, 0.28f }, advice, 0 };
}

static void says_it_after_a_while_and_takes_it_back_slowly(void **state)
{
	const struct eye_sight nothing = { .located = false };
	struct advisor a = { 0 };
	uint64_t now = 1;
	unsigned changes = 0;

	(void)state;
	assert_int_equal(show(&a, seen(EYE_TILT), 400, &now, &changes), EYE_NO_ADVICE);
	assert_int_equal(show(&a, seen(EYE_TILT), 300, &now, &changes), EYE_TILT);
	assert_int_equal(show(&a, nothing, 300, &now, &changes), EYE_TILT);
	assert_int_equal(show(&a, seen(EYE_TILT), 700, &now, &changes), EYE_TILT);
	assert_int_equal(show(&a, nothing, 1500, &now, &changes), EYE_NO_ADVICE);
	assert_int_equal(changes, 2);
}

static void does_not_flicker_between_two(void **state)
{
	struct advisor a = { 0 };
	uint64_t now = 1;
	unsigned changes = 0;

	(void)state;
	(void)show(&a, seen(EYE_CLOSER), 1000, &now, &changes);
	for (unsigned i = 0; i < 60; i++)
		(void)show(&a, seen(i % 2 ? EYE_CLOSER : EYE_HOLD_STILL), 66, &now, &changes);
	assert_int_equal(changes, 1);
	assert_int_equal(a.said, EYE_CLOSER);
	/* and still comes to the other one when that is what is wrong now */
	assert_int_equal(show(&a, seen(EYE_HOLD_STILL), 2000, &now, &changes), EYE_HOLD_STILL);
	assert_int_equal(changes, 2);
}

static void is_silent_at_once_when_it_is_read(void **state)
{
	struct eye_sight none = { .located = false };
	struct advisor a = { 0 };
	uint64_t now = 1;
	unsigned changes = 0;

	(void)state;
	assert_int_equal(show(&a, seen(EYE_TILT), 1000, &now, &changes), EYE_TILT);
	assert_int_equal(advisor_frame(&a, &none, true, now + 1), EYE_NO_ADVICE);
	assert_int_equal(show(&a, none, 100, &now, &changes), EYE_NO_ADVICE);
}

static void a_poster_on_the_wall_is_left_alone(void **state)
{
	struct eye_sight moved = seen(EYE_CLOSER);
	struct advisor a = { 0 };
	uint64_t now = 1;
	unsigned changes = 0;

	(void)state;
	(void)show(&a, seen(EYE_CLOSER), 60000, &now, &changes);
	assert_int_equal(a.said, EYE_NO_ADVICE);
	assert_int_equal(changes, 2);
	moved.at.x += 0.15f;
	assert_int_equal(show(&a, moved, 1000, &now, &changes), EYE_CLOSER);
}

static void a_gap_between_frames_is_no_long_sight(void **state)
{
	struct eye_sight s = seen(EYE_TILT);
	struct advisor a = { 0 };

	(void)state;
	assert_int_equal(advisor_frame(&a, &s, false, 1), EYE_NO_ADVICE);
	assert_int_equal(advisor_frame(&a, &s, false, UINT64_C(90000000000)), EYE_NO_ADVICE);
	/* nor does a clock that stands still or goes back break it */
	assert_int_equal(advisor_frame(&a, &s, false, 5), EYE_NO_ADVICE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_nothing_of_what_is_read_or_not_there),
		cmocka_unit_test(wants_light_where_paper_is_dark),
		cmocka_unit_test(wants_small_codes_closer),
		cmocka_unit_test(wants_a_reflecting_card_tilted),
		cmocka_unit_test(wants_a_blurred_card_held_still),
		cmocka_unit_test(says_it_after_a_while_and_takes_it_back_slowly),
		cmocka_unit_test(does_not_flicker_between_two),
		cmocka_unit_test(is_silent_at_once_when_it_is_read),
		cmocka_unit_test(a_poster_on_the_wall_is_left_alone),
		cmocka_unit_test(a_gap_between_frames_is_no_long_sight),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
