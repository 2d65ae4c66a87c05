#include "kiosk/updates.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/base/config.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "tests/unit/test.h"

/* A server of memory: what it is asked is kept, and answered when the test says so. */
struct world {
	char folder[64];
	char keys[96], outcome[96], update[96];
	uint8_t secret[SIGN_SECRET_LEN];
	struct arena a;
	struct bytes file;
	struct hash digest;
	struct updates_sight sight;
	struct updates_config config;
	struct updates *u;
	char target[256]; /* of the request in the air; empty: none */
	transport_done *done;
	void *context;
};

static struct updates_sight sight(void *context)
{
	return ((struct world *)context)->sight;
}

static void changed(void *context)
{
	(void)context;
}

static bool get(
	void *context, const char *target, transport_done *done, void *done_context, struct err *e)
{
	struct world *w = context;

	(void)e;
	assert_int_equal(w->target[0], 0);
	snprintf(w->target, sizeof(w->target), "%s", target);
	w->done = done;
	w->context = done_context;
	return true;
}

static void write_text(const char *path, struct str text)
{
	struct err e;

	assert_true(file_replace(path, str_bytes(text), 0644, &e));
}

static void make_release(struct world *w, const char *version)
{
	static uint8_t content[200000];
	struct buf out = BUF_IN(&w->a);
	struct release r = { .version = str_of(version),
		.architecture = release_architecture(),
		.from = STR(""),
		.package_count = 1 };
	struct err e;

	for (size_t i = 0; i < sizeof(content); i++)
		content[i] = (uint8_t)(i * 7 + i / 251);
	r.packages[0] = (struct release_package){ .name = STR("kith-kiosk"),
		.version = str_of(version),
		.bytes = bytes_of(content, sizeof(content)) };
	assert_true(release_write(&out, &r, w->secret, &w->a, &e));
	w->file = buf_bytes(&out);
	w->digest = hash_of(w->file);
}

static int setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	uint8_t public_key[SIGN_PUBLIC_LEN];
	struct buf line = BUF_IN(&w->a);
	struct err e;

	assert_true(crypto_init(&e));
	snprintf(w->folder, sizeof(w->folder), "/tmp/kith-updates-XXXXXX");
	assert_non_null(mkdtemp(w->folder));
	snprintf(w->keys, sizeof(w->keys), "%s/release.keys", w->folder);
	snprintf(w->outcome, sizeof(w->outcome), "%s/outcome.json", w->folder);
	snprintf(w->update, sizeof(w->update), "%s/update", w->folder);
	sign_keypair(public_key, w->secret);
	base64url_write(&line, bytes_of(public_key, sizeof(public_key)));
	write_text(w->keys, buf_str(&line));
	make_release(w, "2.0");
	w->sight = (struct updates_sight){ .synced = true, .quiet_ms = 5000, .hour = 12 };
	w->config = (struct updates_config){ .folder = w->update,
		.keys_file = w->keys,
		.outcome_file = w->outcome,
		.version = STR("1.0"),
		.when = UPDATES_IDLE,
		.quiet_ms = 1000,
		.context = w,
		.sight = sight,
		.changed = changed,
		.get = get };
	w->u = updates_new(&w->config);
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;
	char command[128];

	updates_free(w->u);
	snprintf(command, sizeof(command), "rm -r %s", w->folder);
	assert_int_equal(system(command), 0);
	arena_finish(&w->a);
	free(w);
	return 0;
}

static void answer(struct world *w, int status, struct bytes body)
{
	struct transport_reply r = { .status = status, .body = body, .connected = status != 0 };

	assert_int_not_equal(w->target[0], 0);
	w->target[0] = '\0';
	w->done(w->context, &r);
}

static void answer_offer(struct world *w)
{
	struct buf out = BUF_IN(&w->a);
	struct json_writer j = JSON_TO(&out);
	struct release r;
	struct err e;

	assert_true(release_head_read(&r, w->file, &w->a, &e));
	assert_non_null(strstr(w->target, "/v1/release?architecture="));
	json_open(&j, NULL, '{');
	json_blob(&j, "digest", hash_bytes(&w->digest));
	json_blob(&j, "signature", bytes_of(r.signature, sizeof(r.signature)));
	json_str(&j, "manifest", (struct str){ (const char *)r.manifest.p, r.manifest.len });
	json_close(&j, '}');
	answer(w, 200, buf_bytes(&out));
}

static size_t number_after(const char *text, const char *name)
{
	return (size_t)strtoul(strstr(text, name) + strlen(name), NULL, 10);
}

/* The piece that is asked for; its place in the file. */
static size_t answer_piece(struct world *w)
{
	size_t from = number_after(w->target, "from="), n = number_after(w->target, "bytes=");

	assert_true(from + n <= w->file.len);
	answer(w, 200, bytes_of(w->file.p + from, n));
	return from;
}

static bool is_there(struct world *w, const char *name)
{
	return access(arena_printf(&w->a, "%s/%s", w->update, name).p, F_OK) == 0;
}

static void expect_state(struct world *w, const char *state, const char *reason)
{
	assert_str(updates_state(w->u).state, state);
	assert_str(updates_state(w->u).reason, reason);
}

/* What an answer was waited for, and the rest between pieces of this test, are none. */
static void go_on(struct world *w)
{
	for (int i = 0; i < 2000 && !w->target[0]; i++) {
		updates_run(w->u);
		if (!w->target[0])
			nanosleep(&(struct timespec){ 0, 1000000 }, NULL);
	}
	assert_int_not_equal(w->target[0], 0);
}

static void fetch_all(struct world *w)
{
	updates_offer(w->u, &w->digest);
	go_on(w);
	answer_offer(w);
	while (str_equal(updates_state(w->u).state, STR("fetching"))) {
		go_on(w);
		answer_piece(w);
	}
}

static void fetches_in_pieces_and_asks_when_nobody_is_there(void **state)
{
	struct world *w = *state;

	w->sight.quiet_ms = 999;
	fetch_all(w);
	expect_state(w, "ready", "");
	assert_true(is_there(w, "release.kithup"));
	updates_run(w->u);
	assert_false(is_there(w, "install.kithup"));
	w->sight.quiet_ms = 1000;
	updates_run(w->u);
	assert_true(is_there(w, "install.kithup"));
	expect_state(w, "installing", "");
	assert_str(updates_state(w->u).version, "2.0");
}

static void nothing_is_fetched_before_all_is_sent(void **state)
{
	struct world *w = *state;

	w->sight.synced = false;
	updates_offer(w->u, &w->digest);
	updates_run(w->u);
	assert_int_equal(w->target[0], 0);
	w->sight.synced = true;
	updates_run(w->u);
	answer_offer(w);
	w->sight.synced = false;
	updates_run(w->u);
	assert_int_equal(w->target[0], 0);
}

static void nothing_is_fetched_while_somebody_is_there(void **state)
{
	struct world *w = *state;

	updates_offer(w->u, &w->digest);
	w->sight.busy = true;
	updates_run(w->u);
	assert_int_equal(w->target[0], 0);
	/* nor is the loop kept awake by what may not be done */
	assert_true(updates_timeout_ms(w->u) > 0);
	w->sight.busy = false;
	assert_int_equal(updates_timeout_ms(w->u), 0);
	go_on(w);
	answer_offer(w);
	w->sight.busy = true;
	updates_run(w->u);
	assert_int_equal(w->target[0], 0);
	assert_true(updates_timeout_ms(w->u) > 0);
	w->sight.busy = false;
	go_on(w);
	answer_piece(w);
}

static void goes_on_where_it_was_cut(void **state)
{
	struct world *w = *state;
	size_t from;

	updates_offer(w->u, &w->digest);
	go_on(w);
	answer_offer(w);
	go_on(w);
	assert_int_equal(answer_piece(w), 0);
	go_on(w);
	from = number_after(w->target, "from=");
	assert_true(from > 0);
	/* the power goes */
	updates_free(w->u);
	w->target[0] = '\0';
	w->u = updates_new(&w->config);
	updates_offer(w->u, &w->digest);
	go_on(w);
	answer_offer(w);
	go_on(w);
	assert_int_equal(number_after(w->target, "from="), from);
	answer_piece(w);
	while (str_equal(updates_state(w->u).state, STR("fetching"))) {
		go_on(w);
		answer_piece(w);
	}
	expect_state(w, "ready", "");
}

static void restart(struct world *w)
{
	updates_free(w->u);
	w->u = updates_new(&w->config);
	updates_offer(w->u, &w->digest);
	go_on(w);
	answer_offer(w);
}

/* Begins to fetch, and the power goes when the part on the disk is this. */
static void cut_with_part(struct world *w, struct bytes content)
{
	struct buf name = BUF_IN(&w->a);
	struct err e;

	updates_offer(w->u, &w->digest);
	go_on(w);
	answer_offer(w);
	hex_write(&name, hash_bytes(&w->digest));
	assert_true(file_replace(
		arena_printf(&w->a, "%s/" STR_FMT ".part", w->update, STR_ARG(buf_str(&name))).p,
		content, 0600, &e));
	restart(w);
}

static void a_part_that_was_complete_at_the_cut_is_finished(void **state)
{
	struct world *w = *state;

	w->sight.quiet_ms = 0;
	cut_with_part(w, w->file);
	expect_state(w, "ready", "");
	assert_true(is_there(w, "release.kithup"));
	updates_run(w->u);
	assert_int_equal(w->target[0], 0);
}

static void a_part_that_is_as_long_and_damaged_is_fetched_again(void **state)
{
	struct world *w = *state;
	uint8_t *copy = (uint8_t *)(uintptr_t)arena_copy(&w->a, w->file).p;

	copy[w->file.len - 5] ^= 1;
	cut_with_part(w, bytes_of(copy, w->file.len));
	expect_state(w, "fetching", "");
	assert_false(is_there(w, "release.kithup"));
	updates_run(w->u);
	assert_int_equal(w->target[0], 0);
}

static void what_is_whole_is_not_fetched_again(void **state)
{
	struct world *w = *state;

	w->sight.quiet_ms = 0;
	fetch_all(w);
	restart(w);
	expect_state(w, "ready", "");
}

static void a_damaged_file_is_never_asked_for(void **state)
{
	struct world *w = *state;
	uint8_t *copy = (uint8_t *)(uintptr_t)arena_copy(&w->a, w->file).p;

	updates_offer(w->u, &w->digest);
	go_on(w);
	answer_offer(w);
	copy[w->file.len - 5] ^= 1;
	w->file.p = copy;
	for (size_t from = 0, n = 0; from + n < w->file.len;) {
		go_on(w);
		from = number_after(w->target, "from=");
		n = number_after(w->target, "bytes=");
		answer_piece(w);
	}
	assert_false(is_there(w, "release.kithup"));
	assert_false(is_there(w, "install.kithup"));
	expect_state(w, "fetching", "");
}

static void refuses_before_it_fetches(void **state)
{
	struct world *w = *state;
	uint8_t public_key[SIGN_PUBLIC_LEN];

	sign_keypair(public_key, w->secret);
	make_release(w, "3.0");
	updates_offer(w->u, &w->digest);
	go_on(w);
	answer_offer(w);
	expect_state(w, "refused", "signature");
	assert_str(updates_state(w->u).version, "");
	updates_run(w->u);
	assert_int_equal(w->target[0], 0);
}

static void does_not_follow_to_an_older_one(void **state)
{
	struct world *w = *state;

	make_release(w, "0.9");
	updates_offer(w->u, &w->digest);
	go_on(w);
	answer_offer(w);
	expect_state(w, "refused", "older");
}

static void without_keys_nothing_is_taken(void **state)
{
	struct world *w = *state;

	unlink(w->keys);
	updates_offer(w->u, &w->digest);
	go_on(w);
	answer_offer(w);
	expect_state(w, "refused", "signature");
}

static void tell_outcome(struct world *w, const char *state, const char *reason, bool bad)
{
	struct outcome x = { .state = str_of(state),
		.version = STR("2.0"),
		.reason = str_of(reason),
		.digest = w->digest };
	struct buf text = BUF_IN(&w->a);

	if (bad)
		outcome_add_bad(&x, &w->digest);
	outcome_write(&text, &x);
	write_text(w->outcome, buf_str(&text));
}

static void what_was_taken_back_is_not_tried_again(void **state)
{
	struct world *w = *state;

	fetch_all(w);
	updates_run(w->u);
	expect_state(w, "installing", "");
	tell_outcome(w, "rolled-back", "unhealthy", true);
	updates_run(w->u);
	expect_state(w, "rolled-back", "unhealthy");
	assert_false(is_there(w, "release.kithup"));
	updates_run(w->u);
	assert_int_equal(w->target[0], 0);
	restart(w);
	expect_state(w, "rolled-back", "unhealthy");
	updates_run(w->u);
	assert_int_equal(w->target[0], 0);
}

static void an_outcome_of_before_is_none_of_this_time(void **state)
{
	struct world *w = *state;
	const struct timespec later[2] = { { 2000000000, 0 }, { 2000000000, 0 } };

	tell_outcome(w, "refused", "space", false);
	fetch_all(w);
	updates_run(w->u);
	expect_state(w, "installing", "");
	updates_run(w->u);
	expect_state(w, "installing", "");
	assert_true(is_there(w, "install.kithup"));
	/* also when this program was started again meanwhile */
	restart(w);
	updates_run(w->u);
	expect_state(w, "installing", "");
	/* taken, and at work */
	unlink(arena_printf(&w->a, "%s/install.kithup", w->update).p);
	updates_run(w->u);
	expect_state(w, "installing", "");
	tell_outcome(w, "refused", "space", false);
	/* the same words: told apart by their time, which a coarse clock may give to both */
	assert_int_equal(utimensat(AT_FDCWD, w->outcome, later, 0), 0);
	updates_run(w->u);
	expect_state(w, "refused", "space");
	assert_false(is_there(w, "release.kithup"));
}

static void what_cannot_be_asked_for_now_is_kept(void **state)
{
	struct world *w = *state;
	const char *away = arena_printf(&w->a, "%s.away", w->update).p;

	fetch_all(w);
	assert_int_equal(rename(w->update, away), 0);
	updates_run(w->u);
	assert_int_equal(rename(away, w->update), 0);
	expect_state(w, "ready", "");
	assert_true(is_there(w, "release.kithup"));
	/* not at once, nor is the loop kept awake */
	updates_run(w->u);
	assert_false(is_there(w, "install.kithup"));
	assert_true(updates_timeout_ms(w->u) > 0);
}

static void what_is_withdrawn_goes(void **state)
{
	struct world *w = *state;

	fetch_all(w);
	updates_run(w->u);
	assert_true(is_there(w, "install.kithup"));
	updates_offer(w->u, NULL);
	assert_false(is_there(w, "install.kithup"));
	assert_false(is_there(w, "release.kithup"));
	expect_state(w, "", "");
}

static void the_new_version_cleans_up(void **state)
{
	struct world *w = *state;

	fetch_all(w);
	updates_free(w->u);
	w->config.version = STR("2.0");
	w->u = updates_new(&w->config);
	updates_offer(w->u, NULL);
	assert_false(is_there(w, "release.kithup"));
}

static void may_be_installed_when_it_was_allowed_to(void **state)
{
	static const struct {
		enum updates_when when;
		struct updates_sight x;
		bool may;
	} cases[] = {
		{ UPDATES_IDLE, { true, false, 600, 12 }, true },
		{ UPDATES_IDLE, { true, false, 599, 12 }, false },
		{ UPDATES_IDLE, { true, true, 600, 12 }, false },
		{ UPDATES_IDLE, { false, false, 600, 12 }, false },
		{ UPDATES_NIGHT, { true, false, 600, 12 }, false },
		{ UPDATES_NIGHT, { true, false, 600, 1 }, false },
		{ UPDATES_NIGHT, { true, false, 600, 2 }, true },
		{ UPDATES_NIGHT, { true, false, 600, 4 }, true },
		{ UPDATES_NIGHT, { true, false, 600, 5 }, false },
		{ UPDATES_NEVER, { true, false, 600, 3 }, false },
	};
	enum updates_when when;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(
			updates_may_install(cases[i].when, &cases[i].x, 600), cases[i].may);
	assert_true(updates_when_read(STR("night"), &when));
	assert_int_equal(when, UPDATES_NIGHT);
	assert_false(updates_when_read(STR("always"), &when));
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
	const struct CMUnitTest tests[] = {
		CASE(fetches_in_pieces_and_asks_when_nobody_is_there),
		CASE(nothing_is_fetched_before_all_is_sent),
		CASE(nothing_is_fetched_while_somebody_is_there),
		CASE(goes_on_where_it_was_cut),
		CASE(a_part_that_was_complete_at_the_cut_is_finished),
		CASE(a_part_that_is_as_long_and_damaged_is_fetched_again),
		CASE(what_is_whole_is_not_fetched_again),
		CASE(a_damaged_file_is_never_asked_for),
		CASE(refuses_before_it_fetches),
		CASE(does_not_follow_to_an_older_one),
		CASE(without_keys_nothing_is_taken),
		CASE(what_was_taken_back_is_not_tried_again),
		CASE(an_outcome_of_before_is_none_of_this_time),
		CASE(what_cannot_be_asked_for_now_is_kept),
		CASE(what_is_withdrawn_goes),
		CASE(the_new_version_cleans_up),
		CASE(may_be_installed_when_it_was_allowed_to),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
