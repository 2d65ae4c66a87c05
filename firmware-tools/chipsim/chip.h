/*
 * The PN532 (NXP UM0701-02) as a host sees it on its serial line: wake-up, frames, ACK, one
 * command at a time, replies that an ACK or a new command cancels. No I/O: bytes go in with the
 * world's time, bytes come out with the time at which their last one is on the line.
 *
 * chip.c is the line and its faults, search.c the commands that wait for a tag, commands.c the
 * table of commands, radio.c what the chip does on the air. To add a command, write a function in
 * commands.c and a line in its sorted table.
 */
#pragma once

#include "firmware-tools/chipsim/clock.h"
#include "firmware-tools/chipsim/field.h"
#include "firmware-tools/chipsim/frame.h"

enum {
	CHIP_TARGETS = 2,
	CHIP_DATA_MAX = 262, /* of one reply, beside TFI, command and status */
	CHIP_NOISE_MAX = 32,
};

/* Status bytes (UM0701-02 7.1). */
enum chip_status {
	CHIP_OK = 0x00,
	CHIP_TIMEOUT = 0x01,
	CHIP_CRC = 0x02,
	CHIP_COLLISION = 0x06,
	CHIP_OVERFLOW = 0x07,
	CHIP_FORMAT = 0x13, /* a tag's NAK where data or ACK was expected */
	CHIP_AUTH = 0x14,   /* MIFARE Classic authentication */
	CHIP_CONTEXT = 0x27,
};

enum chip_register {
	REG_TX_MODE = 0x6302, /* bit 7: CRC; bits 1-0: framing, 0 is 14443 A */
	REG_RX_MODE = 0x6303,
	REG_TX_AUTO = 0x6305,
	REG_MANUAL_RCV = 0x630D,  /* bit 4: no parity */
	REG_CONTROL = 0x633C,	  /* bits 2-0: valid bits of the last byte received */
	REG_BIT_FRAMING = 0x633D, /* bits 2-0: bits of the last byte to send */
};

struct chip_faults {
	bool dead, hang, noise;	 /* until off */
	bool drop, corrupt, nad; /* the next reply */
	bool echo;		 /* no chip: transmit and receive are joined */
	bool console;		 /* no chip: a login prompt answers */
	uint64_t latency_ns;	 /* a USB adapter hands bytes over at these intervals only */
};

struct chip_target {
	bool known, selected;
	uint8_t uid[SIM_UID_LEN];
	uint8_t uid_len; /* 0: not known yet */
	uint8_t atqa[2], sak;
	uint8_t ats[20], ats_len; /* of a card that speaks ISO/IEC 14443-4; 0: none */
	uint8_t block;		  /* number of the next block to such a card */
	uint8_t frame_max;	  /* that it takes */
};

/* A command that tries until a tag is there: slot after slot, each of one type of target. */
struct chip_search {
	bool on;
	uint8_t command;
	uint8_t types[15];
	size_t type_count;
	size_t wanted; /* targets */
	uint8_t uid[SIM_UID_LEN];
	uint8_t uid_len; /* 0: whoever is there */
	bool endless;
	uint64_t slots_left, slot, slot_ns;
	uint64_t next_ns; /* when the next try begins */
};

struct chip_out {
	uint64_t due_ns;
	size_t len;
	uint8_t data[FRAME_MAX + CHIP_NOISE_MAX];
};

struct chip {
	struct sim_clock clock;
	struct sim_field *field;
	bool wupa; /* InListPassiveTarget wakes halted tags too */
	bool asleep;
	uint8_t in[2 * FRAME_MAX];
	size_t in_len;
	struct chip_out outs[2]; /* ACK and reply, in order */
	size_t out_count;
	struct chip_out given;	 /* what chip_take lent */
	uint8_t last[FRAME_MAX]; /* the last reply, for a host that says NAK */
	size_t last_len;
	uint8_t registers[1 << 16];
	uint8_t retries;      /* MxRtyPassiveActivation */
	uint8_t parameters;   /* SetParameters; bit 4: RATS by itself */
	uint8_t timeout_code; /* fRetryTimeout: 100 us * 2^(n-1) */
	struct chip_target targets[CHIP_TARGETS];
	struct chip_search search;
	struct chip_faults faults;
	uint32_t noise_state;
	uint64_t polls;	   /* tries to find a tag */
	uint64_t commands; /* commands acknowledged */
};

void chip_init(struct chip *c, struct sim_field *field, bool real, uint64_t chip_ns);
/* Power gone and back: nothing is kept but the clock, the counts and the faults. */
void chip_power_cycle(struct chip *c);
/* Bytes from the host, of any content and cut anywhere; baud is what it asked of the line. */
void chip_feed(struct chip *c, struct bytes in, uint32_t baud, uint64_t world_ns);
/* When chip_run or chip_take has something to do, in world time; UINT64_MAX: not by itself. */
uint64_t chip_due(const struct chip *c);
/* Let a search make the tries that are due. Call it also when the field changed. */
void chip_run(struct chip *c, uint64_t world_ns);
/* Bytes that are due; out is valid until the next call of any function here. */
bool chip_take(struct chip *c, uint64_t world_ns, struct bytes *out);
/* Random bytes on the line, now and before each frame while faults.noise is on. */
void chip_noise(struct chip *c);

/* ---- between the chip's own files ---- */

enum chip_outcome {
	CHIP_REPLY,    /* reply holds what follows D5 and the command's code */
	CHIP_SEARCHES, /* c->search will reply */
	CHIP_SYNTAX,   /* error frame */
};

struct chip_command {
	uint8_t code;
	const char *name;
	uint8_t min_len;   /* of what follows the code */
	bool carries_data; /* the reply is a status, whose bit 7 says NAD, and a tag's data */
	enum chip_outcome (*run)(struct chip *c, struct bytes args, struct buf *reply);
};

const struct chip_command *chip_command_find(uint8_t code);
/* data is what follows D5 and the reply's code. */
void chip_reply(struct chip *c, uint8_t command, struct bytes data);
void chip_search_start(struct chip *c, uint64_t slots, uint64_t slot_ns);
/*
 * radio.c. Data with CRC to the selected tag; *answer without. CHIP_FORMAT: 4 bits came back,
 * which the caller that expects an ACK finds in answer->data[0].
 */
enum chip_status chip_exchange(struct chip *c, struct bytes data, struct sim_air *answer);
/* Exactly these bits, after the registers' framing. */
enum chip_status chip_exchange_raw(struct chip *c, struct bytes data, struct sim_air *answer);
/*
 * REQA (or WUPA), anticollision, SELECT, and RATS where the card asks for it. t->uid is filled, or
 * when t->uid_len is not 0, is the only one accepted.
 */
bool chip_activate(struct chip *c, bool halted_too, struct chip_target *t);
/* A command to a card of ISO/IEC 14443-4, in blocks; its answer is added to reply. */
enum chip_status chip_exchange_blocks(
	struct chip *c, struct chip_target *t, struct bytes data, struct buf *reply);
void chip_halt(struct chip *c, struct chip_target *t);
/* Make target number tg (from 1) the selected one. */
enum chip_status chip_select(struct chip *c, uint8_t tg);
void chip_forget_targets(struct chip *c);
