/*
 * NDEF messages (NFC Forum NDEF 1.0): what stands on a tag, as records.
 *
 * Reading borrows: every slice points into the message. It is strict, since a tag that was torn
 * or forged must be named, not guessed at: the message begins and ends with its marks, nothing
 * follows it, and no length passes the end. Records in chunks are refused (ERR_UNSUPPORTED):
 * no tag writer makes them. At most LIMIT_NDEF_RECORDS records.
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/limits.h"

/* Type name formats, NDEF 3.2.6. */
enum ndef_tnf {
	NDEF_EMPTY,
	NDEF_WELL_KNOWN, /* type "U": a URI, "T": text */
	NDEF_MIME,	 /* type "text/vcard" */
	NDEF_URI_TYPE,
	NDEF_EXTERNAL, /* type "kith:b" */
	NDEF_UNKNOWN,
	NDEF_UNCHANGED, /* only inside chunks: refused */
	NDEF_RESERVED,	/* refused */
};

struct ndef_record {
	enum ndef_tnf tnf;
	struct bytes type, id, payload;
	struct bytes whole; /* the record as it stands in the message; ignored in writing */
};

struct ndef_message {
	struct ndef_record records[LIMIT_NDEF_RECORDS];
	size_t count;
};

/* ERR_MALFORMED, ERR_UNSUPPORTED or ERR_TOO_LARGE; the text names the record, counted from 1. */
MUST_CHECK bool ndef_read(struct ndef_message *out, struct bytes message, struct err *e);
/* The shortest form: short records up to 255 bytes of payload, an id only where there is one. */
void ndef_write(struct buf *out, const struct ndef_message *m);
/* One record, with the marks for the first and the last of a message. */
void ndef_record_write(struct buf *out, const struct ndef_record *r, bool first, bool last);

/* "Sp" for posters, "application/octet-stream": is the record of this format and type? */
bool ndef_record_is(const struct ndef_record *r, enum ndef_tnf tnf, struct str type);

/*
 * URI records (NFC Forum URI RTD 1.0): the first payload byte stands for a prefix.
 * ndef_uri_read puts prefix and rest into out; false unless it is a URI record with text in it.
 */
MUST_CHECK bool ndef_uri_read(struct buf *out, const struct ndef_record *r);
/* The payload for uri, with the longest prefix that it begins with. */
void ndef_uri_payload(struct buf *out, struct str uri);
/* The prefix of a code, "" for 0 and for codes that the table does not have. */
struct str ndef_uri_prefix(uint8_t code);
enum { NDEF_URI_HTTPS = 4, NDEF_URI_PREFIXES = 36 };

/* For tools: "uri", "vcard", "external", ... */
const char *ndef_record_kind(const struct ndef_record *r);
