/* What kiosk/setup.c and its screen share. */
#pragma once

#include "core/http/http.h"
#include "core/nfc/hints.h"
#include "kiosk/loop.h"
#include "kiosk/readers.h"
#include "kiosk/setup.h"
#include "kiosk/setup_system.h"

#define SETUP_STEPS(X)                                                                             \
	X(SETUP_LANGUAGE, "language")                                                              \
	X(SETUP_NETWORK,                                                                           \
		"network") /* and time zone: asked for together, where that is possible */         \
	X(SETUP_CODE, "code")                                                                      \
	X(SETUP_TEST, "test")
enum setup_step {
#define X(step, name) step,
	SETUP_STEPS(X)
#undef X
		SETUP_STEP_COUNT,
};
extern const char *const setup_step_names[SETUP_STEP_COUNT];

enum { SETUP_SERVER_MAX = 256, SETUP_CODE_MAX = 32, SETUP_NETWORKS_MAX = 24 };

struct setup {
	const struct kiosk_config *config;
	const char *config_file, *program, *control_dir, *status_dir, *root;
	struct arena arena;
	struct loop *loop;
	struct http *http;
	struct events *events;
	struct readers *readers;
	enum setup_step step;
	char lang[12];
	char server[SETUP_SERVER_MAX], code[SETUP_CODE_MAX]; /* as scanned or typed */
	struct setup_status system;
	bool asked;    /* a request was written, and not applied yet */
	bool enrolled; /* there is an identity */
	bool finished, published;
	pid_t child; /* that enrols; 0: none */
	int said;    /* its standard error; -1 */
	char text[240];
	size_t text_len;
	char problem[32]; /* a word for the page; "" */
	uint64_t rev, look_ms;
	uint64_t open_ms; /* enrolled: when it opens by itself; 0: not yet */
	struct {
		unsigned count;
		const char *seen, *tag;
		char reader[32];
		unsigned bytes;
	} test;
};

/* setup_screen.c; the context of the routes is the struct setup */
extern const struct route setup_routes[];
extern const size_t setup_route_count;
void setup_write(const struct setup *s, struct buf *out, struct arena *a);

/* setup.c: what the screen's touches do */
void setup_publish(struct setup *s);
void setup_go(struct setup *s, enum setup_step step);
void setup_speak(struct setup *s, struct str lang);
MUST_CHECK bool setup_ask(struct setup *s, const struct setup_request *r, struct err *e);
MUST_CHECK bool setup_enrol(struct setup *s, struct str server, struct str code, struct err *e);
void setup_finish(struct setup *s);
/* Somebody is there: it does not open by itself yet. */
void setup_touch(struct setup *s);
