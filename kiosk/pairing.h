/*
 * The kiosk's talk with the server while a phone is paired (docs/api.md, /v1/pairings): begin,
 * ask every half second, confirm. One pairing at a time; a late answer of an older one is dropped.
 */
#pragma once

#include "kiosk/desk.h"
#include "kiosk/syncer.h"

enum { PAIRING_POLL_MS = 500 };

struct pairing;

/* syncer must outlive it. news gets what the desk shows; it borrows. */
struct pairing *pairing_new(struct syncer *syncer, void *context,
	void (*news)(void *context, const struct desk_pairing *p));
void pairing_free(struct pairing *p); /* accepts NULL; the syncer's callbacks must be over */
void pairing_start(struct pairing *p, struct id who, const char *proof);
void pairing_confirm(struct pairing *p, struct id who);
void pairing_end(struct pairing *p);
int pairing_timeout_ms(const struct pairing *p); /* -1: none */
void pairing_run(struct pairing *p);
/* A code as the path of an SVG, one unit a module, without its quiet zone. False: url too long. */
MUST_CHECK bool pairing_qr(char *path, size_t size, unsigned *modules, struct str url);
