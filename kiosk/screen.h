/*
 * The kiosk's screen over HTTP on loopback (docs/api.md, last section): the state as JSON, touches
 * as inputs of the desk, health and metrics. No rules are here; kiosk/kiosk.c joins it to the desk.
 */
#pragma once

#include "core/base/json.h"
#include "core/entry/wire/batch.h"
#include "core/http/http.h"
#include "kiosk/desk.h"

struct screen_link {
	bool online;
	uint64_t pending;
	bool synced; /* ever, in this run */
	uint64_t synced_ms_ago;
	const char *server; /* "ok", "offline", "refused", "revoked" */
};

struct screen_reader {
	const char *name, *state, *text;
};

struct screen_state {
	uint64_t rev;
	const struct desk_view *view;
	const struct desk_config *config; /* role, languages, topics, helper */
	struct str event;
	struct screen_link link;
	const struct screen_reader *readers;
	size_t reader_count;
	const struct batch_sign *signs; /* the most urgent first */
	size_t sign_count;
	unsigned volume; /* 0 to DESK_VOLUME_MAX */
	bool out_of_service, can_shut_down;
	const char *hint;	   /* what would help a camera to read; "" for nothing */
	bool sound;		   /* this rev is new: its sound is heard once */
	int64_t clock_ms;	   /* wall time */
	uint64_t seen_ns, done_ns; /* of the scan behind this picture, CLOCK_MONOTONIC; 0: none */
};
void screen_write(struct buf *out, const struct screen_state *s);

/* A touch as it came. Texts live in the request's arena. */
struct screen_act {
	uint64_t rev;
	struct desk_act act;
	struct str pin, q;
	struct id id; /* checkin, assign */
};
/* ERR_MALFORMED says what is missing or wrong. */
MUST_CHECK bool screen_act_read(
	struct screen_act *out, struct bytes body, struct arena *a, struct err *e);

/* What the routes need of the kiosk. */
struct screen_ops {
	void *kiosk;
	struct events *events;
	const char *root; /* a folder that goes before the built-in pages; or NULL */
	/* publish the picture as it is now: a newcomer begins with the newest */
	void (*fresh)(void *kiosk);
	bool (*act)(void *kiosk, const struct screen_act *act, struct arena *a, struct err *e);
	/* The camera's newest picture as JSON; nothing added: none has come. */
	bool (*camera)(void *kiosk, struct buf *out, struct err *e);
	void (*health)(void *kiosk, struct json_writer *w, bool *ok);
	void (*metrics)(void *kiosk, struct buf *out);
};
/* The context of these routes is a struct screen_ops. */
extern const struct route screen_routes[];
extern const size_t screen_route_count;
/* For http_config: whoever reaches the loopback port is the screen. */
bool screen_authenticate(void *context, struct request *q, struct err *e);
