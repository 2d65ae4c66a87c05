/*
 * What to say to whoever holds a card before a camera, out of what the eye saw in each frame:
 * said once it was true for about 600 ms, taken back within 1,500, never two things in quick turns.
 * Pure: time comes with the frames.
 *
 * A thing that lies in view and is advised about in vain, such as a poster with a code, is advised
 * about no more until it moves or goes.
 */
#pragma once

#include "core/eye/eye.h"

enum { ADVISOR_BORED_MS = 12000 };

/* Zeroed is one who has seen nothing. */
struct advisor {
	float weight[EYE_ADVICE_COUNT]; /* ms for which each was true, forgotten slowly */
	enum eye_advice said;
	uint64_t last_ns;    /* of the last frame; 0: none */
	float said_ms;	     /* how long something was said about what is in view */
	struct eye_point at; /* where that was */
	bool bored;
};

/*
 * A frame of CLOCK_MONOTONIC time now_ns. read: a code in it was read. Returns what is to be said
 * from now on.
 */
enum eye_advice advisor_frame(
	struct advisor *a, const struct eye_sight *sight, bool read, uint64_t now_ns);
