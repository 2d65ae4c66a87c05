#include "core/tag/badge.h"

#include "core/base/text.h"
#include "core/tag/ndef.h"

enum {
	BADGE_PAYLOAD_LEN = 1 + 1 + 4 + 1 + 2 + SIGNATURE_LEN,
	URI_PAYLOAD_MAX = 1 + BADGE_HOST_MAX + 3 + ID_TEXT_LEN,
	BADGE_SIGNED_MAX = 12 + 4 + 1 + 1 + 1 + BADGE_UID_MAX + 16 + 1 + BADGE_HOST_MAX + HASH_LEN,
};

static const struct str badge_type = STR_INIT("kith:b");
static const struct str vcard_type = STR_INIT("text/vcard");

static void uid_check(uint8_t out[2], struct bytes uid)
{
	struct hash h = hash_of(uid);

	memcpy(out, h.b, 2);
}

/* The bytes under the signature; docs/badge-format.md lists them. */
static void signed_bytes(struct buf *out, const struct badge *b, struct bytes uid)
{
	struct hash after = hash_of(b->after);

	buf_lit(out, "kith-badge-1");
	buf_add_u32be(out, b->event);
	buf_add_u8(out, b->key);
	buf_add_u8(out, b->flags);
	buf_add_u8(out, (uint8_t)uid.len);
	buf_add(out, uid);
	buf_add(out, id_bytes(&b->id));
	buf_add_u8(out, (uint8_t)b->host.len);
	buf_add_str(out, b->host);
	buf_add(out, hash_bytes(&after));
}

static bool check_writable(const struct badge *what, struct bytes uid, struct err *e)
{
	if (what->host.len > BADGE_HOST_MAX)
		return err_set(e, ERR_TOO_LARGE,
			"the host \"" STR_FMT "\" has %zu characters; at most %d fit a badge",
			STR_ARG(str_sub(what->host, 0, 80)), what->host.len, BADGE_HOST_MAX);
	if (!link_host_check(what->host))
		return err_set(
			e, ERR_USAGE, "\"" STR_FMT "\" is no host name", STR_ARG(what->host));
	if (id_is_none(what->id))
		return err_set(e, ERR_USAGE, "a badge needs an id that is not all zeros");
	if (uid.len == 0 || uid.len > BADGE_UID_MAX)
		return err_set(e, ERR_USAGE, "a chip's UID has 1 to %d bytes", BADGE_UID_MAX);
	if (what->flags)
		return err_set(e, ERR_USAGE, "badge flags 0x%02x are not defined", what->flags);
	if (what->vcard.len > LIMIT_TAG_BYTES)
		return err_set(e, ERR_TOO_LARGE,
			"the vCard has %zu bytes; no chip holds more than %d", what->vcard.len,
			LIMIT_TAG_BYTES);
	return true;
}

static void write_uri(struct buf *ndef, const struct badge *b)
{
	uint8_t uri[URI_PAYLOAD_MAX];
	struct buf to = BUF_ON(uri);

	buf_add_u8(&to, NDEF_URI_HTTPS);
	buf_add_str(&to, b->host);
	buf_lit(&to, "/b#");
	id_write(&to, b->id);
	ndef_record_write(ndef,
		&(struct ndef_record){
			.tnf = NDEF_WELL_KNOWN, .type = BYTES("U"), .payload = buf_bytes(&to) },
		true, false);
}

static void write_payload(struct buf *ndef, const struct badge *b)
{
	uint8_t payload[BADGE_PAYLOAD_LEN];
	struct buf to = BUF_ON(payload);

	buf_add_u8(&to, BADGE_VERSION);
	buf_add_u8(&to, b->flags);
	buf_add_u32be(&to, b->event);
	buf_add_u8(&to, b->key);
	buf_add(&to, bytes_of(b->uid_check, sizeof(b->uid_check)));
	buf_add(&to, bytes_of(b->signature, SIGNATURE_LEN));
	ndef_record_write(ndef,
		&(struct ndef_record){ .tnf = NDEF_EXTERNAL,
			.type = str_bytes(badge_type),
			.payload = buf_bytes(&to) },
		false, !b->after.len);
}

static void write_vcard(struct buf *after, struct bytes vcard)
{
	if (vcard.len)
		ndef_record_write(after,
			&(struct ndef_record){
				.tnf = NDEF_MIME, .type = str_bytes(vcard_type), .payload = vcard },
			false, true);
}

bool badge_write(struct buf *ndef, const struct badge *what, struct bytes uid,
	const struct event_key *key, struct err *e)
{
	uint8_t under[BADGE_SIGNED_MAX], after[LIMIT_TAG_BYTES + 32];
	struct buf under_to = BUF_ON(under), after_to = BUF_ON(after);
	struct badge b = *what;

	if (!check_writable(what, uid, e))
		return false;
	write_vcard(&after_to, b.vcard);
	b.event = key->event;
	b.key = key->number;
	b.after = buf_bytes(&after_to);
	uid_check(b.uid_check, uid);
	signed_bytes(&under_to, &b, uid);
	sign_message(b.signature, buf_bytes(&under_to), key->secret);
	write_uri(ndef, &b);
	write_payload(ndef, &b);
	buf_add(ndef, b.after);
	return true;
}

/* Record 1 in the one form that badge_write makes. */
static bool read_uri(const struct ndef_record *r, struct badge *out)
{
	static const struct str path = STR_INIT("/b#");
	struct bytes rest = r->payload;
	struct str text, id, host;
	uint8_t code;

	if (!ndef_record_is(r, NDEF_WELL_KNOWN, STR("U")) || !bytes_take_u8(&rest, &code) ||
		code != NDEF_URI_HTTPS || !utf8_check(rest, &text) ||
		text.len < path.len + ID_TEXT_LEN)
		return false;
	host = str_sub(text, 0, text.len - ID_TEXT_LEN - path.len);
	id = str_sub(text, text.len - ID_TEXT_LEN, text.len);
	if (!str_equal(str_sub(text, host.len, host.len + path.len), path) ||
		host.len > BADGE_HOST_MAX || !link_host_check(host) ||
		str_find_char(id, '+', 0) != SIZE_MAX || str_find_char(id, '/', 0) != SIZE_MAX)
		return false;
	out->host = host;
	return id_read(id, &out->id);
}

static bool read_payload(struct bytes rest, struct badge *out, struct err *e)
{
	uint8_t version;

	if (!bytes_take_u8(&rest, &version))
		return err_set(e, ERR_MALFORMED, "the badge record is empty");
	if (version != BADGE_VERSION)
		return err_set(e, ERR_UNSUPPORTED,
			"badge format %u is not known here; update this station", version);
	if (!bytes_take_u8(&rest, &out->flags) || !bytes_take_u32be(&rest, &out->event) ||
		!bytes_take_u8(&rest, &out->key) ||
		!bytes_take_copy(&rest, out->uid_check, sizeof(out->uid_check)) ||
		!bytes_take_copy(&rest, out->signature, SIGNATURE_LEN) || rest.len)
		return err_set(e, ERR_MALFORMED, "the badge record has the wrong length");
	return true;
}

bool badge_read(struct badge *out, struct bytes ndef, struct err *e)
{
	struct ndef_message m;
	const struct ndef_record *r = m.records;

	*out = (struct badge){ 0 };
	if (!ndef_read(&m, ndef, e))
		return false;
	if (m.count < 2 || !ndef_record_is(&r[1], NDEF_EXTERNAL, badge_type))
		return err_set(e, ERR_NOT_FOUND, "this chip holds no Kith badge");
	if (!read_payload(r[1].payload, out, e))
		return false;
	if (r[0].id.len || r[1].id.len || !read_uri(&r[0], out))
		return err_set(e, ERR_MALFORMED, "the badge's link is damaged");
	for (size_t i = 2; i < m.count; i++) {
		out->after = bytes_of(r[2].whole.p, (size_t)(ndef.p + ndef.len - r[2].whole.p));
		if (ndef_record_is(&r[i], NDEF_MIME, vcard_type) && !out->vcard.len)
			out->vcard = r[i].payload;
	}
	return true;
}

static const struct badge_key *find_key(
	const struct badge_key *keys, size_t n, uint32_t event, uint8_t number)
{
	for (size_t i = 0; i < n; i++)
		if (keys[i].event == event && keys[i].number == number)
			return &keys[i];
	return NULL;
}

/* Of a signature that is right. */
static enum badge_verdict verdict_of(const struct badge_key *key, int64_t now_ms)
{
	return key->until_ms && now_ms >= key->until_ms ? BADGE_ROTATED_OUT : BADGE_OK;
}

enum badge_verdict badge_verify(const struct badge *b, const struct badge_key *keys, size_t n,
	uint32_t event, struct bytes uid, int64_t now_ms)
{
	uint8_t under[BADGE_SIGNED_MAX], check[2];
	struct buf to = BUF_ON(under);
	const struct badge_key *key = find_key(keys, n, event, b->key);

	if (b->event != event)
		return BADGE_FOREIGN_EVENT;
	if (!key)
		return BADGE_UNKNOWN_KEY;
	if (uid.len == 0 || uid.len > BADGE_UID_MAX)
		return BADGE_OTHER_CHIP;
	uid_check(check, uid);
	if (memcmp(check, b->uid_check, sizeof(check)) != 0)
		return BADGE_OTHER_CHIP;
	signed_bytes(&to, b, uid);
	if (!buf_ok(&to) || !sign_verify(b->signature, buf_bytes(&to), key->public_key))
		return BADGE_FORGED;
	return verdict_of(key, now_ms);
}

static void link_signed_bytes(struct buf *out, uint32_t event, struct id id)
{
	buf_lit(out, "kith-qr-1");
	buf_add_u32be(out, event);
	buf_add(out, id_bytes(&id));
}

void badge_link_sign(uint8_t signature[SIGNATURE_LEN], struct id id, const struct event_key *key)
{
	uint8_t under[64];
	struct buf to = BUF_ON(under);

	link_signed_bytes(&to, key->event, id);
	sign_message(signature, buf_bytes(&to), key->secret);
}

enum badge_verdict badge_link_verify(const struct link *link, const struct badge_key *keys,
	size_t n, uint32_t event, int64_t now_ms)
{
	uint8_t under[64];
	struct buf to = BUF_ON(under);

	if (link->kind != LINK_BADGE || !link->has_signature)
		return BADGE_UNSIGNED;
	link_signed_bytes(&to, event, link->id);
	/* the link has no room for a key number: an event has few keys, so each is tried */
	for (size_t i = 0; i < n; i++)
		if (keys[i].event == event &&
			sign_verify(link->signature, buf_bytes(&to), keys[i].public_key))
			return verdict_of(&keys[i], now_ms);
	return BADGE_FORGED;
}

static const struct {
	const char *name, *words;
} verdicts[] = {
	[BADGE_OK] = { "ok", "the badge is genuine" },
	[BADGE_FOREIGN_EVENT] = { "foreign-event", "this badge belongs to another event" },
	[BADGE_UNKNOWN_KEY] = { "unknown-key",
		"this badge was signed by a key that is not known here" },
	[BADGE_ROTATED_OUT] = { "rotated-out-key",
		"this badge was signed by a key that was replaced and holds no more" },
	[BADGE_OTHER_CHIP] = { "other-chip", "this badge was copied from another chip" },
	[BADGE_FORGED] = { "forged", "this badge is forged or damaged" },
	[BADGE_UNSIGNED] = { "unsigned", "this link carries no signature" },
};

const char *badge_verdict_name(enum badge_verdict v)
{
	return verdicts[v].name;
}

const char *badge_verdict_words(enum badge_verdict v)
{
	return verdicts[v].words;
}
