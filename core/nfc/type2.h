/*
 * A Type 2 tag at a port: its NDEF message as quickly as can be, its whole memory, and writing.
 * Every function takes the tag just selected, and selects it again where the tag needs that.
 * ERR_GONE: taken away before the end. ERR_CONFLICT: another tag lies there now.
 */
#pragma once

#include "core/nfc/nfc.h"
#include "core/tag/ntag.h"

struct nfc_memory {
	uint8_t b[4 + LIMIT_TAG_BYTES]; /* from page 3 */
	struct ntag_ndef ndef;		/* borrows from b */
	enum ntag_type type;		/* by what the CC claims: saves asking */
};

/*
 * One FAST_READ of pages 03h-27h, which is all of an NTAG213, then only what a longer message
 * needs; by READ where the tag knows no FAST_READ. Errors about content as ntag_find_ndef.
 */
MUST_CHECK bool nfc_type2_read_ndef(
	struct nfc_port *p, const struct nfc_tag *tag, struct nfc_memory *out, struct err *e);

/* What GET_VERSION says; NTAG_OTHER when the tag knows no such command. */
MUST_CHECK bool nfc_type2_type(
	struct nfc_port *p, const struct nfc_tag *tag, enum ntag_type *type, struct err *e);
/* Every page of an NTAG, from page 0, into out, which holds at least 924 bytes. */
MUST_CHECK bool nfc_type2_read_all(struct nfc_port *p, const struct nfc_tag *tag,
	enum ntag_type type, uint8_t *out, struct err *e);
/* Page after page; a page that fails is tried again while the tag is there. */
MUST_CHECK bool nfc_type2_write(
	struct nfc_port *p, const struct nfc_tag *tag, const struct ntag_plan *plan, struct err *e);
/* READ_SIG; ERR_UNSUPPORTED when the tag has none. */
MUST_CHECK bool nfc_type2_signature(struct nfc_port *p, const struct nfc_tag *tag,
	uint8_t out[NFC_SIGNATURE_LEN], struct err *e);
/*
 * Open it for writing until it is selected again. Tried once, since a chip may count wrong
 * passwords; ERR_FORBIDDEN: refused, and the tag is selected anew.
 */
MUST_CHECK bool nfc_type2_password(struct nfc_port *p, const struct nfc_tag *tag,
	const uint8_t password[4], uint8_t pack[2], struct err *e);
