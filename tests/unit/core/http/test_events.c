#include "tests/unit/core/http/client.h"

#include <sched.h>

#define GET_ROOT   "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
#define GET_EVENTS "GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n"

struct world {
	struct http *http;
	struct events *events;
	struct arena arena;
};

static bool answer(void *context, struct request *q, struct reply *r, struct err *e)
{
	(void)context;
	(void)q;
	(void)e;
	reply_text(r, "text/plain", BYTES("here"));
	return true;
}

static bool stream(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct world *w = context;

	(void)q;
	(void)e;
	r->events = w->events;
	return true;
}

static const struct route routes[] = {
	{ "GET", "/", ROLE_ANYONE, ROUTE_READ, answer, NULL, 0, "answers" },
	{ "GET", "/events", ROLE_ANYONE, ROUTE_READ, stream, NULL, 0, "events" },
};

static void open_world(struct world *w, unsigned threads)
{
	struct http_config c = { .listen = "127.0.0.1:0",
		.routes = routes,
		.route_count = ARRAY_LEN(routes),
		.context = w,
		.threads = threads };
	struct err e;

	*w = (struct world){ .events = events_new() };
	if (!http_open(&w->http, &c, &e))
		fail_msg("%s", e.text);
}

static void close_world(struct world *w)
{
	http_close(w->http);
	events_free(w->events);
	arena_finish(&w->arena);
}

static void gives_a_newcomer_the_newest_of_each_type_then_what_comes(void **state)
{
	struct world w;
	const char *got;
	int fd;

	(void)state;
	open_world(&w, 2);
	assert_int_equal(events_listeners(w.events), 0);
	events_publish(w.events, "state", BYTES("1"));
	events_publish(w.events, "other", BYTES("a"));
	events_publish(w.events, "state", BYTES("2"));
	fd = client_connect(http_address(w.http));
	client_send(fd, BYTES(GET_EVENTS));
	got = client_read_until(fd, "data: a\n\n", &w.arena);
	assert_non_null(strstr(got, "Content-Type: text/event-stream"));
	assert_non_null(strstr(got, "event: state\ndata: 2\n\n"));
	assert_null(strstr(got, "data: 1\n"));
	events_publish(w.events, "state", BYTES("x\ny"));
	client_read_until(fd, "event: state\ndata: x\ndata: y\n\n", &w.arena);
	assert_int_equal(events_listeners(w.events), 1);
	http_close(w.http);
	w.http = NULL;
	client_read_all(fd, &w.arena); /* ends */
	close(fd);
	close_world(&w);
}

static void counts_the_clients_that_are_there(void **state)
{
	struct world w;
	int fds[3];

	(void)state;
	open_world(&w, 1);
	events_publish(w.events, "state", BYTES("1"));
	for (size_t i = 0; i < ARRAY_LEN(fds); i++) {
		fds[i] = client_connect(http_address(w.http));
		client_send(fds[i], BYTES(GET_EVENTS));
		client_read_until(fds[i], "data: 1\n\n", &w.arena);
		assert_int_equal(events_listeners(w.events), i + 1);
	}
	/* nobody is published to, so nothing but its own end tells that a client went */
	for (size_t i = 0; i < ARRAY_LEN(fds); i++) {
		close(fds[i]);
		while (events_listeners(w.events) != ARRAY_LEN(fds) - i - 1)
			sched_yield();
	}
	close_world(&w);
}

static void drops_an_event_client_that_does_not_keep_up(void **state)
{
	struct world w;
	uint8_t *large;
	const char *got;
	int fd;

	(void)state;
	open_world(&w, 1);
	large = arena_alloc(&w.arena, 1 << 20);
	memset(large, 'a', 1 << 20);
	fd = client_connect(http_address(w.http));
	client_send(fd, BYTES(GET_EVENTS));
	events_publish(w.events, "state", BYTES("first"));
	client_read_until(fd, "data: first\n\n", &w.arena);
	for (int i = 0; i < 200; i++)
		events_publish(w.events, "state", bytes_of(large, 1 << 20));
	got = client_read_all(fd, &w.arena); /* closed, before all had come */
	assert_true(strlen(got) < (size_t)200 << 20);
	assert_int_equal(
		status_of(client_ask(http_address(w.http), BYTES(GET_ROOT), &w.arena)), 200);
	close(fd);
	close_world(&w);
}

static void closes_with_event_clients_present_and_after_they_left(void **state)
{
	struct world w;
	int fd;

	(void)state;
	open_world(&w, 2);
	for (int i = 0; i < 20; i++) {
		fd = client_connect(http_address(w.http));
		client_send(fd, BYTES(GET_EVENTS));
		client_read_until(fd, "\r\n\r\n", &w.arena);
		if (i % 2)
			close(fd);
		events_publish(w.events, "state", BYTES("1"));
	}
	close_world(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_a_newcomer_the_newest_of_each_type_then_what_comes),
		cmocka_unit_test(counts_the_clients_that_are_there),
		cmocka_unit_test(drops_an_event_client_that_does_not_keep_up),
		cmocka_unit_test(closes_with_event_clients_present_and_after_they_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
