#define _GNU_SOURCE
#include "kiosk/readers.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/base/text.h"

extern const struct reader_type reader_camera, reader_frames, reader_nfc, reader_scanner;

/* Sorted by name. */
const struct reader_type *const reader_types[] = {
	&reader_camera,
	&reader_frames,
	&reader_nfc,
	&reader_scanner,
};
const size_t reader_type_count = ARRAY_LEN(reader_types);

struct one {
	struct reader_state state;
	const struct reader_type *type;
	char argument[200];
	pid_t pid;		     /* 0: not running */
	int pipe;		     /* -1 likewise */
	int view;		     /* to ask for a picture; -1 likewise */
	uint64_t heard_ms, start_ms; /* when it last spoke; when to start it again */
	unsigned retry_ms;
};

struct readers {
	struct readers_config config;
	struct one *all;
	size_t count;
	int epoll;
};

static uint64_t now_ms(void)
{
	return clock_monotonic_ns() / 1000000;
}

static const struct reader_type *find_type(
	const struct reader_type *const *types, size_t n, struct str name)
{
	for (size_t i = 0; i < n; i++)
		if (str_equal(str_of(types[i]->name), name))
			return types[i];
	return NULL;
}

/* "nfc pn532_uart:/dev/ttyUSB0" */
static bool split_line(struct str line, struct str *kind, struct str *argument)
{
	size_t space = str_find_char(line, ' ', 0);

	*kind = str_sub(line, 0, space);
	*argument = space == SIZE_MAX ? STR("") : str_trim(str_sub(line, space, line.len));
	return argument->len > 0;
}

bool readers_check(struct str line, const struct reader_type *const *types, size_t n, struct err *e)
{
	char names[120];
	struct buf b = BUF_OVER(names, sizeof(names) - 1);
	struct str kind, argument;
	bool whole = split_line(line, &kind, &argument);

	for (size_t i = 0; i < n; i++)
		buf_printf(&b, "%s%s", i ? ", " : "", types[i]->name);
	names[buf_bytes(&b).len] = '\0';
	if (!find_type(types, n, kind))
		return err_set(e, ERR_MALFORMED, "reader \"" STR_FMT "\": the kinds are %s",
			STR_ARG(utf8_cut(kind, 40)), names);
	if (!whole)
		return err_set(e, ERR_MALFORMED,
			"reader " STR_FMT ": which one? reader = " STR_FMT " DEVICE", STR_ARG(kind),
			STR_ARG(kind));
	return argument.len < sizeof(((struct one *)0)->argument) ||
	       err_set(e, ERR_TOO_LARGE, "reader " STR_FMT ": its argument is too long",
		       STR_ARG(kind));
}

static void set_state(struct readers *r, struct one *o, enum reader_status status, struct str text)
{
	struct buf b = BUF_OVER(o->state.text, sizeof(o->state.text) - 1);
	bool same = o->state.status == status &&
		    str_equal(str_of(o->state.text), utf8_cut(text, sizeof(o->state.text) - 1));

	if (same)
		return;
	memset(o->state.text, 0, sizeof(o->state.text));
	buf_add_str(&b, utf8_cut(text, sizeof(o->state.text) - 1));
	o->state.status = status;
	if (status == READER_READY)
		log_info("reader=\"%s\" ready %s", o->state.name, o->state.text);
	else if (status != READER_STARTING)
		log_warn("reader=\"%s\" %s", o->state.name, o->state.text);
	r->config.changed(r->config.context);
}

/*
 * What a child gets: no signal blocked or ignored, /dev/null as input, the pipe as 3, and for
 * pictures a socket as 4. view is numbered past these (view_pair).
 */
static bool spawn(struct readers *r, struct one *o, int end, int view)
{
	/* posix_spawn takes char * for history's sake and changes none of them */
	char *argv[] = { (char *)(uintptr_t)r->config.program, (char *)(uintptr_t) "reader",
		(char *)(uintptr_t)o->type->name, o->argument, NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t none, all;
	int failed;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attr);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, 2, 1);
	posix_spawn_file_actions_adddup2(&actions, end, 3);
	if (view >= 0)
		posix_spawn_file_actions_adddup2(&actions, view, VIEW_FD);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &all);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	failed = posix_spawn(&o->pid, r->config.program, &actions, &attr, argv, environ);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&actions);
	if (failed)
		o->pid = 0;
	return !failed;
}

static void start(struct readers *r, struct one *o)
{
	struct epoll_event ev = { .events = EPOLLIN, .data.ptr = o };
	int ends[2], views[2];

	o->start_ms = now_ms() + o->retry_ms;
	o->retry_ms = o->retry_ms * 2 > READER_RETRY_MAX_MS ? READER_RETRY_MAX_MS : o->retry_ms * 2;
	/* O_DIRECT: each write is one packet, so a read gives one whole scan */
	if (pipe2(ends, O_CLOEXEC | O_DIRECT) != 0) {
		set_state(r, o, READER_DOWN, STR("no pipe for its process"));
		return;
	}
	/* without it there is no picture for staff, and everything else */
	if (!view_pair(views))
		views[0] = views[1] = -1;
	if (!spawn(r, o, ends[1], views[1])) {
		close(ends[0]);
		if (views[0] >= 0)
			close(views[0]);
		set_state(r, o, READER_DOWN, STR("its process cannot be started"));
	} else {
		o->pipe = ends[0];
		o->view = views[0];
		fcntl(o->pipe, F_SETFL, O_NONBLOCK | O_DIRECT);
		o->heard_ms = now_ms();
		o->state.starts++;
		epoll_ctl(r->epoll, EPOLL_CTL_ADD, o->pipe, &ev);
	}
	close(ends[1]);
	if (views[1] >= 0)
		close(views[1]);
}

/* After its end, or to bring that about. */
static void reap(struct readers *r, struct one *o, const char *why)
{
	char text[120];
	int status = 0;

	kill(o->pid, SIGKILL);
	while (waitpid(o->pid, &status, 0) < 0 && errno == EINTR)
		;
	close(o->pipe);
	if (o->view >= 0)
		close(o->view);
	o->pipe = o->view = -1;
	o->pid = 0;
	o->start_ms = now_ms() + o->retry_ms;
	if (why)
		snprintf(text, sizeof(text), "%s: started again", why);
	else if (WIFSIGNALED(status))
		snprintf(text, sizeof(text), "its process ended by signal %d: started again",
			WTERMSIG(status));
	else
		snprintf(text, sizeof(text), "its process ended with %d: started again",
			WEXITSTATUS(status));
	set_state(r, o, READER_DOWN, str_of(text));
}

static bool number_readers(struct readers *r, struct err *e)
{
	for (size_t i = 0; i < r->count; i++) {
		struct one *o = &r->all[i];
		struct str kind, argument;
		unsigned number = 1;

		if (!readers_check(
			    r->config.lines->items[i], r->config.types, r->config.type_count, e))
			return false;
		(void)split_line(r->config.lines->items[i], &kind, &argument);
		o->type = find_type(r->config.types, r->config.type_count, kind);
		memcpy(o->argument, argument.p, argument.len);
		for (size_t k = 0; k < i; k++)
			number += r->all[k].type == o->type;
		snprintf(o->state.name, sizeof(o->state.name), "%s %u", o->type->name, number);
		o->retry_ms = READER_RETRY_MIN_MS;
		o->pipe = o->view = -1;
	}
	return true;
}

bool readers_open(struct readers **out, const struct readers_config *config, struct err *e)
{
	struct readers *r = calloc(1, sizeof(*r));

	if (!r)
		return err_set(e, ERR_INTERNAL, "no memory for readers");
	r->config = *config;
	r->count = config->lines->count;
	r->all = calloc(r->count + 1, sizeof(*r->all));
	r->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (!r->all || r->epoll < 0 || !number_readers(r, e)) {
		if (!r->all || r->epoll < 0)
			err_errno(e, "readers");
		r->count = 0;
		readers_close(r);
		return false;
	}
	for (size_t i = 0; i < r->count; i++)
		start(r, &r->all[i]);
	*out = r;
	return true;
}

void readers_close(struct readers *r)
{
	uint64_t end = now_ms() + READER_STOP_MS;
	struct timespec nap = { 0, 5000000 };

	if (!r)
		return;
	for (size_t i = 0; i < r->count; i++)
		if (r->all[i].pid)
			kill(r->all[i].pid, SIGTERM);
	for (size_t i = 0; i < r->count; i++) {
		struct one *o = &r->all[i];

		while (o->pid && waitpid(o->pid, NULL, WNOHANG) == 0 && now_ms() < end)
			nanosleep(&nap, NULL);
		if (o->pid && kill(o->pid, SIGKILL) == 0)
			waitpid(o->pid, NULL, 0);
		if (o->pipe >= 0)
			close(o->pipe);
		if (o->view >= 0)
			close(o->view);
	}
	if (r->epoll >= 0)
		close(r->epoll);
	free(r->all);
	free(r);
}

int readers_fd(const struct readers *r)
{
	return r->epoll;
}

int readers_timeout_ms(const struct readers *r)
{
	uint64_t now = now_ms(), at = UINT64_MAX;

	for (size_t i = 0; i < r->count; i++) {
		const struct one *o = &r->all[i];
		uint64_t own = o->pid ? o->heard_ms + READER_ALIVE_MS : o->start_ms;

		at = own < at ? own : at;
	}
	return at == UINT64_MAX ? -1 : at <= now ? 0 : (int)(at - now);
}

static void take(struct readers *r, struct one *o, const struct scan *scan)
{
	struct str text = { (const char *)scan->data, scan->len };

	o->heard_ms = now_ms();
	switch (scan->kind) {
	case SCAN_ALIVE:
		return;
	case SCAN_READY:
		o->retry_ms = READER_RETRY_MIN_MS;
		set_state(r, o, READER_READY, text);
		return;
	case SCAN_FAULT:
		set_state(r, o, READER_FAULT, text);
		return;
	default:
		r->config.scan(r->config.context, (size_t)(o - r->all), scan);
	}
}

/* Everything that this reader has sent. False: its process is gone. */
static bool drain(struct readers *r, struct one *o)
{
	for (;;) {
		struct scan scan;
		ssize_t n = read(o->pipe, &scan, sizeof(scan));

		if (n < 0)
			return errno == EAGAIN || errno == EINTR;
		if (n == 0)
			return false;
		if ((size_t)n < offsetof(struct scan, data) || scan.len > SCAN_DATA_MAX ||
			(size_t)n < offsetof(struct scan, data) + scan.len ||
			scan.uid_len > sizeof(scan.uid))
			log_warn("reader=\"%s\" sent %zd bytes that are no scan", o->state.name, n);
		else
			take(r, o, &scan);
	}
}

void readers_run(struct readers *r)
{
	struct epoll_event events[16];
	int n = epoll_wait(r->epoll, events, ARRAY_LEN(events), 0);

	for (int i = 0; i < n; i++) {
		struct one *o = events[i].data.ptr;

		if (o->pid && !drain(r, o))
			reap(r, o, NULL);
	}
	for (size_t i = 0; i < r->count; i++) {
		struct one *o = &r->all[i];

		if (o->pid && now_ms() >= o->heard_ms + READER_ALIVE_MS)
			reap(r, o, "its process hung");
		if (!o->pid && now_ms() >= o->start_ms)
			start(r, o);
	}
}

size_t readers_count(const struct readers *r)
{
	return r->count;
}

const struct reader_state *readers_state(const struct readers *r, size_t i)
{
	return &r->all[i].state;
}

void readers_look(struct readers *r, size_t i)
{
	if (r->all[i].view >= 0)
		view_ask(r->all[i].view);
}

bool readers_view(struct readers *r, size_t i, struct view_frame *out)
{
	return r->all[i].view >= 0 && view_take(r->all[i].view, out);
}
