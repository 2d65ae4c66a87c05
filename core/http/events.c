/*
 * Server-sent events. Each client has a short queue of shared messages; its response suspends its
 * connection while the queue is empty (a reader that returns nothing would busy-wait, facts:
 * performance 1) and whoever publishes resumes it.
 */
#include "core/http/wire.h"

#include <errno.h>
#include <microhttpd.h>
#include <pthread.h>
#include <sys/socket.h>

#include "core/base/clock.h"

enum { PENDING_MAX = 64, TYPES_MAX = 16, TYPE_LEN = 32, BLOCK = 16 << 10 };

struct message {
	unsigned refs; /* under the lock of its events */
	size_t len;
	char text[];
};

struct subscriber {
	struct events *ev;
	struct subscriber *prev, *next;
	struct MHD_Connection *con;
	int fd;
	void (*gone)(void *of);
	void *of;
	struct message *pending[PENDING_MAX];
	size_t head, count, sent; /* sent: of the message at the head */
	uint64_t quiet_since_ns;
	bool suspended, overrun, ending;
};

struct events {
	pthread_mutex_t lock;
	struct subscriber *first;
	struct {
		char type[TYPE_LEN];
		struct message *newest;
	} types[TYPES_MAX];
	size_t type_count;
	struct message *ping;
};

static struct message *message_new(struct buf *text)
{
	struct message *m = malloc(sizeof(*m) + text->len);

	if (!m)
		abort();
	m->refs = 1;
	m->len = text->len;
	memcpy(m->text, text->p, text->len);
	return m;
}

static void message_release(struct message *m)
{
	if (m && --m->refs == 0)
		free(m);
}

struct events *events_new(void)
{
	struct events *ev = calloc(1, sizeof(*ev));
	char comment[] = ":\n\n";
	struct buf text = { (uint8_t *)comment, 3, 3, NULL };

	if (!ev)
		abort();
	pthread_mutex_init(&ev->lock, NULL);
	ev->ping = message_new(&text);
	return ev;
}

void events_free(struct events *ev)
{
	if (!ev)
		return;
	for (size_t i = 0; i < ev->type_count; i++)
		message_release(ev->types[i].newest);
	message_release(ev->ping);
	pthread_mutex_destroy(&ev->lock);
	free(ev);
}

/* All below until the next headline: with the lock held. */

static void wake(struct subscriber *s)
{
	if (!s->suspended)
		return;
	s->suspended = false;
	MHD_resume_connection(s->con);
}

static void push(struct subscriber *s, struct message *m)
{
	if (s->overrun || s->ending)
		return;
	if (s->count == PENDING_MAX) {
		s->overrun = true;
		wake(s);
		return;
	}
	m->refs++;
	s->pending[(s->head + s->count++) % PENDING_MAX] = m;
	wake(s);
}

static void pop(struct subscriber *s)
{
	message_release(s->pending[s->head]);
	s->head = (s->head + 1) % PENDING_MAX;
	s->count--;
	s->sent = 0;
}

static void keep_newest(struct events *ev, const char *type, struct message *m)
{
	size_t i = 0;

	while (i < ev->type_count && strcmp(ev->types[i].type, type) != 0)
		i++;
	if (i == TYPES_MAX)
		return; /* types are literals of ours; a 17th is only not repeated to newcomers */
	if (i == ev->type_count)
		snprintf(ev->types[ev->type_count++].type, TYPE_LEN, "%s", type);
	message_release(ev->types[i].newest);
	m->refs++;
	ev->types[i].newest = m;
}

/* Publishing and reading. */

void events_publish(struct events *ev, const char *type, struct bytes json)
{
	struct arena a = { 0 };
	struct buf text = BUF_IN(&a);
	struct str rest = { (const char *)json.p, json.len }, line;
	struct message *m;

	buf_printf(&text, "event: %s\n", type);
	while (str_split(&rest, '\n', &line))
		buf_printf(&text, "data: " STR_FMT "\n", STR_ARG(line));
	buf_add_char(&text, '\n');
	m = message_new(&text);
	arena_finish(&a);
	pthread_mutex_lock(&ev->lock);
	keep_newest(ev, type, m);
	for (struct subscriber *s = ev->first; s; s = s->next)
		push(s, m);
	message_release(m);
	pthread_mutex_unlock(&ev->lock);
}

/* A suspended connection is not polled: ask the socket itself whether its peer has closed. */
static bool is_there(int fd)
{
	uint8_t byte;
	ssize_t n = recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);

	return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

size_t events_listeners(struct events *ev)
{
	size_t n = 0;

	pthread_mutex_lock(&ev->lock);
	for (const struct subscriber *s = ev->first; s; s = s->next)
		n += is_there(s->fd);
	pthread_mutex_unlock(&ev->lock);
	return n;
}

static ssize_t read_some(void *cls, uint64_t pos, char *out, size_t max)
{
	struct subscriber *s = cls;
	ssize_t n = 0;

	(void)pos;
	pthread_mutex_lock(&s->ev->lock);
	if (s->overrun) {
		n = MHD_CONTENT_READER_END_WITH_ERROR;
	} else if (s->ending) {
		n = MHD_CONTENT_READER_END_OF_STREAM;
	} else if (s->count == 0) {
		s->suspended = true;
		s->quiet_since_ns = clock_monotonic_ns();
		MHD_suspend_connection(s->con);
	} else {
		struct message *m = s->pending[s->head];
		size_t len = m->len - s->sent < max ? m->len - s->sent : max;

		memcpy(out, m->text + s->sent, len);
		s->sent += len;
		if (s->sent == m->len)
			pop(s);
		n = (ssize_t)len;
	}
	pthread_mutex_unlock(&s->ev->lock);
	return n;
}

static void unsubscribe(void *cls)
{
	struct subscriber *s = cls;

	if (s->gone)
		s->gone(s->of); /* from here on nobody else knows s but the list of its events */
	pthread_mutex_lock(&s->ev->lock);
	if (s->prev)
		s->prev->next = s->next;
	else
		s->ev->first = s->next;
	if (s->next)
		s->next->prev = s->prev;
	while (s->count > 0)
		pop(s);
	pthread_mutex_unlock(&s->ev->lock);
	free(s);
}

struct MHD_Response *events_subscribe(struct events *ev, struct MHD_Connection *con,
	void (*gone)(void *of), void *of, struct subscriber **out)
{
	struct subscriber *s = calloc(1, sizeof(*s));
	const union MHD_ConnectionInfo *info;
	struct MHD_Response *response;

	if (!s)
		abort();
	info = MHD_get_connection_info(con, MHD_CONNECTION_INFO_CONNECTION_FD);
	*s = (struct subscriber){
		.ev = ev, .con = con, .fd = info->connect_fd, .gone = gone, .of = of
	};
	response = MHD_create_response_from_callback(
		MHD_SIZE_UNKNOWN, BLOCK, read_some, s, unsubscribe);
	if (!response) {
		free(s);
		return NULL;
	}
	pthread_mutex_lock(&ev->lock);
	s->next = ev->first;
	if (ev->first)
		ev->first->prev = s;
	ev->first = s;
	for (size_t i = 0; i < ev->type_count; i++)
		push(s, ev->types[i].newest);
	pthread_mutex_unlock(&ev->lock);
	*out = s;
	return response;
}

bool subscriber_check(struct subscriber *s, uint64_t now_ns, bool act, int *due_ms)
{
	uint64_t ping_ns = (uint64_t)EVENTS_PING_MS * 1000000;
	bool keeps_up;

	pthread_mutex_lock(&s->ev->lock);
	keeps_up = !s->overrun;
	if (s->suspended) {
		uint64_t quiet = now_ns > s->quiet_since_ns ? now_ns - s->quiet_since_ns : 0;

		if (quiet >= ping_ns && act)
			push(s, s->ev->ping);
		*due_ms = quiet >= ping_ns ? 0 : (int)((ping_ns - quiet) / 1000000) + 1;
	}
	pthread_mutex_unlock(&s->ev->lock);
	return keeps_up;
}

void subscriber_end(struct subscriber *s)
{
	pthread_mutex_lock(&s->ev->lock);
	s->ending = true;
	wake(s);
	pthread_mutex_unlock(&s->ev->lock);
}

void subscriber_forget(struct subscriber *s)
{
	s->gone = NULL;
}
