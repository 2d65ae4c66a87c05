/*
 * A card of ISO/IEC 14443-4 in the field: DESFire EV1, NTAG 424 DNA, a phone. card.c is the block
 * protocol (RATS, I-, R- and S-blocks, chaining both ways), files.c what the card holds and the
 * commands that reach it: ISO/IEC 7816-4 as Type 4 tags need it; desfire.c DESFire's own, wrapped
 * in CLA 90h, as far as libfreefare's tools ask.
 */
#pragma once

#include "core/base/arena.h"
#include "firmware-tools/chipsim/tag.h"

enum {
	CARD_APPS = 4,
	CARD_FILES = 4,
	CARD_APDU_MAX = 280,
	CARD_FRAME_MAX = 256, /* FSD and FSC never pass it */
	CARD_DF_NAME_MAX = 16,
	CARD_FILE_MAX = 8192,
	CARD_NATIVE_CHUNK = 59, /* bytes of data in one native answer */
	CARD_SETTINGS = 0x0F,	/* of a key from the factory: it may be used and changed freely */
};

enum card_kind { CARD_DESFIRE, CARD_NTAG424, CARD_PHONE };

struct card_file {
	bool there;
	uint8_t number, comm;
	uint16_t iso_id, rights; /* read, write, read and write, change: a nibble each; 14: free */
	uint32_t size;
	uint8_t *data;
};

struct card_app {
	bool there;
	uint8_t aid[3], settings, keys;
	uint16_t iso_id;
	uint8_t name[CARD_DF_NAME_MAX];
	size_t name_len;
	struct card_file files[CARD_FILES];
};

/* Where a SUN message mirrors what (AN12196): offsets in the NDEF file; 0: it does not. */
struct card_sun {
	uint32_t uid_at, counter_at, mac_at;
	uint32_t counter;
	bool counted;
};

struct sim_card {
	enum card_kind kind;
	uint8_t uid[SIM_UID_LEN];
	struct arena *arena;
	struct card_app apps[CARD_APPS];
	struct card_sun sun;
	uint8_t settings; /* of the master key of the whole card */

	/* lost with the power: the block protocol */
	bool active, halted;
	uint8_t block;	  /* number of the last block */
	size_t frame_max; /* of the reader */
	uint8_t command[CARD_APDU_MAX], answer[CARD_APDU_MAX], last[CARD_FRAME_MAX];
	size_t command_len, answer_len, answer_at, last_len;

	/* and the session */
	struct card_app *app;
	struct card_file *file;
	uint8_t challenge[8];
	bool authenticated;
	uint8_t session[8]; /* DES key that both sides made of their challenges */
	uint8_t awaits;	    /* the native command that ADDITIONAL FRAME continues; 0: none */
	struct card_file *stream;
	uint32_t stream_at, stream_left;
	uint8_t version_part;
};

struct sim_card *sim_card_new(struct arena *a, enum card_kind kind, const uint8_t uid[SIM_UID_LEN]);
void sim_card_power_up(struct sim_card *c);
/* One frame without CRC; SIM_SILENT when it is none of the protocol's. Sets halted at DESELECT. */
enum sim_answer sim_card_block(struct sim_card *c, struct bytes frame, struct buf *out);
/* The ATS, with its length in front. */
struct bytes sim_card_ats(enum card_kind kind);

/* files.c: the applications and files, and who may reach them */
void card_session_reset(struct sim_card *c);
/* Another application is selected; NULL: the card itself. */
void card_session_begin(struct sim_card *c, struct card_app *app);
/* NULL: no room for more. */
struct card_app *card_app_add(struct sim_card *c);
struct card_file *card_file_add(struct sim_card *c, struct card_app *app, uint32_t size);
bool card_may_read(const struct sim_card *c, const struct card_file *f);
bool card_may_write(const struct sim_card *c, const struct card_file *f);
/* desfire.c: a command of CLA 90h; its status words. */
unsigned card_native(struct sim_card *c, struct bytes apdu, struct buf *answer);
/* A whole command in, its whole answer with status words out. *read: it told of a file. */
void card_apdu(struct sim_card *c, struct bytes command, struct buf *answer);
/*
 * Make it a Type 4 tag with this NDEF message. On an NTAG 424 a run of zeros behind "u=", "c=" and
 * "m=" is mirrored by UID (14), counter (6) and MAC (16), with keys of zeros. ERR_TOO_LARGE.
 */
MUST_CHECK bool card_set_ndef(struct sim_card *c, struct bytes message, struct err *e);
