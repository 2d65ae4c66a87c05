/* The whole server on a loopback socket, with its threads: for what a world without them cannot
 * show. */
#include "tests/unit/core/http/client.h"
#include "tests/unit/server/gate.h"

#include <pthread.h>

#include "server/writer.h"

enum { CLIENTS = 8, TRIES = 6 };

static struct gate *serve(void)
{
	struct gate *g = gate_open();

	gate_password(g);
	access_close(g->s->access);
	g->s->access = NULL;
	g->s->config.listen = "127.0.0.1:0";
	g->s->config.threads = 2;
	MUST(server_serve(g->s, &e));
	return g;
}

static const char *post(struct gate *g, struct arena *a, const char *path, const char *body)
{
	struct str raw = arena_printf(a,
		"POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %zu\r\n\r\n%s", path,
		strlen(body), body);

	return client_ask(http_address(g->s->http), str_bytes(raw), a);
}

#define SIGNIN "/v1/organizer/signin", "{\"email\":\"org@x.example\",\"password\":\"" PASSWORD "\"}"

struct client {
	struct gate *g;
	pthread_t thread;
	int in, busy, other;
};

static void *sign_in_often(void *arg)
{
	struct client *c = arg;
	struct arena a = { 0 };

	for (int i = 0; i < TRIES; i++) {
		int status = status_of(post(c->g, &a, SIGNIN));

		c->in += status == 204;
		c->busy += status == 503;
		c->other += status != 204 && status != 503;
	}
	arena_finish(&a);
	return NULL;
}

static void passwords_are_verified_beside_everything_else(void **unused)
{
	struct gate *g = serve();
	struct client clients[CLIENTS] = { 0 };
	int in = 0, other = 0;

	(void)unused;
	for (size_t i = 0; i < CLIENTS; i++) {
		clients[i].g = g;
		assert_int_equal(
			pthread_create(&clients[i].thread, NULL, sign_in_often, &clients[i]), 0);
	}
	for (int i = 0; i < 20; i++) {
		struct arena a = { 0 };
		const char *reply = client_ask(http_address(g->s->http),
			BYTES("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"), &a);

		assert_int_equal(status_of(reply), 200);
		arena_finish(&a);
	}
	for (size_t i = 0; i < CLIENTS; i++) {
		pthread_join(clients[i].thread, NULL);
		in += clients[i].in;
		other += clients[i].other;
	}
	assert_int_equal(other, 0);
	assert_int_equal(in, CLIENTS * TRIES);
	gate_close(g);
}

static void what_is_refused_leaves_nothing_behind(void **unused)
{
	struct gate *g = serve();
	struct db_query *q;
	const char *reply;

	(void)unused;
	reply = post(g, &g->a, "/v1/organizer/signin",
		"{\"email\":\"org@x.example\",\"password\":\"wrong\"}");
	assert_int_equal(status_of(reply), 401);
	assert_null(strstr(reply, "Set-Cookie"));
	reply = post(g, &g->a, SIGNIN);
	assert_int_equal(status_of(reply), 204);
	assert_non_null(strstr(reply, "Set-Cookie: __Host-kith-org="));
	assert_non_null(strstr(reply, "SameSite=Lax"));
	server_stop(g->s);
	q = db_query(g->s->write.db, "SELECT COUNT(*) FROM session");
	MUST(db_step(q, &e) == DB_ROW);
	assert_int_equal(db_i64(q, 0), 1);
	db_reset(q);
	gate_close(g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(passwords_are_verified_beside_everything_else),
		cmocka_unit_test(what_is_refused_leaves_nothing_behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
