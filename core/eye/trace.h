/*
 * The timing pattern between two finders, followed along a curve that leaves each of them along
 * its own side: how many modules there are is then counted, not guessed, and paper that is bent
 * shows where each of them lies.
 */
#pragma once

#include "core/eye/finder.h"

enum { TRACE_EDGES_MAX = 192 };

struct trace {
	unsigned count;
	struct eye_point edge[TRACE_EDGES_MAX]; /* from module 7 on, one a module */
};

/*
 * turn: the corner of each that is its symbol's top left. down: along column 6, not row 6.
 * modules: about how many from middle to middle.
 */
void trace_timing(struct trace *t, const struct image *in, const struct finder *from,
	unsigned from_turn, const struct finder *to, unsigned to_turn, bool down, float modules,
	bool light_on_dark);
/* The version that the count means; 0 when it means none. */
int trace_version(const struct trace *t);
