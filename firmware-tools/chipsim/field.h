/*
 * The field of a reader: the tags that were made, those of them that lie in it, and what happens
 * on the air at 106 kbit/s (ISO/IEC 14443-3 type A): REQA and WUPA, anticollision with several
 * tags answering at once, SELECT, HLTA, CRC_A. Plain memory, no I/O, no time.
 */
#pragma once

#include "core/base/arena.h"
#include "firmware-tools/chipsim/tag.h"

enum {
	SIM_TAGS_MAX = 4096, /* made */
	SIM_PRESENT_MAX = 8, /* in the field at once */
	SIM_NAME_MAX = 40,   /* with its NUL */
	SIM_AIR_MAX = 1024,  /* bytes of one frame on the air; FAST_READ of a 216 gives 926 */
};

struct sim_named {
	char name[SIM_NAME_MAX];
	bool present;
	struct sim_tag tag;
};

struct sim_field {
	struct sim_named *tags[SIM_TAGS_MAX]; /* in the arena */
	size_t count;
	struct sim_named *present[SIM_PRESENT_MAX];
	size_t present_count;
	bool powered;
	uint64_t slow_ns; /* by which an EEPROM takes longer to write */
	int64_t pull;	  /* commands or pages until the selected tag is gone; -1: it stays */
	struct arena *arena;
};

/* A frame on the air. The last byte may be partial, bits from its least significant end. */
struct sim_air {
	uint8_t data[SIM_AIR_MAX];
	size_t bits;
	int collision; /* bit of the answer (of the whole cascade level) where tags differ; -1 */
	uint64_t ns;   /* what the tag worked before it answered */
};

void sim_field_init(struct sim_field *f, struct arena *a);
struct sim_named *sim_field_find(struct sim_field *f, struct str name);
/*
 * A new, uninitialised tag of that name. ERR_USAGE: not 1 to 39 of A-Z a-z 0-9 . _ -;
 * ERR_CONFLICT: the name is taken; ERR_FULL.
 */
MUST_CHECK bool sim_field_add(
	struct sim_field *f, struct str name, struct sim_named **out, struct err *e);
/* Both do nothing when it is so already. ERR_FULL: more than SIM_PRESENT_MAX. */
MUST_CHECK bool sim_field_put(struct sim_field *f, struct sim_named *tag, struct err *e);
void sim_field_take(struct sim_field *f, struct sim_named *tag);
/* Without power every tag forgets its state. */
void sim_field_power(struct sim_field *f, bool on);
/* Send one frame; answer->bits is 0 when nobody answers. */
void sim_field_exchange(struct sim_field *f, const struct sim_air *sent, struct sim_air *answer);

/* The one tag that is selected; NULL: none. */
struct sim_tag *sim_field_active(struct sim_field *f);
/* The three passes of Crypto1 between the chip and a Classic: 6 bytes of key, 4 of UID. */
bool sim_field_login(struct sim_field *f, bool key_b, uint8_t block, const uint8_t *key_and_uid);

/* CRC_A (ISO/IEC 14443-3 6.2.4), low byte first on the air. */
uint16_t sim_crc(struct bytes b);
/* True and two bytes shorter when it ends in its CRC. */
bool sim_crc_strip(struct bytes *b);
