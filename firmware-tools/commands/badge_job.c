#include "firmware-tools/commands/badge_job.h"

#include "core/base/text.h"

bool badge_vcard_check(struct bytes vcard, struct err *e)
{
	struct str text;

	return (utf8_check(vcard, &text) &&
		       str_starts_nocase(str_trim(text), STR("BEGIN:VCARD"))) ||
	       err_set(e, ERR_MALFORMED, "no vCard in UTF-8");
}

bool badge_job_try(const struct badge_job *j, enum ntag_type *smallest, struct err *e)
{
	uint8_t ndef[2 * LIMIT_TAG_BYTES];
	struct buf to = BUF_ON(ndef);
	enum ntag_type type = NTAG_213;

	if (!badge_write(&to, &j->badge, BYTES("\x04\x00\x00\x00\x00\x00\x00"), j->key, e))
		return false;
	while (type < NTAG_TYPES && to.len > ntag_layout(type)->ndef_max)
		type++;
	if (type == NTAG_TYPES)
		return err_set(e, ERR_TOO_LARGE,
			"the badge with its vCard has %zu bytes; an NTAG216 holds %u", to.len,
			ntag_layout(NTAG_216)->ndef_max);
	if (smallest)
		*smallest = type;
	return true;
}

bool badge_job_plan(struct ntag_plan *plan, size_t *ndef_len, const struct badge_job *j,
	const struct bench_tag *t, struct err *e)
{
	uint8_t ndef[2 * LIMIT_TAG_BYTES];
	struct buf to = BUF_ON(ndef);

	if (!t->len)
		return err_set(e, ERR_UNSUPPORTED,
			"this is a %s; badges are written on NTAG213, NTAG215 and NTAG216",
			bench_tag_name(t));
	if (!badge_write(&to, &j->badge, nfc_tag_uid(&t->tag), j->key, e) ||
		!ntag_write_ndef(plan, t->type, bytes_of(t->mem, t->len), buf_bytes(&to), e))
		return false;
	*ndef_len = to.len;
	return true;
}

bool badge_job_write(struct nfc_port *p, struct bench_tag *t, const struct ntag_plan *plan,
	const struct badge_job *j, struct err *e)
{
	const struct badge_key key = event_key_public(j->key);
	enum badge_verdict verdict;
	struct badge b;

	if (!nfc_type2_write(p, &t->tag, plan, e) || !bench_tag_again(p, t, e))
		return false;
	if (!bench_tag_badge(t, &b, e))
		return err_in(e, "reading it back");
	verdict = badge_verify(&b, &key, 1, j->key->event, nfc_tag_uid(&t->tag), 0);
	if (verdict != BADGE_OK)
		return err_set(e, ERR_IO, "reading it back: %s; take another chip",
			badge_verdict_words(verdict));
	return id_equal(b.id, j->badge.id) ||
	       err_set(e, ERR_IO, "reading it back: this is another badge; take another chip");
}
