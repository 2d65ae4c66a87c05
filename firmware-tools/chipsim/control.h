/*
 * The control lines: what a hand does to the simulated world. One line in, one line out, "ok ..."
 * or "err ...". docs/man/kith-chipsim.1 lists them. No sockets here: control.c is the words,
 * server.c the socket.
 *
 * To add a line, write a function and a line in the sorted table of control.c.
 */
#pragma once

#include "firmware-tools/chipsim/chip.h"

struct sim_pty;

struct sim {
	struct sim_field field;
	struct chip chip;
	struct arena *arena;   /* lives as long as the simulation */
	uint64_t sent_ns;      /* CLOCK_MONOTONIC of the last byte that the chip wrote; 0: none */
	uint64_t sent_read_ns; /* the same, of the last answer to a read of a tag's memory */
	uint64_t reads;	       /* of all tags, before the command in work */
	bool unplugged;	       /* no line until faults are off */
	/*
	 * Close the line, and unless unplugged, open it anew. Done before the control line is
	 * answered, so that whoever asked finds the world as it is told. NULL: there is no line.
	 */
	bool (*replug)(struct sim *s, struct err *e);
	struct sim_pty *line; /* for replug; NULL when that is */
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
