/*
 * What speaks ISO/IEC 14443-4: DESFire, NTAG 424 DNA, phones. Its NDEF message by the NFC Forum's
 * Type 4 Tag 2.0, and its name. None of them is issued as a badge; they are read and named.
 * Every function takes the tag just selected.
 */
#pragma once

#include "core/base/buf.h"
#include "core/nfc/nfc.h"

enum nfc_card { NFC_CARD_OTHER, NFC_CARD_DESFIRE, NFC_CARD_NTAG424 };

/* By GetVersion, which NXP's cards answer; the tag is selected anew where it did not like that. */
MUST_CHECK bool nfc_type4_card(
	struct nfc_port *p, const struct nfc_tag *tag, enum nfc_card *card, struct err *e);
enum { NFC_TYPE4_MAX = 8192 };
/*
 * Adds the message to out, at most NFC_TYPE4_MAX bytes. ERR_NOT_FOUND: it has no NDEF
 * application, or an empty one; ERR_FORBIDDEN: it does not let it be read; ERR_MALFORMED.
 */
MUST_CHECK bool nfc_type4_read_ndef(struct nfc_port *p, struct buf *out, struct err *e);
