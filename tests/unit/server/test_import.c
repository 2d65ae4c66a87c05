#include "tests/unit/server/world.h"

#include "server/attendees_csv.h"
#include "server/import.h"

static struct import read_list(struct world *w, const char *csv)
{
	struct import out;
	struct err e = { 0 };

	if (!import_read(&out, str_bytes(str_of(csv)), &w->arena, &e))
		fail_msg("%s", e.text);
	return out;
}

static void check_problem(
	struct world *w, const char *csv, size_t line, const char *field, const char *part)
{
	struct import in = read_list(w, csv);

	if (in.problem_count == 0)
		fail_msg("no problem found in: %s", csv);
	assert_int_equal(in.problems[0].line, line);
	assert_str(in.problems[0].field, field);
	if (str_find(in.problems[0].text, str_of(part), 0) == SIZE_MAX)
		fail_msg("\"" STR_FMT "\" does not say \"%s\"", STR_ARG(in.problems[0].text), part);
}

static void reads_what_spreadsheets_write(void **state)
{
	static const char *const lists[] = {
		"name,email,company\nAna,a@x.org,\"Acme, Inc\"\n",
		"\xEF\xBB\xBFName;E-Mail;Organisation\r\nAna;a@x.org;Acme, Inc\r\n",
		"First Name\tLast Name\te_mail\tCompany\rAna\t\ta@x.org\tAcme, Inc",
		"\n\nName , E-mail Address,Firma\n\"Ana\",\"a@x.org\",\"Acme, Inc\"\n\n",
	};
	struct world *w = world_open();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		struct import in = read_list(w, lists[i]);

		if (in.problem_count)
			fail_msg("list %zu: " STR_FMT, i, STR_ARG(in.problems[0].text));
		assert_int_equal(in.row_count, 1);
		assert_str(in.rows[0].name, "Ana");
		assert_str(in.rows[0].cells[COLUMN_EMAIL], "a@x.org");
		assert_str(in.rows[0].cells[COLUMN_ORGANIZATION], "Acme, Inc");
	}
	world_close(w);
}

static void quotes_hold_quotes_lines_and_separators(void **state)
{
	struct world *w = world_open();
	struct import in = read_list(w, "name,title\n\"Ana \"\"A\"\" M\",\"one\ntwo\"\nBen,x\n");

	(void)state;
	assert_int_equal(in.problem_count, 0);
	assert_str(in.rows[0].name, "Ana \"A\" M");
	assert_str(in.rows[0].cells[COLUMN_TITLE], "one\ntwo");
	assert_int_equal(in.rows[1].line, 4);
	world_close(w);
}

static void old_spreadsheets_umlauts_are_read(void **state)
{
	struct world *w = world_open();
	struct import in = read_list(w, "name\nJ\xFCrgen\n");

	(void)state;
	assert_str(in.rows[0].name, "J\xC3\xBCrgen");
	world_close(w);
}

static void names_the_line_and_the_column_of_a_problem(void **state)
{
	struct world *w = world_open();

	(void)state;
	check_problem(w, "", 1, "", "empty");
	check_problem(w, "name\n", 1, "", "no line below");
	check_problem(w, "email\na@x.org\n", 1, "name", "must be \"name\"");
	check_problem(w, "name,name\nAna,B\n", 1, "name", "mean the same");
	check_problem(w, "name,E-Mail\nAna,a@x.org\nBen,ben\n", 3, "E-Mail", "no e-mail");
	check_problem(w, "name,organization\n,Acme\n", 2, "name", "no name");
	check_problem(w, "name,consent_card\nAna,maybe\n", 2, "consent_card", "neither yes nor no");
	check_problem(w, "name\nAna,extra\n", 2, "", "more cells");
	check_problem(w, "name\n\"Ana\n", 2, "", "never closed");
	check_problem(w, "name\n\"Ana\"x\n", 2, "", "closing quote");
	check_problem(w, "name,id\nAna,7\n", 2, "id", "no id");
	check_problem(w, "name,id\nAna,AAAAAAAAAAAAAAAAAAAAAQ\nBen,AAAAAAAAAAAAAAAAAAAAAQ\n", 3,
		"id", "another line");
	check_problem(w, "name,ticket\nAna,abc\n", 2, "ticket", "16 letters");
	world_close(w);
}

static struct import_result run_list(struct world *w, const char *csv, bool ok)
{
	struct import in = read_list(w, csv);
	struct import_result result = { 0 };
	struct db *db = w->s->write.db;
	struct err e = { 0 };

	assert_true(db_begin(db, &e));
	if (import_run(&w->s->write, w->event.event, &in, false, &result, &e) != ok)
		fail_msg("%s", ok ? e.text : "it was imported");
	if (ok)
		assert_true(db_commit(db, &e));
	else
		db_rollback(db);
	return result;
}

static void the_same_list_again_changes_nothing(void **state)
{
	struct world *w = world_open();
	static const char list[] = "name,email,consent_card,ticket\nAna,ana@x.org,yes,ABCD-EFGH-"
				   "JKMN-PQRS\nBen,ben@x.org,no,\n";
	struct import_result r;

	(void)state;
	r = run_list(w, list, true);
	assert_int_equal(r.added, 2);
	r = run_list(w, list, true);
	assert_int_equal(r.same, 2);
	assert_int_equal(world_count(w, "SELECT COUNT(*) FROM attendee WHERE consent_card = 1 AND "
					"ticket_hash IS NOT NULL"),
		1);
	r = run_list(w, "name,email,company\nAna M,ana@x.org,Acme\n", true);
	assert_int_equal(r.changed, 1);
	assert_int_equal(world_count(w, "SELECT COUNT(*) FROM attendee WHERE name = 'Ana M' AND "
					"organization = 'Acme'"),
		1);
	assert_int_equal(world_count(w, "SELECT COUNT(*) FROM attendee"), 2);
	world_close(w);
}

/* kith-server export guards what a spreadsheet would run; the apostrophe is not of the name. */
static void a_list_that_was_exported_changes_nothing(void **state)
{
	struct world *w = world_open();
	struct buf list = BUF_IN(&w->arena);
	struct import_result r;
	struct err e = { 0 };

	(void)state;
	run_list(w, "name,organization,email\n=Ana,@home,ana@x.org\n'=Ben,-,ben@x.org\n", true);
	assert_true(attendees_csv_write(&list, w->s->write.db, w->event.event, &e));
	buf_add_char(&list, '\0');
	r = run_list(w, (const char *)list.p, true);
	assert_int_equal(r.same, 2);
	assert_int_equal(world_count(w, "SELECT COUNT(*) FROM attendee WHERE name = '=Ana' AND "
					"organization = '@home'"),
		1);
	world_close(w);
}

static void a_list_cannot_take_anothers_ticket(void **state)
{
	struct world *w = world_open();

	(void)state;
	run_list(w, "name,email,ticket\nAna,ana@x.org,ABCD-EFGH-JKMN-PQRS\n", true);
	run_list(w, "name,email,ticket\nCleo,cleo@x.org,\nBen,ben@x.org,ABCD-EFGH-JKMN-PQRS\n",
		false);
	assert_int_equal(world_count(w, "SELECT COUNT(*) FROM attendee"), 1);
	world_close(w);
}

/* Who has a session by an id must not come to another person's list by it. */
static void a_list_cannot_make_a_person_anothers_badge(void **state)
{
	struct world *w = world_open();
	struct attendee ana = world_attendee(w, "Ana"), mal = world_attendee(w, "Mal");
	struct str fresh = say(w, "id,name,badge\n%s,Ana,%s\n%c", id_text(ana.id).s,
		id_text(crypto_random_id()).s, 0);
	struct str taken = say(
		w, "id,name,badge\n%s,Ana,%s\n%c", id_text(ana.id).s, id_text(mal.id).s, 0);
	struct ref ref;
	struct err e = { 0 };

	(void)state;
	assert_int_equal(run_list(w, fresh.p, true).changed, 1);
	run_list(w, taken.p, false);
	assert_true(ref_find(w->s->write.db, w->event.event, mal.id, &ref, &e));
	assert_int_equal(ref.attendee, mal.attendee);
	world_close(w);
}

static void columns_that_nobody_knows_are_named_and_left(void **state)
{
	struct world *w = world_open();
	struct import in = read_list(w, "name,shoe size\nAna,38\n");

	(void)state;
	assert_int_equal(in.problem_count, 0);
	assert_int_equal(in.ignored_count, 1);
	assert_str(in.ignored[0], "shoe size");
	world_close(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_spreadsheets_write),
		cmocka_unit_test(quotes_hold_quotes_lines_and_separators),
		cmocka_unit_test(old_spreadsheets_umlauts_are_read),
		cmocka_unit_test(names_the_line_and_the_column_of_a_problem),
		cmocka_unit_test(the_same_list_again_changes_nothing),
		cmocka_unit_test(a_list_that_was_exported_changes_nothing),
		cmocka_unit_test(a_list_cannot_take_anothers_ticket),
		cmocka_unit_test(a_list_cannot_make_a_person_anothers_badge),
		cmocka_unit_test(columns_that_nobody_knows_are_named_and_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
