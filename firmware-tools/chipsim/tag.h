/*
 * A tag in software: of NXP's NTAG21x family (data sheet NTAG213/215/216, rev. 3.2) here, with its
 * memory, lock bits, password and mirrors, and the commands it answers once it is selected; a
 * MIFARE Classic in classic.h; cards and phones in card.h. Plain memory, no I/O, no time: what a
 * command takes is told in nanoseconds.
 *
 * This is written apart from core/tag on purpose: it is the other side that core/tag is tested on.
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/base/bytes.h"
#include "core/base/err.h"

enum { SIM_UID_LEN = 7, SIM_PAGES_MAX = 231, SIM_SIGNATURE_LEN = 32 };

struct sim_kind {
	const char *name;
	uint16_t pages;
	uint8_t last_user;  /* last page of user memory; the dynamic locks stand behind it */
	uint8_t cc_size;    /* byte 2 of the capability container: usable bytes / 8 */
	uint8_t storage;    /* byte 6 of GET_VERSION */
	uint8_t lock_grain; /* pages for each dynamic lock bit */
	uint8_t family;	    /* enum sim_family */
	uint8_t uid_len;
	uint8_t atqa[2]; /* as it goes over the air */
	uint8_t sak;	 /* when the UID is complete */
	uint8_t detail;	 /* enum card_kind of a card; blocks / 4 of a Classic, minus 1 */
};

enum sim_family { SIM_NTAG, SIM_CLASSIC, SIM_CARD };

struct sim_classic;
struct sim_card;

/* ISO/IEC 14443-3 6.3, as far as a field of several tags needs it. */
enum sim_state { SIM_IDLE, SIM_READY1, SIM_READY2, SIM_ACTIVE, SIM_HALT };

struct sim_tag {
	const struct sim_kind *kind;
	uint8_t mem[SIM_PAGES_MAX][4];
	uint8_t signature[SIM_SIGNATURE_LEN]; /* SHA-256 of a fixed text and the UID: a test key */
	uint32_t counter;		      /* 24 bits */
	uint8_t refused;		      /* wrong passwords in a row, kept without power */
	uint64_t reads, writes;		      /* commands done since it was made */
	uint8_t uid[SIM_UID_LEN];	      /* of everything but an NTAG */
	struct sim_classic *classic;
	struct sim_card *card;

	/* lost with the power */
	enum sim_state state;
	bool from_halt; /* an error leads back to HALT */
	bool authenticated;
	bool counted;
	int16_t compat_page; /* COMPATIBILITY WRITE awaits its data; -1: no */
};

enum sim_answer {
	SIM_DATA,	  /* bytes, sent with a CRC */
	SIM_ACK,	  /* 4 bits, 1010 */
	SIM_NAK_ARGUMENT, /* 4 bits, 0000 */
	SIM_NAK_CRC,	  /* 0001 */
	SIM_NAK_AUTH,	  /* 0100: the answer to a wrong password */
	SIM_NAK_WRITE,	  /* 0101 */
	SIM_SILENT,	  /* nothing comes */
};

/* By name as in "ntag215", or an NTAG or Classic by the size of a dump; NULL: there is none. */
const struct sim_kind *sim_kind_named(struct str name);
const struct sim_kind *sim_kind_sized(size_t bytes);

/* A blank, formatted tag: CC set, an empty NDEF message, no locks, no password. */
void sim_tag_init(struct sim_tag *tag, const struct sim_kind *kind, const uint8_t uid[SIM_UID_LEN]);
/* The same of any kind; what does not fit into *tag lives in a. uid has kind->uid_len bytes. */
void sim_tag_make(
	struct sim_tag *tag, const struct sim_kind *kind, const uint8_t *uid, struct arena *a);
/*
 * The tag whose raw pages are dump, as sim_tag_dump gives them (password and PACK in the clear).
 * ERR_MALFORMED: no such size, or check bytes that do not belong to the UID.
 */
MUST_CHECK bool sim_tag_load(struct sim_tag *tag, struct bytes dump, struct err *e);
/* The same, also of a Classic's blocks. */
MUST_CHECK bool sim_tag_load_any(
	struct sim_tag *tag, struct bytes dump, struct arena *a, struct err *e);
/* Empty of a card, which is more than its bytes. */
struct bytes sim_tag_dump(const struct sim_tag *tag);
/* Its length is returned. */
size_t sim_tag_uid(const struct sim_tag *tag, uint8_t uid[SIM_UID_LEN]);
/* What the field's power does: everything volatile is forgotten. */
void sim_tag_power_up(struct sim_tag *tag);
/*
 * One command without its CRC, to a tag that is SIM_ACTIVE. Data is added to out; *ns is what the
 * tag works before it answers. A NAK does not change the state: that is the field's matter.
 */
enum sim_answer sim_tag_command(
	struct sim_tag *tag, struct bytes command, struct buf *out, uint64_t *ns);
/* Pages and commands that a command costs a tag which is being pulled away. */
size_t sim_tag_cost(struct bytes command);
/* The tag lost power in the middle of command: a page in writing is left half new, half old. */
void sim_tag_tear(struct sim_tag *tag, struct bytes command);
