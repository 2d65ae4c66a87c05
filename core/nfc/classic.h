/*
 * A MIFARE Classic with an NDEF message (NXP AN1304, AN10787): the application directory in sector
 * 0, and on 4 KiB also in sector 16, names the sectors that hold it. Read, never issued: most
 * phones cannot read it, and its cipher is broken.
 */
#pragma once

#include "core/base/buf.h"
#include "core/nfc/nfc.h"

enum { NFC_CLASSIC_MAX = 4096 };

/* "MIFARE Classic 1K", by the SAK. */
const char *nfc_classic_name(const struct nfc_tag *tag);
/*
 * Adds the message to out. tag was just selected. ERR_NOT_FOUND: no directory, no NFC sectors, or
 * no message; ERR_FORBIDDEN: keys of its own; ERR_MALFORMED.
 */
MUST_CHECK bool nfc_classic_read_ndef(
	struct nfc_port *p, const struct nfc_tag *tag, struct buf *out, struct err *e);
