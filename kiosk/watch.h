/*
 * The kiosk's watch over itself, as a pure state machine: measures in, signs out. A sign is what
 * somebody should look at soon; what makes the station close is in desk_health.
 *
 * To add a sign: its line here, in the order of urgency, its measure in kiosk/kiosk_watch.c, its
 * words in kiosk/screen/signs.ts and server/web/organizer/signs.ts.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Name on the wire; what is measured; on from and off from that value on (hysteresis: below on,
 * above off for what gets worse upward; the other way round for what gets worse downward); how
 * long a measure must last to turn it on, and off.
 *
 *	reader, camera	how many of them do not work; they open anew within 2 s, which is no sign
 *	disk		MiB free where the log is; facts/reliability.md 5.1. The first two numbers
 *			are the configuration's disk_warn_mib and half as much again
 *	power		1 while the supply's voltage is too low; it comes and goes with the load
 *	heat		1/1000 degree of the processor: a Pi slows down at 80
 *	clock		seconds that the wall clock is off, WATCH_UNTRUSTED if nobody has set it
 *	service		1 while staff have taken the station out of service
 */
#define WATCH_SIGNS(X)                                                                             \
	X(WATCH_READER, "reader", 1, 0, 5000, 1000)                                                \
	X(WATCH_DISK, "disk", 64, 96, 0, 0)                                                        \
	X(WATCH_POWER, "power", 1, 0, 0, 60000)                                                    \
	X(WATCH_HEAT, "heat", 80000, 70000, 0, 10000)                                              \
	X(WATCH_CAMERA, "camera", 1, 0, 5000, 1000)                                                \
	X(WATCH_CLOCK, "clock", 30, 5, 20000, 0)                                                   \
	X(WATCH_SERVICE, "service", 1, 0, 0, 0)
enum watch_sign {
#define X(sign, name, on, off, on_ms, off_ms) sign,
	WATCH_SIGNS(X)
#undef X
		WATCH_COUNT,
};
const char *watch_name(enum watch_sign sign);

enum { WATCH_UNTRUSTED = INT32_MAX };

/* What could not be measured, and what this station does not have, is no sign. */
struct watch_measure {
	bool known;
	int64_t value;
};

struct watch {
	int64_t disk_warn_mib; /* 0: the table's */
	struct watch_state {
		bool on;
		int64_t value;	   /* of the last measure */
		uint64_t since_ms; /* on: from the first measure that counted */
		uint64_t turn_ms;  /* since when the measures say otherwise; 0: they do not */
	} sign[WATCH_COUNT];
};

/* Measures of now_ms, a clock that never goes back and is not 0. True: a sign went on or off. */
bool watch_step(struct watch *w, const struct watch_measure m[WATCH_COUNT], uint64_t now_ms);
/* When to measure again for a sign that is about to turn; UINT64_MAX: none is. */
uint64_t watch_next_ms(const struct watch *w);
