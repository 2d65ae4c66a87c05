/*
 * The port to an NFC reader, over libnfc (1.8.0), and the only home of <nfc/nfc.h>.
 *
 * libnfc has no exclusion of its own, can hang on a dead chip and calls abort() on a noisy line.
 * So: each port holds a lock file of ours, every select is finite, nothing is left to InAutoPoll,
 * and programs that must live on use a port in a process of its own. One port, one thread.
 *
 * Errors: ERR_UNAVAILABLE means that the reader itself is lost: close and open again. ERR_GONE
 * means that the tag did not answer: it was taken away, or it knows no such command; select again
 * to tell which, since an NTAG is idle after any refusal.
 */
#pragma once

#include "core/base/buf.h"
#include "core/base/bytes.h"
#include "core/base/err.h"

struct nfc_port;

enum nfc_kind {
	NFC_TYPE2,   /* NTAG, Ultralight */
	NFC_CLASSIC, /* MIFARE Classic: read nowhere but here, never issued */
	NFC_TYPE4,   /* DESFire and other ISO 14443-4 cards */
	NFC_PHONE,   /* a random UID: no identity */
};

enum {
	NFC_UID_MAX = 10,
	NFC_FAST_READ_PAGES = 60,
	NFC_READ_LEN = 16,
	NFC_VERSION_LEN = 8,
	NFC_SIGNATURE_LEN = 32,
	NFC_APDU_MAX = 262, /* of an answer, with its status words */
	NFC_CLASSIC_KEY_LEN = 6,
};

struct nfc_tag {
	enum nfc_kind kind;
	uint8_t uid[NFC_UID_MAX];
	uint8_t uid_len;
	uint8_t sak;
};

static inline struct bytes nfc_tag_uid(const struct nfc_tag *t)
{
	return (struct bytes){ t->uid, t->uid_len };
}

static inline bool nfc_tag_equal(const struct nfc_tag *a, const struct nfc_tag *b)
{
	return bytes_equal(nfc_tag_uid(a), nfc_tag_uid(b));
}

/*
 * Open by libnfc's connection string, or by a device's path alone, which counts as a PN532 on a
 * serial line. ERR_USAGE: a path with ':', which libnfc cannot take; ERR_CONFLICT: another program
 * of ours holds this reader; ERR_UNAVAILABLE: nobody answers there.
 */
MUST_CHECK bool nfc_port_open(struct nfc_port **out, const char *where, struct err *e);
void nfc_port_close(struct nfc_port *p); /* accepts NULL */
/* What the chip calls itself. Alive as long as the port. */
const char *nfc_port_name(const struct nfc_port *p);

/*
 * Select the tag in the field; about 20 ms when there is none. *found false: none, or this try
 * failed; after NFC_LOST_AFTER failures of the reader in a row: ERR_UNAVAILABLE. Of two tags that
 * lie there, repeated calls find both in turn.
 */
enum { NFC_LOST_AFTER = 3 };
MUST_CHECK bool nfc_port_select(
	struct nfc_port *p, struct nfc_tag *tag, bool *found, struct err *e);

/* Commands to the selected Type 2 tag. first to last: at most NFC_FAST_READ_PAGES pages. */
MUST_CHECK bool nfc_port_fast_read(
	struct nfc_port *p, uint8_t first, uint8_t last, uint8_t *out, struct err *e);
/* Four pages; a tag wraps round to page 0 behind its last one. */
MUST_CHECK bool nfc_port_read(
	struct nfc_port *p, uint8_t page, uint8_t out[NFC_READ_LEN], struct err *e);
MUST_CHECK bool nfc_port_write(
	struct nfc_port *p, uint8_t page, const uint8_t data[4], struct err *e);
MUST_CHECK bool nfc_port_version(struct nfc_port *p, uint8_t out[NFC_VERSION_LEN], struct err *e);
/* NXP's signature over the UID, put there when the chip was made. */
MUST_CHECK bool nfc_port_signature(
	struct nfc_port *p, uint8_t out[NFC_SIGNATURE_LEN], struct err *e);
/* Open what the password guards, until the tag is selected again; pack is its answer. */
MUST_CHECK bool nfc_port_password(
	struct nfc_port *p, const uint8_t password[4], uint8_t pack[2], struct err *e);
/* A command to the selected card of ISO/IEC 14443-4; its whole answer is added to out. */
MUST_CHECK bool nfc_port_apdu(
	struct nfc_port *p, struct bytes command, struct buf *out, struct err *e);
/*
 * Log into the sector of that block of a MIFARE Classic, by its key A. ERR_FORBIDDEN: another key;
 * the tag is selected anew then.
 */
MUST_CHECK bool nfc_port_classic_login(struct nfc_port *p, const struct nfc_tag *tag, uint8_t block,
	const uint8_t key[NFC_CLASSIC_KEY_LEN], struct err *e);
