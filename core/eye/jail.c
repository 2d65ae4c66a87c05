#define _GNU_SOURCE
#include "core/eye/jail.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/eye/jail_rules.h"

enum { NAME_MAX_LEN = 24, TEXT_MAX = 200 };

enum request_kind { REQUEST_PIXELS, REQUEST_FILE };

struct request {
	uint32_t kind, mode, pass, width, height, len;
};

/* The answer's small part; bytes of codes stand in shared memory. */
struct answer {
	uint32_t ok, code; /* enum err_code where not ok */
	char text[TEXT_MAX];
	uint32_t count;
	uint32_t located, advice, still; /* struct eye_sight in numbers: it is not ours */
	struct eye_point at;
};

struct shared_code {
	uint32_t at, len;
	struct eye_point corners[4];
	char engine[NAME_MAX_LEN], pass[NAME_MAX_LEN];
	float ms;
};

/* Both processes have it. The decoder may write anything into it at any time. */
struct shared {
	struct shared_code codes[EYE_CODES_MAX];
	uint8_t data[EYE_DATA_MAX];
	uint8_t picture[JAIL_PICTURE_MAX];
};

struct jail {
	struct shared *shared;
	pid_t pid;
	int socket; /* -1: none */
	unsigned starts;
	bool asked; /* a task was given, and its answer has not come */
	uint64_t until_ns;
	/* copies, checked; names stand beside their codes */
	struct shared_code copies[EYE_CODES_MAX];
	struct eye_code codes[EYE_CODES_MAX];
	uint8_t data[EYE_DATA_MAX];
};

/* The decoder's side */

static void copy_name(char to[NAME_MAX_LEN], const char *from)
{
	size_t n = strnlen(from, NAME_MAX_LEN - 1);

	memset(to, 0, NAME_MAX_LEN);
	memcpy(to, from, n);
}

static void put_codes(struct shared *shared, const struct eye_codes *codes, struct answer *a)
{
	size_t used = 0;

	for (size_t i = 0; i < codes->count; i++) {
		const struct eye_code *c = &codes->code[i];
		struct shared_code *to = &shared->codes[i];

		to->at = (uint32_t)used;
		to->len = (uint32_t)c->data.len;
		to->ms = c->ms;
		memcpy(to->corners, c->corners, sizeof(to->corners));
		copy_name(to->engine, c->engine);
		copy_name(to->pass, c->pass);
		if (c->data.len > 0)
			memcpy(shared->data + used, c->data.p, c->data.len);
		used += c->data.len;
	}
	a->count = (uint32_t)codes->count;
	a->located = codes->sight.located;
	a->advice = codes->sight.advice;
	a->still = codes->sight.still;
	a->at = codes->sight.at;
}

static void serve_one(struct shared *shared, struct eye *eye, struct image_store *store,
	const struct request *q, struct answer *a)
{
	struct image in = { shared->picture, q->width, q->height, q->width };
	struct eye_codes codes = { 0 };
	struct err e = { 0 };

	*a = (struct answer){ .ok = 1 };
	if ((q->kind == REQUEST_FILE &&
		    !image_read(&in, bytes_of(shared->picture, q->len), store, &e)) ||
		!(q->mode == EYE_PASS ? eye_read_pass(eye, &in, q->pass, &codes, &e)
				      : eye_read(eye, &in, (enum eye_mode)q->mode, &codes, &e))) {
		size_t n = strnlen(e.text, TEXT_MAX - 1);

		a->ok = 0;
		a->code = e.code;
		memcpy(a->text, e.text, n);
		return;
	}
	put_codes(shared, &codes, a);
}

static void limit(__rlimit_resource_t what, rlim_t most)
{
	struct rlimit r = { most, most };

	/* a limit that is lower already cannot be raised, and need not be */
	if (setrlimit(what, &r) != 0)
		return;
}

/* Not close(3): a library that plays a camera (libcamera's shim) would end the caller's there. */
static void close_from_to(unsigned first, unsigned last)
{
	if (first > last || syscall(SYS_close_range, first, last, 0) == 0)
		return;
	for (unsigned fd = first; fd <= last && fd < 1024; fd++)
		syscall(SYS_close, fd);
}

/* Of what the caller has open, the decoder keeps the socket and the place for last words. */
static void close_others(int keep)
{
	unsigned socket = (unsigned)keep, words = STDERR_FILENO;
	unsigned low = socket < words ? socket : words, high = socket < words ? words : socket;

	if (low > 0)
		close_from_to(0, low - 1);
	close_from_to(low + 1, high - 1);
	close_from_to(high + 1, ~0u);
}

_Noreturn static void serve(struct shared *shared, int socket)
{
	struct image_store store = { 0 };
	struct eye *eye = NULL;
	struct request q;
	struct answer a;
	struct err e = { 0 };

	close_others(socket);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	limit(RLIMIT_CORE, 0);
	if (jail_can_limit())
		limit(RLIMIT_AS, JAIL_MEMORY_MAX);
	/* all that needs files or locale happens before the door is shut */
	if (!eye_open(&eye, &e) || !jail_shut())
		_exit(1);
	while (read(socket, &q, sizeof(q)) == (ssize_t)sizeof(q)) {
		serve_one(shared, eye, &store, &q, &a);
		if (write(socket, &a, sizeof(a)) != (ssize_t)sizeof(a))
			break;
	}
	_exit(0);
}

/* The caller's side */

bool jail_open(struct jail **out, struct err *e)
{
	struct jail *j = calloc(1, sizeof(*j));
	void *shared;

	if (!j)
		return err_set(e, ERR_FULL, "no memory for the decoder's process");
	/* pages are made when they are first used: a picture costs what it has */
	shared = mmap(NULL, sizeof(*j->shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		-1, 0);
	if (shared == MAP_FAILED) {
		free(j);
		return err_set(e, ERR_FULL, "no memory for the decoder's pictures");
	}
	j->shared = shared;
	j->socket = -1;
	*out = j;
	return true;
}

static void jail_end(struct jail *j)
{
	if (j->socket >= 0)
		close(j->socket);
	j->socket = -1;
	if (j->pid > 0) {
		kill(j->pid, SIGKILL);
		while (waitpid(j->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	j->pid = 0;
	j->asked = false;
}

void jail_close(struct jail *j)
{
	if (!j)
		return;
	jail_end(j);
	munmap(j->shared, sizeof(*j->shared));
	free(j);
}

pid_t jail_pid(const struct jail *j)
{
	return j->pid;
}

unsigned jail_starts(const struct jail *j)
{
	return j->starts;
}

static bool jail_start(struct jail *j, struct err *e)
{
	int pair[2];

	if (j->pid > 0)
		return true;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
		return err_errno(e, "no socket for the decoder");
	j->pid = fork();
	if (j->pid == 0) {
		close(pair[0]);
		serve(j->shared, pair[1]);
	}
	close(pair[1]);
	j->socket = pair[0];
	if (j->pid < 0) {
		j->pid = 0;
		jail_end(j);
		return err_errno(e, "the decoder's process cannot be started");
	}
	j->starts++;
	return true;
}

/* Everything checked, nothing believed: each code within the data, each name ended. */
static bool jail_take(struct jail *j, const struct answer *a, struct eye_codes *out, struct err *e)
{
	uint32_t count = a->count;

	if (count > EYE_CODES_MAX || a->advice >= EYE_ADVICE_COUNT)
		return err_set(e, ERR_UNAVAILABLE, "the decoder answered nonsense");
	memcpy(j->copies, j->shared->codes, count * sizeof(*j->copies));
	for (uint32_t i = 0; i < count; i++) {
		struct shared_code *c = &j->copies[i];

		if (c->at > EYE_DATA_MAX || c->len > EYE_DATA_MAX - c->at)
			return err_set(e, ERR_UNAVAILABLE, "the decoder answered nonsense");
		memcpy(j->data + c->at, j->shared->data + c->at, c->len);
		c->engine[NAME_MAX_LEN - 1] = c->pass[NAME_MAX_LEN - 1] = '\0';
		j->codes[i] = (struct eye_code){ .data = bytes_of(j->data + c->at, c->len),
			.engine = c->engine,
			.pass = c->pass,
			.ms = c->ms };
		memcpy(j->codes[i].corners, c->corners, sizeof(c->corners));
	}
	*out = (struct eye_codes){ j->codes, count,
		{ a->located != 0, a->at, (enum eye_advice)a->advice, a->still } };
	return true;
}

/* Whether the answer is there; waits for it, as long as it may take, where that is wanted. */
static bool jail_wait(struct jail *j, bool wait, struct answer *a, bool *done, struct err *e)
{
	struct pollfd p = { .fd = j->socket, .events = POLLIN };
	ssize_t n;

	*done = true;
	for (;;) {
		uint64_t now_ns = clock_monotonic_ns();
		uint64_t left = now_ns < j->until_ns ? j->until_ns - now_ns : 0;
		int ready = poll(&p, 1, wait ? (int)((left + 999999) / 1000000) : 0);

		if (ready > 0)
			break;
		if (ready == 0 && left == 0)
			return err_set(e, ERR_TIMEOUT, "decoding took too long");
		if (ready == 0 && !wait) {
			*done = false;
			return true;
		}
		if (ready < 0 && errno != EINTR)
			return err_errno(e, "waiting for the decoder");
	}
	do
		n = recv(j->socket, a, sizeof(*a), 0);
	while (n < 0 && errno == EINTR);
	return n == (ssize_t)sizeof(*a) || err_set(e, ERR_UNAVAILABLE, "the decoder died of it");
}

/* Into shared memory, and what to say of it. */
static bool jail_put(struct jail *j, const struct jail_task *t, struct request *q, struct err *e)
{
	const struct image *in = &t->image;

	*q = (struct request){ REQUEST_PIXELS, t->mode, t->pass, in->width, in->height, 0 };
	_Static_assert((int)LIMIT_IMAGE_PIXELS <= (int)JAIL_PICTURE_MAX, "a picture fits");
	if (in->pixels) {
		if (!image_size_check(in->width, in->height, e))
			return false;
		for (uint32_t y = 0; y < in->height; y++)
			memcpy(j->shared->picture + (size_t)y * in->width,
				in->pixels + in->stride * y, in->width);
		return true;
	}
	q->kind = REQUEST_FILE;
	q->len = (uint32_t)t->file.len;
	if (t->file.len > JAIL_PICTURE_MAX)
		return err_set(e, ERR_TOO_LARGE, "a file of %zu bytes", t->file.len);
	if (t->file.len > 0)
		memcpy(j->shared->picture, t->file.p, t->file.len);
	return true;
}

bool jail_give(struct jail *j, const struct jail_task *task, unsigned timeout_ms, struct err *e)
{
	struct request q;
	ssize_t n;

	assert(!j->asked);
	if (!jail_put(j, task, &q, e) || !jail_start(j, e))
		return false;
	do
		n = send(j->socket, &q, sizeof(q), MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	if (n != (ssize_t)sizeof(q)) {
		jail_end(j);
		return err_set(e, ERR_UNAVAILABLE, "the decoder is gone");
	}
	j->asked = true;
	j->until_ns = clock_monotonic_ns() + (uint64_t)timeout_ms * 1000000;
	return true;
}

bool jail_is_free(const struct jail *j)
{
	return !j->asked;
}

bool jail_answer(struct jail *j, bool wait, bool *done, struct eye_codes *out, struct err *e)
{
	struct answer a;

	*done = false;
	if (!j->asked)
		return true;
	if (!jail_wait(j, wait, &a, done, e)) {
		jail_end(j);
		return false;
	}
	if (!*done)
		return true;
	j->asked = false;
	if (!a.ok) {
		a.text[TEXT_MAX - 1] = '\0';
		return err_set(e,
			a.code > ERR_NONE && a.code <= ERR_INTERNAL ? (enum err_code)a.code
								    : ERR_INTERNAL,
			"%s", a.text);
	}
	if (jail_take(j, &a, out, e))
		return true;
	jail_end(j);
	return false;
}

static bool jail_call(struct jail *j, const struct jail_task *task, unsigned timeout_ms,
	struct eye_codes *out, struct err *e)
{
	bool done;

	return jail_give(j, task, timeout_ms, e) && jail_answer(j, true, &done, out, e);
}

bool jail_read(struct jail *j, const struct image *in, enum eye_mode mode, unsigned timeout_ms,
	struct eye_codes *out, struct err *e)
{
	return jail_call(j, &(struct jail_task){ .image = *in, .mode = mode }, timeout_ms, out, e);
}

bool jail_read_file(struct jail *j, struct bytes file, enum eye_mode mode, unsigned timeout_ms,
	struct eye_codes *out, struct err *e)
{
	return jail_call(j, &(struct jail_task){ .file = file, .mode = mode }, timeout_ms, out, e);
}
