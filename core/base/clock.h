/* The clocks of a station (facts: a Pi has no real-time clock). Milliseconds everywhere. */
#pragma once

#include <stdint.h>

#include "core/base/err.h"
#include "core/base/id.h"

/* How far wall time can be trusted, worst first. The order is on the wire: never change it. */
enum clock_quality { CLOCK_UNSET, CLOCK_RESTORED, CLOCK_NTP, CLOCK_SERVER };

struct clock_time {
	struct id boot_id; /* /proc/sys/kernel/random/boot_id */
	uint64_t boot_ms;  /* CLOCK_BOOTTIME */
	int64_t wall_ms;   /* CLOCK_REALTIME, since 1970 */
	enum clock_quality quality;
};

uint64_t clock_monotonic_ns(void);
int64_t clock_wall_ms(void);
/* Quality from adjtimex(2): synchronized is NTP, a year before 2026 is UNSET, else RESTORED. */
MUST_CHECK bool clock_now(struct clock_time *out, struct err *e);
/* "2026-11-22T09:41:00Z" of wall_ms (RFC 3339). */
struct clock_text {
	char s[64];
};
struct clock_text clock_text(int64_t wall_ms);
/* Days since 1970-01-01 of a UTC time, and back to year, month, day (proleptic Gregorian). */
int64_t clock_day(int64_t wall_ms);
void clock_civil(int64_t day, int *year, int *month, int *day_of_month);
int64_t clock_day_of(int year, int month, int day_of_month);
