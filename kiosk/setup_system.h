/*
 * What a first start asks of the system, by files: STATUS_DIR/status is root's kith-setup, its
 * state in lines "key = value"; CONTROL_DIR/setup is the request, likewise. And what an enrolment
 * code looks like in a QR code: https://HOST/enrol#CODE.
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/bytes.h"
#include "core/base/err.h"

struct setup_status {
	bool there;	  /* somebody applies requests */
	char state[16];	  /* applying, ready, enrolling, done, failed */
	char problem[32]; /* a word, or "-" */
	char text[200];
};
void setup_status_read(struct setup_status *out, const char *status_dir);
/* Names of networks that the system sees, one a line in STATUS_DIR/networks; texts live in a. */
size_t setup_networks_read(struct str *out, size_t max, const char *status_dir, struct arena *a);

struct setup_request {
	struct str wifi_name, wifi_password, wifi_country, time_zone; /* empty: not asked for */
};
/* In one piece, mode 0600. ERR_MALFORMED: a control character would end a line. */
MUST_CHECK bool setup_request_write(
	const struct setup_request *r, const char *control_dir, struct err *e);

/* Borrows from text. False: this is no such code. */
bool setup_code_read(struct str text, struct str *server, struct str *code);
