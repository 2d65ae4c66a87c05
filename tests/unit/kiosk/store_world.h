/* A kiosk's store in a folder of its own, for the tests of kiosk/store.h. */
#pragma once

#include "kiosk/store.h"
#include "tests/unit/test.h"

struct world {
	char folder[64];
	char path[96];
	struct store_config config;
	uint8_t seal_secret[SEAL_SECRET_LEN];
	struct arena a;
	struct err e;
	uint64_t made;
};

static void make_world(struct world *w)
{
	memset(w, 0, sizeof(*w));
	assert_true(crypto_init(&w->e));
	snprintf(w->folder, sizeof(w->folder), "/tmp/kith-store-XXXXXX");
	assert_non_null(mkdtemp(w->folder));
	snprintf(w->path, sizeof(w->path), "%s/kiosk.db", w->folder);
	seal_keypair(w->config.seal_public, w->seal_secret);
	w->config.path = w->path;
	w->config.event = 7;
}

static void end_world(struct world *w)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -r %s", w->folder);
	assert_int_equal(system(command), 0);
	arena_finish(&w->a);
}

static struct store *open_store(struct world *w)
{
	struct store *s = NULL;

	if (!store_open(&s, &w->config, &w->e))
		fail_msg("%s", w->e.text);
	return s;
}
