/*
 * The control lines: what a hand does to the simulated world. One line in, one line out, "ok ..."
 * or "err ...". docs/man/kith-chipsim.1 lists them. No sockets here: control.c is the words,
 * server.c the socket.
 *
 * To add a line, write a function and a line in the sorted table of control.c.
 */
#pragma once

#include "firmware-tools/chipsim/chip.h"

struct sim {
	struct sim_field field;
	struct chip chip;
	struct arena *arena; /* lives as long as the simulation */
	uint64_t sent_ns;    /* CLOCK_MONOTONIC of the last byte that the chip wrote; 0: none */
	bool hangup;	     /* asked for: close the line and open it anew */
	bool unplugged;	     /* asked for: no line until faults are off */
};

enum sim_wait_kind { WAIT_NOTHING, WAIT_READS, WAIT_WRITES, WAIT_POLLS };

/* What a client waits for before its answer is sent and its next line is read. */
struct sim_wait {
	enum sim_wait_kind kind;
	const struct sim_named *tag;
	uint64_t until;
};

/*
 * Do one line. The answer, without its newline, is added to reply; or wait is filled and reply
 * left alone: then sim_wait_answer adds it once sim_wait_over.
 */
void sim_control_line(struct sim *s, struct str line, uint64_t world_ns, struct buf *reply,
	struct sim_wait *wait);
bool sim_wait_over(const struct sim *s, const struct sim_wait *wait);
void sim_wait_answer(const struct sim *s, const struct sim_wait *wait, struct buf *reply);
