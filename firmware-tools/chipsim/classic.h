/*
 * A MIFARE Classic of 1 or 4 KiB (NXP MF1S50yyX_V1, MF1S70yyX_V1) as a PN532 sees it: blocks of 16
 * bytes in sectors, each with two keys and access bits in its last block. Crypto1 is the chip's
 * affair at both ends and is not modelled: what is sent after an authentication is sent in the
 * clear.
 */
#pragma once

#include "core/base/arena.h"
#include "firmware-tools/chipsim/tag.h"

enum { CLASSIC_BLOCK = 16, CLASSIC_BLOCKS_MAX = 256, CLASSIC_KEY_LEN = 6, CLASSIC_UID_LEN = 4 };

struct sim_classic {
	uint8_t mem[CLASSIC_BLOCKS_MAX][CLASSIC_BLOCK];
	uint16_t blocks;

	/* lost with the power, and with every refusal */
	int sector; /* authenticated; -1: none */
	bool key_b;
	uint8_t pending, pending_block; /* a command that awaits its data; 0: none */
	uint8_t transfer[CLASSIC_BLOCK];
	bool has_transfer;
};

/* As delivered: keys of FFh, transport access bits, zeros. */
struct sim_classic *sim_classic_new(
	struct arena *a, uint16_t blocks, const uint8_t uid[CLASSIC_UID_LEN]);
void sim_classic_power_up(struct sim_classic *c);
/* What the chip does for AUTHENT1A (60h) and 1B (61h); false: refused, and nobody is logged in. */
bool sim_classic_login(struct sim_classic *c, bool key_b, uint8_t block,
	const uint8_t key[CLASSIC_KEY_LEN], const uint8_t uid[CLASSIC_UID_LEN]);
/* READ, WRITE, INCREMENT, DECREMENT, RESTORE, TRANSFER and the second halves of those. */
enum sim_answer sim_classic_command(
	struct sim_classic *c, struct bytes command, struct buf *out, uint64_t *ns);
/* Power went while the data of a WRITE was on its way: half of the block is new. */
void sim_classic_tear(struct sim_classic *c, struct bytes command);
