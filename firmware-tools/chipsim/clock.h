/*
 * The chip's own clock: what passed since it was powered, by the model of docs/chipsim.md. Under
 * real timing it also follows the world while nothing is asked, and answers wait for it; without,
 * only modelled time advances, so that two runs of the same script show the same microseconds.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sim_clock {
	uint64_t now_ns;
	uint64_t chip_ns; /* firmware time of a command, beside bus and air */
	uint32_t baud;
	bool real;
};

/* The world's time since the start: the clock never stands behind it when it is real. */
static inline void sim_clock_sync(struct sim_clock *c, uint64_t world_ns)
{
	if (c->real && c->now_ns < world_ns)
		c->now_ns = world_ns;
}

/* One start bit, eight data bits, one stop bit. */
static inline void sim_clock_uart(struct sim_clock *c, size_t bytes)
{
	c->now_ns += bytes * UINT64_C(10000000000) / c->baud;
}

enum {
	SIM_ETU_NS = 9440,  /* 128 / 13.56 MHz */
	SIM_FDT_NS = 91000, /* frame delay time, each way (ISO/IEC 14443-3 6.2.1) */
};

/* A frame and its answer at 106 kbit/s, with parity, start and end of communication. */
static inline uint64_t sim_air_ns(size_t sent_bits, size_t answer_bits)
{
	uint64_t etu = sent_bits * 9 / 8 + 2 + (answer_bits ? answer_bits * 9 / 8 + 2 : 0);

	return etu * SIM_ETU_NS + 2 * SIM_FDT_NS;
}
