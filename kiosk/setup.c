#define _GNU_SOURCE
#include "kiosk/setup.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/config.h"
#include "core/base/json.h"
#include "core/base/log.h"
#include "core/base/service.h"
#include "core/base/text.h"
#include "kiosk/screen.h"
#include "kiosk/setup_private.h"

enum { LOOK_MS = 1000, CHILD_MS = 100, OPEN_MS = 180000, KEPT_MAX = 4096 };

static const char kept_file[] = "setup.json", identity_file[] = "identity.json";

static uint64_t now_ms(void)
{
	return clock_monotonic_ns() / 1000000;
}

bool setup_is_done(const struct kiosk_config *c)
{
	struct arena a = { 0 };
	bool done = access(kiosk_path(c, identity_file, &a), F_OK) == 0;

	arena_finish(&a);
	return done;
}

static struct json *read_kept(const struct kiosk_config *c, struct arena *a)
{
	struct json *root;
	struct bytes b;
	struct err none;

	return file_read(&b, kiosk_path(c, kept_file, a), KEPT_MAX, a, &none) &&
			       json_read(&root, b, a, &none)
		       ? root
		       : NULL;
}

struct str setup_language(const struct kiosk_config *c, struct arena *a)
{
	struct str lang;

	return json_get_str(read_kept(c, a), "lang", &lang) ? lang : STR("");
}

static bool copy(char *out, size_t size, struct str s)
{
	if (s.len >= size)
		return false;
	memset(out, 0, size);
	if (s.len > 0)
		memcpy(out, s.p, s.len);
	return true;
}

/* Nothing secret: neither a code nor a password. */
static void keep(struct setup *s)
{
	struct arena a = { 0 };
	struct buf text = BUF_IN(&a);
	struct json_writer w = JSON_TO(&text);
	struct err e;

	json_open(&w, NULL, '{');
	json_str(&w, "lang", str_of(s->lang));
	json_str(&w, "step", str_of(setup_step_names[s->step]));
	json_str(&w, "server", str_of(s->server));
	json_close(&w, '}');
	if (!file_replace(kiosk_path(s->config, kept_file, &a), buf_bytes(&text), 0600, &e))
		log_warn("setup: %s", e.text);
	arena_finish(&a);
}

static void restore(struct setup *s)
{
	struct arena a = { 0 };
	const struct json *root = read_kept(s->config, &a);
	struct str languages = s->config->languages, text;

	/* the first one that is configured, where none was chosen */
	while (s->lang[0] == '\0' && str_split(&languages, ' ', &text))
		(void)copy(s->lang, sizeof(s->lang), text);
	if (json_get_str(root, "lang", &text))
		setup_speak(s, text);
	if (json_get_str(root, "server", &text))
		(void)copy(s->server, sizeof(s->server), text);
	for (size_t i = 0; json_get_str(root, "step", &text) && i < SETUP_TEST; i++)
		if (str_equal(text, str_of(setup_step_names[i])))
			s->step = (enum setup_step)i;
	arena_finish(&a);
}

void setup_publish(struct setup *s)
{
	struct arena a = { 0 };
	struct buf json = BUF_IN(&a);

	s->rev++;
	setup_write(s, &json, &a);
	events_publish(s->events, "state", buf_bytes(&json));
	s->published = true;
	arena_finish(&a);
}

static void say(struct setup *s, const char *problem, struct str text)
{
	(void)copy(s->problem, sizeof(s->problem), str_of(problem));
	(void)copy(s->text, sizeof(s->text), utf8_cut(text, sizeof(s->text) - 1));
}

void setup_go(struct setup *s, enum setup_step step)
{
	/* what comes after enrolment needs one, and nothing before it does any more */
	s->step = s->enrolled ? SETUP_TEST : step < SETUP_TEST ? step : SETUP_CODE;
	say(s, "", STR(""));
	keep(s);
	setup_publish(s);
}

void setup_touch(struct setup *s)
{
	if (s->open_ms)
		s->open_ms = now_ms() + OPEN_MS;
}

void setup_speak(struct setup *s, struct str lang)
{
	struct str languages = s->config->languages, word;

	while (str_split(&languages, ' ', &word))
		if (word.len > 0 && str_equal(word, lang))
			(void)copy(s->lang, sizeof(s->lang), word);
	if (!s->events)
		return;
	keep(s);
	setup_publish(s);
}

bool setup_ask(struct setup *s, const struct setup_request *r, struct err *e)
{
	if (!s->system.there)
		return err_set(e, ERR_CONFLICT, "nothing here applies such settings");
	if (!setup_request_write(r, s->control_dir, e))
		return false;
	log_info("setup: asked the system wifi=%s zone=%s", r->wifi_name.len > 0 ? "yes" : "no",
		r->time_zone.len > 0 ? "yes" : "no");
	s->asked = true;
	/* whoever applies it starts this program again: it goes on with the code */
	setup_go(s, SETUP_CODE);
	return true;
}

/* "kith-kiosk --config FILE enrol SERVER -": the code goes down its standard input. */
static bool start_enrol(struct setup *s, int input, int errors)
{
	char *argv[] = { (char *)(uintptr_t)s->program, (char *)(uintptr_t) "--config",
		(char *)(uintptr_t)s->config_file, (char *)(uintptr_t) "enrol", s->server,
		(char *)(uintptr_t) "-", NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t none;
	int failed;

	sigemptyset(&none);
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attr);
	posix_spawn_file_actions_adddup2(&actions, input, 0);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, errors, 2);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK);
	failed = posix_spawn(&s->child, s->program, &actions, &attr, argv, environ);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&actions);
	if (failed)
		s->child = 0;
	return !failed;
}

bool setup_enrol(struct setup *s, struct str server, struct str code, struct err *e)
{
	int input[2] = { -1, -1 }, errors[2] = { -1, -1 };
	bool ok = false;

	if (s->child)
		return err_set(e, ERR_CONFLICT, "it is enrolling already");
	if (!copy(s->server, sizeof(s->server), server) || !copy(s->code, sizeof(s->code), code))
		return err_set(e, ERR_MALFORMED, "act: server or code is too long");
	if (pipe2(input, O_CLOEXEC) == 0 && pipe2(errors, O_CLOEXEC | O_NONBLOCK) == 0 &&
		write(input[1], s->code, strlen(s->code)) == (ssize_t)strlen(s->code))
		ok = start_enrol(s, input[0], errors[1]);
	for (int i = 0; i < 2; i++)
		if (input[i] >= 0)
			close(input[i]);
	if (errors[1] >= 0)
		close(errors[1]);
	if (!ok) {
		if (errors[0] >= 0)
			close(errors[0]);
		return err_set(e, ERR_INTERNAL, "the command that enrols cannot be started");
	}
	s->said = errors[0];
	s->text_len = 0;
	say(s, "", STR(""));
	keep(s);
	setup_publish(s);
	return true;
}

static void enrolled(struct setup *s)
{
	s->enrolled = true;
	s->open_ms = now_ms() + OPEN_MS;
	memset(s->code, 0, sizeof(s->code));
	setup_go(s, SETUP_TEST);
}

/* Its exit status is that of sysexits(3) (core/base/err.h). */
static void enrol_ended(struct setup *s, int status)
{
	static const struct {
		int status;
		const char *problem;
	} problems[] = { { EX_USAGE, "code_length" }, { EX_NOPERM, "code_refused" },
		{ EX_UNAVAILABLE, "server_unreachable" }, { EX_TEMPFAIL, "server_unreachable" } };
	struct str text = str_of(s->text), prefix = STR("kith-kiosk: ");
	const char *problem = "other";
	char said[sizeof(s->text)];
	size_t at;

	if (status == 0) {
		enrolled(s);
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(problems); i++)
		if (problems[i].status == status)
			problem = problems[i].problem;
	at = str_find(text, prefix, 0);
	text = str_trim(str_sub(text, at == SIZE_MAX ? 0 : at + prefix.len, text.len));
	(void)copy(said, sizeof(said), text);
	log_warn("setup: not enrolled problem=%s: %s", problem, said);
	say(s, problem, str_of(said));
	setup_publish(s);
}

static void drain_child(struct setup *s)
{
	char piece[200];
	ssize_t n;
	int status = 0;

	if (s->child == 0)
		return;
	while ((n = read(s->said, piece, sizeof(piece))) > 0) {
		size_t room = sizeof(s->text) - 1 - s->text_len;
		size_t take = (size_t)n < room ? (size_t)n : room;

		memcpy(s->text + s->text_len, piece, take);
		s->text_len += take;
		s->text[s->text_len] = '\0';
	}
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	close(s->said);
	s->said = -1;
	while (waitpid(s->child, &status, 0) < 0 && errno == EINTR)
		;
	s->child = 0;
	enrol_ended(s, WIFEXITED(status) ? WEXITSTATUS(status) : EX_SOFTWARE);
}

static void say_failure(struct setup *s)
{
	if (strcmp(s->system.state, "failed") == 0)
		say(s, s->system.problem, str_of(s->system.text));
}

/* What root's kith-setup says, and whether it enrolled by itself. */
static void look_at_system(struct setup *s)
{
	struct setup_status now;
	bool same;

	setup_status_read(&now, s->status_dir);
	same = memcmp(&now, &s->system, sizeof(now)) == 0;
	s->system = now;
	if (!same)
		s->asked = s->asked && strcmp(now.state, "ready") != 0 &&
			   strcmp(now.state, "failed") != 0;
	if (!s->enrolled && s->child == 0 && setup_is_done(s->config))
		enrolled(s);
	/* after that: something may be left to do for who enrolled it */
	if (!same) {
		say_failure(s);
		setup_publish(s);
	}
}

static void on_scan(void *context, size_t reader, const struct scan *scan)
{
	struct setup *s = context;
	struct str text, server, code;

	if (scan->kind != SCAN_CHIP && scan->kind != SCAN_CODE)
		return;
	setup_touch(s);
	s->test.count++;
	s->test.seen = scan->kind == SCAN_CHIP ? "chip" : "code";
	s->test.tag = NULL;
	s->test.bytes = scan->len;
	if (s->readers)
		snprintf(s->test.reader, sizeof(s->test.reader), "%s",
			readers_state(s->readers, reader)->name);
	if (scan->kind == SCAN_CODE && s->step == SETUP_CODE && s->child == 0 &&
		utf8_check(bytes_of(scan->data, scan->len), &text) &&
		setup_code_read(text, &server, &code) && server.len < sizeof(s->server) &&
		code.len < sizeof(s->code)) {
		/* it is shown, and a touch sends it */
		(void)copy(s->server, sizeof(s->server), server);
		(void)copy(s->code, sizeof(s->code), code);
		say(s, "", STR(""));
	}
	setup_publish(s);
}

static void on_readers(void *context)
{
	struct setup *s = context;

	if (s->readers)
		setup_publish(s);
}

void setup_finish(struct setup *s)
{
	s->finished = true;
	log_info("setup: done");
	loop_stop(s->loop);
}

static int http_wait(void *context)
{
	struct setup *s = context;

	return s->published ? 0 : http_timeout_ms(s->http);
}

static void http_go(void *context)
{
	struct setup *s = context;

	s->published = false;
	http_run(s->http);
}

static int readers_wait(void *context)
{
	return readers_timeout_ms(((struct setup *)context)->readers);
}

static void readers_go(void *context)
{
	readers_run(((struct setup *)context)->readers);
}

static int look_wait(void *context)
{
	const struct setup *s = context;
	uint64_t now = now_ms();

	return s->look_ms <= now ? 0 : (int)(s->look_ms - now);
}

static void look(void *context)
{
	struct setup *s = context;

	if (now_ms() < s->look_ms)
		return;
	s->look_ms = now_ms() + (s->child ? CHILD_MS : LOOK_MS);
	service_alive();
	drain_child(s);
	look_at_system(s);
	/* whoever enrolled it has gone: taps shall count */
	if (s->open_ms && now_ms() >= s->open_ms)
		setup_finish(s);
}

static bool open_all(struct setup *s, struct err *e)
{
	struct http_config http = { .listen = arena_cstr(&s->arena, s->config->screen_listen),
		.routes = setup_routes,
		.route_count = setup_route_count,
		.context = s,
		.authenticate = screen_authenticate };
	struct readers_config readers = { .lines = &s->config->readers,
		.types = reader_types,
		.type_count = reader_type_count,
		.program = s->program,
		.context = s,
		.scan = on_scan,
		.changed = on_readers };

	if (!kiosk_make_folder(s->config, &s->arena, e) || !loop_open(&s->loop, e))
		return false;
	restore(s);
	/* what it came to before this program was started again, too */
	setup_status_read(&s->system, s->status_dir);
	say_failure(s);
	s->events = events_new();
	if (!http_open(&s->http, &http, e))
		return err_in(e, "screen");
	setup_publish(s);
	if (!readers_open(&s->readers, &readers, e))
		return false;
	setup_publish(s);
	return loop_add(s->loop,
		       (struct loop_source){ s, readers_fd(s->readers), readers_wait, readers_go },
		       e) &&
	       loop_add(s->loop, (struct loop_source){ s, http_fd(s->http), http_wait, http_go },
		       e) &&
	       loop_add(s->loop, (struct loop_source){ s, -1, look_wait, look }, e);
}

static void close_all(struct setup *s)
{
	if (s->child) {
		kill(s->child, SIGTERM);
		(void)waitpid(s->child, NULL, 0);
	}
	if (s->said >= 0)
		close(s->said);
	readers_close(s->readers);
	http_close(s->http);
	events_free(s->events);
	loop_close(s->loop);
	memset(s->code, 0, sizeof(s->code));
	arena_finish(&s->arena);
}

bool setup_run(const struct kiosk_config *config, const char *config_file, const char *program,
	void (*ready)(const char *address), bool *enrolled_now, struct err *e)
{
	struct setup s = {
		.config = config, .config_file = config_file, .program = program, .said = -1
	};
	bool ok;

	s.control_dir = arena_cstr(&s.arena, config->control_dir);
	s.status_dir = arena_cstr(&s.arena, config->setup_dir);
	s.root = arena_cstr(&s.arena, config->sys_root);
	ok = open_all(&s, e);
	if (ok) {
		log_info("setup: not enrolled yet, the screen asks");
		ready(http_address(s.http));
		ok = loop_run(s.loop, e);
	}
	*enrolled_now = s.finished;
	close_all(&s);
	return ok;
}
