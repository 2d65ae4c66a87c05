#include "core/nfc/type2.h"

enum { FIRST_PAGE = 3, LAST_213 = 0x27, TRIES = 3 };

/* After a refusal or a glitch: is it still there? */
static bool select_again(struct nfc_port *p, const struct nfc_tag *tag, struct err *e)
{
	struct nfc_tag now;
	bool found = false;

	for (int i = 0; i < TRIES && !found; i++)
		if (!nfc_port_select(p, &now, &found, e))
			return false;
	if (!found)
		return err_set(
			e, ERR_GONE, "the badge was taken away too early; hold it on the reader");
	if (!nfc_tag_equal(&now, tag))
		return err_set(
			e, ERR_CONFLICT, "another badge lies on the reader now; one at a time");
	return true;
}

/* By FAST_READ, else, when the tag turns out to know none, by READs. */
static bool read_pages(struct nfc_port *p, const struct nfc_tag *tag, bool *fast, size_t first,
	size_t count, uint8_t *out, struct err *e)
{
	uint8_t four[NFC_READ_LEN];

	if (*fast) {
		if (nfc_port_fast_read(p, (uint8_t)first, (uint8_t)(first + count - 1), out, e))
			return true;
		if (e->code != ERR_GONE || !select_again(p, tag, e))
			return false;
		*fast = false;
	}
	for (size_t i = 0; i < count; i += 4) {
		size_t n = count - i < 4 ? count - i : 4;

		if (!nfc_port_read(p, (uint8_t)(first + i), four, e))
			return false;
		memcpy(out + i * 4, four, n * 4);
	}
	return true;
}

static enum ntag_type type_of_cc(const uint8_t cc[4])
{
	for (enum ntag_type t = NTAG_213; t < NTAG_TYPES; t++)
		if (cc[2] == ntag_layout(t)->cc_size)
			return t;
	return NTAG_OTHER;
}

static bool read_message(struct nfc_port *p, const struct nfc_tag *tag, struct nfc_memory *m,
	bool *fast, struct err *e)
{
	size_t have = 0, next = LAST_213 - FIRST_PAGE + 1;

	if (!*fast)
		next = 4; /* a small tag may end anywhere: ask for no more than needed */
	for (;;) {
		size_t count = next > NFC_FAST_READ_PAGES ? NFC_FAST_READ_PAGES : next;

		if (have + count * 4 > sizeof(m->b))
			return err_set(
				e, ERR_TOO_LARGE, "the chip claims more memory than any we know");
		if (!read_pages(p, tag, fast, FIRST_PAGE + have / 4, count, m->b + have, e))
			return false;
		have += count * 4;
		m->type = type_of_cc(m->b);
		if (!ntag_find_ndef(&m->ndef, bytes_of(m->b, have), e))
			return false;
		if (!m->ndef.more)
			return true;
		next = (m->ndef.more + 3) / 4;
	}
}

bool nfc_type2_read_ndef(
	struct nfc_port *p, const struct nfc_tag *tag, struct nfc_memory *out, struct err *e)
{
	bool fast = true;

	/* a glitch looks like a refusal: from the second try on the tag is asked in its oldest
	 * tongue */
	for (int i = 0; i < TRIES; i++) {
		*e = (struct err){ 0 };
		if (i > 0 && !select_again(p, tag, e))
			return false;
		if (read_message(p, tag, out, &fast, e))
			return true;
		if (e->code != ERR_GONE)
			return false;
		fast = fast && i == 0;
	}
	return false;
}

bool nfc_type2_type(
	struct nfc_port *p, const struct nfc_tag *tag, enum ntag_type *type, struct err *e)
{
	uint8_t version[NFC_VERSION_LEN];

	for (int i = 0; i < TRIES; i++) {
		*e = (struct err){ 0 };
		if (nfc_port_version(p, version, e)) {
			*type = ntag_type_of_version(bytes_of(version, sizeof(version)));
			return true;
		}
		if (e->code != ERR_GONE || !select_again(p, tag, e))
			return false;
	}
	*e = (struct err){ 0 };
	*type = NTAG_OTHER;
	return true;
}

bool nfc_type2_read_all(struct nfc_port *p, const struct nfc_tag *tag, enum ntag_type type,
	uint8_t *out, struct err *e)
{
	size_t pages = ntag_layout(type)->pages;
	int tries = 0;

	for (size_t at = 0; at < pages;) {
		size_t n = pages - at < NFC_FAST_READ_PAGES ? pages - at : NFC_FAST_READ_PAGES;

		if (nfc_port_fast_read(p, (uint8_t)at, (uint8_t)(at + n - 1), out + at * 4, e)) {
			at += n;
			continue;
		}
		if (e->code != ERR_GONE || !select_again(p, tag, e))
			return false;
		if (++tries >= TRIES)
			return err_set(e, ERR_FORBIDDEN,
				"the chip is there but gives no page from %zu on; a password may "
				"guard it",
				at);
	}
	return true;
}

bool nfc_type2_write(
	struct nfc_port *p, const struct nfc_tag *tag, const struct ntag_plan *plan, struct err *e)
{
	int tries = 0;

	for (size_t i = 0; i < plan->count;) {
		const struct ntag_page *page = &plan->pages[i];

		if (nfc_port_write(p, (uint8_t)page->number, page->data, e)) {
			i++;
			tries = 0;
			continue;
		}
		if (e->code != ERR_GONE || !select_again(p, tag, e))
			return false;
		if (++tries >= TRIES)
			return err_set(e, ERR_FORBIDDEN,
				"the chip does not let page %u be written; take another",
				page->number);
	}
	*e = (struct err){ 0 };
	return true;
}

bool nfc_type2_signature(struct nfc_port *p, const struct nfc_tag *tag,
	uint8_t out[NFC_SIGNATURE_LEN], struct err *e)
{
	for (int i = 0; i < TRIES; i++) {
		*e = (struct err){ 0 };
		if (nfc_port_signature(p, out, e))
			return true;
		if (e->code != ERR_GONE || !select_again(p, tag, e))
			return false;
	}
	return err_set(e, ERR_UNSUPPORTED, "the chip has no signature of its maker");
}

bool nfc_type2_password(struct nfc_port *p, const struct nfc_tag *tag, const uint8_t password[4],
	uint8_t pack[2], struct err *e)
{
	if (nfc_port_password(p, password, pack, e))
		return true;
	if (e->code != ERR_GONE || !select_again(p, tag, e))
		return false;
	return err_set(e, ERR_FORBIDDEN, "the chip refuses this password");
}
