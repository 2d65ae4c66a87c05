/*
 * The kiosk's half of an update: fetches the release that the server offers, in pieces, once all
 * entries are sent and while nobody stands there, checks it, and asks for it to be installed when
 * nobody was there for a while. What installs it is kith-update (kiosk/update/update.h), which
 * trusts none of this and checks again.
 *
 * In FOLDER: DIGEST.part while it is fetched, where it goes on after any interruption;
 * release.kithup once it is whole and signed; install.kithup asks for it.
 */
#pragma once

#include "core/release/handover.h"
#include "core/release/release.h"
#include "kiosk/transport.h"

enum updates_when { UPDATES_IDLE, UPDATES_NIGHT, UPDATES_NEVER };
MUST_CHECK bool updates_when_read(struct str s, enum updates_when *out);

/* How the kiosk is at this moment. */
struct updates_sight {
	bool synced;	   /* online, and everything is sent */
	bool busy;	   /* somebody is there */
	uint64_t quiet_ms; /* since somebody was */
	int hour;	   /* of the venue's day */
};
/* Whether it may be installed now: at night between 2 and 5. */
bool updates_may_install(
	enum updates_when when, const struct updates_sight *x, uint64_t wanted_quiet_ms);

struct updates_config {
	const char *folder;		      /* made when it is needed */
	const char *keys_file, *outcome_file; /* /etc/kith/release.keys; kith-update's */
	struct str version;		      /* that runs */
	enum updates_when when;
	uint64_t quiet_ms;
	void *context;
	struct updates_sight (*sight)(void *context);
	/* The updater told something new. */
	void (*changed)(void *context);
	/* A signed GET; see transport_send. */
	bool (*get)(void *context, const char *target, transport_done *done, void *done_context,
		struct err *e);
};

struct updates;
/* Texts of the configuration must outlive it. */
struct updates *updates_new(const struct updates_config *config);
void updates_free(struct updates *u); /* accepts NULL; no request may be in the air */
/* With each answer of the server: the release that it offers. NULL: none. */
void updates_offer(struct updates *u, const struct hash *digest);
int updates_timeout_ms(const struct updates *u); /* -1: none */
void updates_run(struct updates *u);

/* "fetching", "ready", "installing", or as the outcome says; empty: nothing to tell. */
struct updates_state {
	struct str state, version, reason; /* until the next updates_run */
};
struct updates_state updates_state(const struct updates *u);
