#include "tests/unit/test.h"

#include "core/base/crypto.h"
#include "kiosk/people.h"

static struct id id_of(unsigned n)
{
	struct id id = { { 0 } };

	id.b[0] = (uint8_t)n;
	id.b[1] = (uint8_t)(n >> 8);
	id.b[15] = (uint8_t)(n * 7);
	return id;
}

static struct roster_row row_of(unsigned n, const char *name, const struct id *badges, size_t count)
{
	struct roster_row row = {
		.id = id_of(n), .name = str_of(name), .badges = badges, .badge_count = count
	};

	row.has_ticket = true;
	row.ticket[0] = (uint8_t)n;
	row.ticket[1] = (uint8_t)(n >> 8);
	row.ticket[2] = 0x77;
	return row;
}

static void finds_by_attendee_badge_and_ticket(void **state)
{
	struct people *p = people_new();

	(void)state;
	for (unsigned n = 1; n <= 3000; n++) {
		struct id badge = id_of(n + 10000);
		struct roster_row row = row_of(n, "Somebody", &badge, 1);

		people_put(p, &row);
	}
	assert_int_equal(people_count(p), 3000);
	for (unsigned n = 1; n <= 3000; n += 7) {
		struct roster_row row = row_of(n, "", NULL, 0);

		assert_true(id_equal(people_find(p, id_of(n))->id, id_of(n)));
		assert_true(id_equal(people_find(p, id_of(n + 10000))->id, id_of(n)));
		assert_true(id_equal(people_find_ticket(p, row.ticket)->id, id_of(n)));
	}
	assert_null(people_find(p, id_of(9000)));
	people_free(p);
}

static void a_row_replaces_badges_and_ticket(void **state)
{
	const struct id first = id_of(100), second = id_of(101);
	struct roster_row row = row_of(1, "Ana", &first, 1);
	struct people *p = people_new();
	uint8_t ticket[16];

	(void)state;
	people_put(p, &row);
	memcpy(ticket, row.ticket, sizeof(ticket));
	row.badges = &second;
	row.revoked = &first;
	row.revoked_count = 1;
	row.ticket[0] = 99;
	people_put(p, &row);
	assert_non_null(people_find(p, second));
	assert_true(people_is_revoked(p, first));
	assert_false(people_is_revoked(p, second));
	assert_null(people_find_ticket(p, ticket));
	assert_non_null(people_find_ticket(p, row.ticket));
	row.gone = true;
	people_put(p, &row);
	assert_null(people_find(p, second));
	assert_null(people_find_ticket(p, row.ticket));
	assert_int_equal(people_count(p), 0);
	people_free(p);
}

static void a_full_snapshot_keeps_this_stations_checkins(void **state)
{
	struct roster_row ana = row_of(1, "Ana", NULL, 0), ben = row_of(2, "Ben", NULL, 0);
	struct people *p = people_new();

	(void)state;
	people_put(p, &ana);
	people_put(p, &ben);
	people_check_in(p, ana.id, 5);
	people_check_in(p, id_of(50), 6); /* verified by the badge alone */
	people_begin(p);
	people_put(p, &ana);
	assert_int_equal(people_count(p), 2); /* the network may end it here */
	assert_non_null(people_find_ticket(p, ben.ticket));
	people_begin(p);
	people_put(p, &ana);
	people_end(p);
	assert_int_equal(people_count(p), 1);
	assert_null(people_find_ticket(p, ben.ticket));
	assert_non_null(people_find_ticket(p, ana.ticket));
	assert_true(people_find(p, ana.id)->checked_in);
	assert_true(people_find(p, id_of(50))->checked_in);
	assert_string_equal(people_find(p, ben.id)->name, "");
	people_undo_check_in(p, ana.id);
	assert_false(people_find(p, ana.id)->checked_in);
	people_free(p);
}

static void a_check_in_undone_elsewhere_is_undone_here(void **state)
{
	struct roster_row ana = row_of(1, "Ana", NULL, 0);
	struct people *p = people_new();

	(void)state;
	/* written at another kiosk, undone at another kiosk */
	ana.checked_in = true;
	ana.checked_in_ms = 7;
	people_put(p, &ana);
	assert_true(people_find(p, ana.id)->checked_in);
	ana.checked_in = false;
	people_put(p, &ana);
	assert_false(people_find(p, ana.id)->checked_in);
	/* written here: stays while the server may not know it */
	people_check_in(p, ana.id, 9);
	people_check_in(p, id_of(50), 6); /* of nobody in the roster */
	people_put(p, &ana);
	assert_true(people_find(p, ana.id)->checked_in);
	ana.checked_in = true;
	people_put(p, &ana);
	ana.checked_in = false;
	people_put(p, &ana);
	assert_false(people_find(p, ana.id)->checked_in);
	/* undone before a row ever said that it was there */
	people_check_in(p, ana.id, 10);
	people_put(p, &ana);
	people_settle(p);
	assert_false(people_find(p, ana.id)->checked_in);
	assert_true(people_find(p, id_of(50))->checked_in);
	/* and an undo of this station holds against a row that is older */
	ana.checked_in = true;
	people_put(p, &ana);
	people_undo_check_in(p, ana.id);
	people_put(p, &ana);
	assert_false(people_find(p, ana.id)->checked_in);
	people_settle(p);
	assert_true(people_find(p, ana.id)->checked_in);
	people_free(p);
}

static void badges_are_replaced_however_they_came(void **state)
{
	struct id first = id_of(100), second = id_of(101);
	struct roster_row with = row_of(1, "Ana", &first, 1), without = row_of(1, "Ana", NULL, 0);
	struct people *p = people_new();

	(void)state;
	people_put(p, &without);
	people_put(p, &with);
	people_begin(p);
	people_end(p);
	assert_null(people_find(p, first));
	people_put(p, &with);
	assert_non_null(people_find(p, first));
	people_put(p, &without);
	assert_null(people_find(p, first));
	people_assign(p, second, id_of(1), STR(""));
	people_put(p, &without);
	assert_null(people_find(p, second));
	with.badge_count = 0;
	with.revoked = &first;
	with.revoked_count = 1;
	people_put(p, &with);
	people_put(p, &without);
	assert_false(people_is_revoked(p, first));
	people_free(p);
}

static void walk_ins_get_a_badge_and_can_lose_it(void **state)
{
	struct people *p = people_new();

	(void)state;
	people_assign(p, id_of(100), id_of(1), STR("Mo Walker"));
	assert_string_equal(people_find(p, id_of(100))->name, "Mo Walker");
	assert_true(people_find(p, id_of(100))->known);
	people_assign(p, id_of(100), (struct id){ { 0 } }, STR(""));
	assert_null(people_find(p, id_of(100)));
	people_free(p);
}

static void finds_names_by_the_beginnings_of_words(void **state)
{
	static const char *const names[] = { "Ana Müller", "Łukasz Żak", "Dóra Szabó",
		"Anatol Meyer-Landrut", "李伟" };
	static const struct {
		const char *q;
		unsigned found; /* bit by position */
	} rows[] = {
		{ "ana", 9 },
		{ "ANA MU", 1 },
		{ "muller ana", 1 },
		{ "lukasz", 2 },
		{ "ża", 2 },
		{ "za", 2 },
		{ "szabo", 4 },
		{ "land", 8 },
		{ "uller", 0 },
		{ "李", 16 },
		{ "", 0 },
		{ "  ", 0 },
		{ "ana x", 0 },
	};
	struct people *p = people_new();

	(void)state;
	for (unsigned i = 0; i < ARRAY_LEN(names); i++) {
		struct roster_row row = row_of(i + 1, names[i], NULL, 0);

		people_put(p, &row);
	}
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct person *found[8];
		size_t n = people_search(p, str_of(rows[i].q), found, ARRAY_LEN(found));
		unsigned bits = 0;

		for (size_t k = 0; k < n; k++)
			bits |= 1u << (found[k]->id.b[0] - 1);
		if (bits != rows[i].found)
			fail_msg("\"%s\": got %u, wanted %u", rows[i].q, bits, rows[i].found);
	}
	people_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_by_attendee_badge_and_ticket),
		cmocka_unit_test(a_row_replaces_badges_and_ticket),
		cmocka_unit_test(a_full_snapshot_keeps_this_stations_checkins),
		cmocka_unit_test(a_check_in_undone_elsewhere_is_undone_here),
		cmocka_unit_test(badges_are_replaced_however_they_came),
		cmocka_unit_test(walk_ins_get_a_badge_and_can_lose_it),
		cmocka_unit_test(finds_names_by_the_beginnings_of_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
