#include "core/tag/ndef.h"

#include "core/base/text.h"

/* Flags of a record's first byte, NDEF 3.2. */
enum {
	FLAG_MB = 0x80,
	FLAG_ME = 0x40,
	FLAG_CF = 0x20,
	FLAG_SR = 0x10,
	FLAG_IL = 0x08,
	TNF_MASK = 7
};

/* URI RTD 1.0, table 3. */
static const char *const uri_prefixes[NDEF_URI_PREFIXES] = {
	"",
	"http://www.",
	"https://www.",
	"http://",
	"https://",
	"tel:",
	"mailto:",
	"ftp://anonymous:anonymous@",
	"ftp://ftp.",
	"ftps://",
	"sftp://",
	"smb://",
	"nfs://",
	"ftp://",
	"dav://",
	"news:",
	"telnet://",
	"imap:",
	"rtsp://",
	"urn:",
	"pop:",
	"sip:",
	"sips:",
	"tftp:",
	"btspp://",
	"btl2cap://",
	"btgoep://",
	"tcpobex://",
	"irdaobex://",
	"file://",
	"urn:epc:id:",
	"urn:epc:tag:",
	"urn:epc:pat:",
	"urn:epc:raw:",
	"urn:epc:",
	"urn:nfc:",
};

static bool take_length(struct bytes *from, bool is_short, uint32_t *len)
{
	uint8_t one;

	if (!is_short)
		return bytes_take_u32be(from, len);
	if (!bytes_take_u8(from, &one))
		return false;
	*len = one;
	return true;
}

/* NDEF 3.2.6 and 3.3: which of type, id and payload may be there. */
static bool check_record(const struct ndef_record *r, size_t number, struct err *e)
{
	switch (r->tnf) {
	case NDEF_EMPTY:
		if (r->type.len || r->id.len || r->payload.len)
			return err_set(e, ERR_MALFORMED,
				"NDEF record %zu is named empty but is not", number);
		return true;
	case NDEF_UNKNOWN:
		if (r->type.len)
			return err_set(e, ERR_MALFORMED,
				"NDEF record %zu of unknown type has a type", number);
		return true;
	case NDEF_WELL_KNOWN:
	case NDEF_MIME:
	case NDEF_URI_TYPE:
	case NDEF_EXTERNAL:
		if (!r->type.len)
			return err_set(e, ERR_MALFORMED, "NDEF record %zu has no type", number);
		return true;
	case NDEF_UNCHANGED:
		return err_set(e, ERR_MALFORMED,
			"NDEF record %zu continues a chunk that never began", number);
	case NDEF_RESERVED:
		break;
	}
	return err_set(
		e, ERR_UNSUPPORTED, "NDEF record %zu has the reserved type format 7", number);
}

static bool take_record(
	struct bytes *rest, struct ndef_record *r, uint8_t *flags, size_t number, struct err *e)
{
	const uint8_t *start = rest->p;
	uint8_t type_len, id_len = 0;
	uint32_t payload_len;

	if (!bytes_take_u8(rest, flags))
		return err_set(e, ERR_MALFORMED, "NDEF record %zu is missing", number);
	if (*flags & FLAG_CF)
		return err_set(e, ERR_UNSUPPORTED, "NDEF record %zu comes in chunks", number);
	if (!bytes_take_u8(rest, &type_len) || !take_length(rest, *flags & FLAG_SR, &payload_len) ||
		((*flags & FLAG_IL) && !bytes_take_u8(rest, &id_len)) ||
		!bytes_take(rest, type_len, &r->type) || !bytes_take(rest, id_len, &r->id) ||
		!bytes_take(rest, payload_len, &r->payload))
		return err_set(e, ERR_MALFORMED, "NDEF record %zu runs past the end of the message",
			number);
	r->tnf = (enum ndef_tnf)(*flags & TNF_MASK);
	r->whole = bytes_of(start, (size_t)(rest->p - start));
	return check_record(r, number, e);
}

bool ndef_read(struct ndef_message *out, struct bytes message, struct err *e)
{
	struct bytes rest = message;
	uint8_t flags = 0;

	out->count = 0;
	if (!message.len)
		return err_set(e, ERR_NOT_FOUND, "the NDEF message is empty");
	do {
		size_t number = out->count + 1;

		if (out->count == LIMIT_NDEF_RECORDS)
			return err_set(
				e, ERR_TOO_LARGE, "more than %d NDEF records", LIMIT_NDEF_RECORDS);
		if (!take_record(&rest, &out->records[out->count], &flags, number, e))
			return false;
		if (!(flags & FLAG_MB) != (number > 1))
			return err_set(e, ERR_MALFORMED, "NDEF record %zu %s the mark of the first",
				number, number > 1 ? "has" : "lacks");
		out->count++;
	} while (!(flags & FLAG_ME));
	if (rest.len)
		return err_set(e, ERR_MALFORMED, "%zu bytes follow the last NDEF record", rest.len);
	return true;
}

void ndef_record_write(struct buf *out, const struct ndef_record *r, bool first, bool last)
{
	bool is_short = r->payload.len <= 0xFF;
	unsigned flags = (unsigned)r->tnf | (first ? FLAG_MB : 0) | (last ? FLAG_ME : 0) |
			 (is_short ? FLAG_SR : 0) | (r->id.len ? FLAG_IL : 0);

	buf_add_u8(out, (uint8_t)flags);
	buf_add_u8(out, (uint8_t)r->type.len);
	if (is_short)
		buf_add_u8(out, (uint8_t)r->payload.len);
	else
		buf_add_u32be(out, (uint32_t)r->payload.len);
	if (r->id.len)
		buf_add_u8(out, (uint8_t)r->id.len);
	buf_add(out, r->type);
	buf_add(out, r->id);
	buf_add(out, r->payload);
}

void ndef_write(struct buf *out, const struct ndef_message *m)
{
	for (size_t i = 0; i < m->count; i++)
		ndef_record_write(out, &m->records[i], i == 0, i + 1 == m->count);
}

bool ndef_record_is(const struct ndef_record *r, enum ndef_tnf tnf, struct str type)
{
	return r->tnf == tnf && bytes_equal(r->type, str_bytes(type));
}

struct str ndef_uri_prefix(uint8_t code)
{
	return code < NDEF_URI_PREFIXES ? str_of(uri_prefixes[code]) : STR("");
}

bool ndef_uri_read(struct buf *out, const struct ndef_record *r)
{
	struct bytes rest = r->payload;
	struct str text;
	uint8_t code;

	if (!ndef_record_is(r, NDEF_WELL_KNOWN, STR("U")) || !bytes_take_u8(&rest, &code) ||
		!utf8_check(rest, &text))
		return false;
	buf_add_str(out, ndef_uri_prefix(code));
	buf_add_str(out, text);
	return true;
}

void ndef_uri_payload(struct buf *out, struct str uri)
{
	uint8_t best = 0;

	for (unsigned i = 1; i < NDEF_URI_PREFIXES; i++)
		if (str_starts(uri, ndef_uri_prefix((uint8_t)i)) &&
			ndef_uri_prefix((uint8_t)i).len > ndef_uri_prefix(best).len)
			best = (uint8_t)i;
	buf_add_u8(out, best);
	buf_add_str(out, str_sub(uri, ndef_uri_prefix(best).len, uri.len));
}

const char *ndef_record_kind(const struct ndef_record *r)
{
	static const char *const names[] = {
		[NDEF_EMPTY] = "empty",
		[NDEF_WELL_KNOWN] = "well-known",
		[NDEF_MIME] = "mime",
		[NDEF_URI_TYPE] = "uri-type",
		[NDEF_EXTERNAL] = "external",
		[NDEF_UNKNOWN] = "unknown",
		[NDEF_UNCHANGED] = "chunk",
		[NDEF_RESERVED] = "reserved",
	};

	if (ndef_record_is(r, NDEF_WELL_KNOWN, STR("U")))
		return "uri";
	if (ndef_record_is(r, NDEF_WELL_KNOWN, STR("T")))
		return "text";
	if (ndef_record_is(r, NDEF_MIME, STR("text/vcard")))
		return "vcard";
	return names[r->tnf];
}
