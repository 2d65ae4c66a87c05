/* Whether the kiosk is well, as it says itself and as its process shows. */
#define _DEFAULT_SOURCE
#include <errno.h>
#include <signal.h>
#include <time.h>

#include "core/base/clock.h"
#include "core/base/config.h"
#include "core/base/limits.h"
#include "core/base/log.h"
#include "core/base/run.h"
#include "kiosk/update/update.h"

enum { LOOK_MS = 200, WORDS_MAX = 16 };

static uint64_t now_ms(void)
{
	return clock_monotonic_ns() / 1000000;
}

static void rest(void)
{
	const struct timespec t = { 0, LOOK_MS * 1000000 };

	nanosleep(&t, NULL);
}

/* False: it does not say, or whoever said it is no more. */
static bool look(struct alive *out, const struct update *u, struct arena *a)
{
	struct bytes text;
	struct err e;

	return update_read_theirs(
		       &text, arena_cstr(a, u->config->alive), LIMIT_CONFIG_BYTES, a, &e) &&
	       alive_read(out, text, a, &e) && (kill((pid_t)out->pid, 0) == 0 || errno == EPERM);
}

void prove_before(struct update *u)
{
	struct arena a = { 0 };
	struct alive x;

	if (look(&x, u, &a)) {
		u->state.was_readers = x.readers;
		u->state.was_online = x.online;
	}
	arena_finish(&a);
}

static bool is_busy(const struct update *u)
{
	struct arena a = { 0 };
	struct alive x;
	bool busy = look(&x, u, &a) && x.busy;

	arena_finish(&a);
	return busy;
}

void prove_wait_quiet(const struct update *u)
{
	uint64_t since = now_ms();

	if (is_busy(u))
		log_info("update waits: somebody is there");
	while (now_ms() - since < u->config->quiet_s * 1000 || is_busy(u)) {
		if (is_busy(u))
			since = now_ms();
		rest();
	}
}

void prove_restart(const struct update *u)
{
	const char *argv[WORDS_MAX + 1];
	const struct run r = { .argv = argv };
	struct str line = u->config->restart, word;
	size_t n = 0;
	struct err e;

	while (n < WORDS_MAX && str_split(&line, ' ', &word))
		if (word.len > 0)
			argv[n++] = arena_cstr(u->arena, word);
	argv[n] = NULL;
	/* a kiosk that does not come up is for prove_is_well to find */
	if (n > 0 && !run_ok(&r, &e))
		log_warn("%s", e.text);
}

static bool looks_well(const struct update *u, const struct alive *x)
{
	const struct update_state *s = &u->state;

	return str_equal(x->version, s->version) && x->store && (x->readers || !s->was_readers) &&
	       (x->online || !s->was_online);
}

bool prove_is_well(const struct update *u)
{
	uint64_t end = now_ms() + u->config->patience_s * 1000, since = 0, pid = 0;
	bool well = false;

	while (!well && now_ms() < end) {
		struct arena a = { 0 };
		struct alive x;

		if (!look(&x, u, &a) || !looks_well(u, &x)) {
			since = 0;
		} else if (since == 0 || x.pid != pid) {
			pid = x.pid;
			since = now_ms();
		} else {
			well = now_ms() - since >= u->config->prove_s * 1000;
		}
		arena_finish(&a);
		if (!well)
			rest();
	}
	return well;
}
