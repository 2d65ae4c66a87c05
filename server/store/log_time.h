/*
 * When an entry was made, by the server's clock (facts: a Pi has no real-time clock). Raw values
 * are never changed; this is a view of them through the anchors: entry's boot time plus the
 * nearest anchor's offset. Without an anchor of its boot, a wall clock that was set by the network
 * is believed; else the time is a guess, said to be one: what that clock says, or when the entry
 * arrived. No time is before 2020, or more than a minute after the entry arrived.
 */
#pragma once

#include "core/base/clock.h"
#include "core/db/db.h"

struct log_stamp {
	int64_t station;
	struct clock_time time;
	int64_t got_ms;
};

/* Remembers the last boot, since entries come in runs. Zero but for db and event at the start. */
struct log_clock {
	struct db *db;
	uint32_t event;
	int64_t station, bucket, offset_ms;
	struct id boot_id;
	bool known, found;
};

MUST_CHECK bool log_correct(
	struct log_clock *c, const struct log_stamp *t, int64_t *at_ms, bool *about, struct err *e);
