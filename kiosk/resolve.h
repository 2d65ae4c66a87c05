/*
 * From what a reader saw to what the desk understands: badges are verified, codes told apart,
 * ids looked up in the roster. Decides nothing.
 */
#pragma once

#include "kiosk/desk.h"
#include "kiosk/event.h"
#include "kiosk/people.h"
#include "kiosk/scan.h"

struct resolver {
	const struct event_info *event;
	const struct people *people;
	struct bytes ticket_key;
	bool show_names; /* no: the public screen greets without them */
	int64_t zone_ms; /* what to add to UTC for the venue's clock */
	int64_t now_ms;	 /* UTC, as far as it is known: which keys hold still */
};

/* False for what is no scan of a person or card (SCAN_ALIVE and the like). */
bool resolve_scan(
	const struct resolver *r, const struct scan *scan, struct desk_scan *out, struct arena *a);
/* An attendee by id, as the desk sees them. */
struct desk_person resolve_person(const struct resolver *r, struct id who, struct arena *a);
/* "09:41" of a time, by the venue's clock. */
void resolve_clock(char at[6], int64_t wall_ms, int64_t zone_ms);
