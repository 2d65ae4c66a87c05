/* The way from a badge at a kiosk to a session on a phone, step by step (gate.h). */
#pragma once

#include "tests/unit/server/gate.h"

#define FIREFOX "Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0"

struct pair {
	const char *id, *token;	   /* from the kiosk */
	const char *page, *digits; /* from the phone */
};

static UNUSED struct answer start(struct gate *g, struct pair *p, struct id who, const char *proof)
{
	struct answer a = ask(g, (struct who){ .kiosk = &g->kiosk }, "POST", "/v1/pairings",
		print(g, "{\"who\":\"%s\",\"proof\":\"%s\"}", id_text(who).s, proof));
	struct str url = said(&a, "url");

	*p = (struct pair){ 0 };
	if (a.status == 200) {
		p->id = arena_cstr(&g->a, said(&a, "pairing"));
		p->token = arena_cstr(&g->a, str_sub(url, str_find_char(url, '#', 0) + 1, url.len));
	}
	return a;
}

static UNUSED struct answer spend(struct gate *g, struct pair *p)
{
	struct answer a = ask(g, (struct who){ .agent = FIREFOX }, "POST", "/v1/pair",
		print(g, "{\"token\":\"%s\"}", p->token));

	if (a.status == 200) {
		p->page = cookie_of(g, &a, COOKIE_PAIR);
		p->digits = arena_cstr(&g->a, said(&a, "digits"));
		assert_non_null(p->page);
	}
	return a;
}

static UNUSED const char *confirm(
	struct gate *g, const struct pair *p, struct id who, const char *proof)
{
	struct answer a = ask(g, (struct who){ .kiosk = &g->kiosk }, "POST",
		print(g, "/v1/pairings/%s/confirm", p->id),
		proof ? print(g, "{\"who\":\"%s\",\"proof\":\"%s\"}", id_text(who).s, proof)
		      : print(g, "{\"who\":\"%s\"}", id_text(who).s));

	assert_int_equal(a.status, 200);
	return arena_cstr(&g->a, said(&a, "state"));
}

static UNUSED const char *state(struct gate *g, const struct pair *p)
{
	struct answer a = ask(g, (struct who){ .kiosk = &g->kiosk }, "GET",
		print(g, "/v1/pairings/%s", p->id), "");

	assert_int_equal(a.status, 200);
	return arena_cstr(&g->a, said(&a, "state"));
}

static UNUSED struct answer finish(struct gate *g, const struct pair *p)
{
	return ask(g, (struct who){ .cookie = p->page }, "POST", "/v1/pair/finish", "{}");
}

/* The whole way by badge; the session's cookie, NULL when it was not given. */
static UNUSED const char *pair_by_badge(struct gate *g)
{
	struct answer a;
	struct pair p;

	assert_int_equal(start(g, &p, g->badge, "chip").status, 200);
	assert_int_equal(spend(g, &p).status, 200);
	confirm(g, &p, g->badge, NULL);
	a = finish(g, &p);
	return cookie_of(g, &a, COOKIE_ATTENDEE);
}
