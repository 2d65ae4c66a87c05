#include "core/nfc/type4.h"

enum { SW_OK = 0x9000, SW_NOT_FOUND = 0x6A82, CC_LEN = 15, CHUNK_MAX = 240, CHUNK_MIN = 15 };

/* The answer's data is added to out, its status words are told. */
static bool send(
	struct nfc_port *p, struct bytes command, struct buf *out, unsigned *words, struct err *e)
{
	uint8_t memory[NFC_APDU_MAX];
	struct buf answer = BUF_ON(memory);

	if (!nfc_port_apdu(p, command, &answer, e))
		return false;
	if (answer.len < 2)
		return err_set(e, ERR_MALFORMED, "the card answers without status words");
	*words = (unsigned)memory[answer.len - 2] << 8 | memory[answer.len - 1];
	if (out)
		buf_add(out, bytes_of(memory, answer.len - 2));
	return true;
}

static bool expect_ok(unsigned words, const char *what, struct err *e)
{
	if (words == SW_OK)
		return true;
	return err_set(e, words == SW_NOT_FOUND ? ERR_NOT_FOUND : ERR_FORBIDDEN,
		words == SW_NOT_FOUND ? "the card has no %s" : "the card does not give its %s",
		what);
}

static bool select_application(struct nfc_port *p, struct err *e)
{
	unsigned words;

	return send(p, BYTES("\x00\xA4\x04\x00\x07\xD2\x76\x00\x00\x85\x01\x01\x00"), NULL, &words,
		       e) &&
	       expect_ok(words, "NDEF application", e);
}

static bool select_file(struct nfc_port *p, uint16_t id, struct err *e)
{
	const uint8_t command[] = { 0x00, 0xA4, 0x00, 0x0C, 0x02, (uint8_t)(id >> 8), (uint8_t)id };
	unsigned words;

	return send(p, bytes_of(command, sizeof(command)), NULL, &words, e) &&
	       expect_ok(words, "NDEF file", e);
}

static bool read_binary(struct nfc_port *p, size_t at, size_t n, struct buf *out, struct err *e)
{
	const uint8_t command[] = { 0x00, 0xB0, (uint8_t)(at >> 8), (uint8_t)at, (uint8_t)n };
	size_t before = out->len;
	unsigned words;

	if (!send(p, bytes_of(command, sizeof(command)), out, &words, e) ||
		!expect_ok(words, "NDEF file's content", e))
		return false;
	return out->len == before + n ||
	       err_set(e, ERR_MALFORMED, "the card gives fewer bytes than it was asked for");
}

struct container {
	size_t chunk, size;
	uint16_t file;
};

/* Type 4 Tag 2.0, 4.2.1: the longest answer, and where the NDEF file is. */
static bool read_container(struct nfc_port *p, struct container *c, struct err *e)
{
	uint8_t cc[CC_LEN];
	struct buf to = BUF_ON(cc);

	if (!select_file(p, 0xE103, e) || !read_binary(p, 0, CC_LEN, &to, e))
		return false;
	if (cc[7] != 0x04 || cc[8] < 6)
		return err_set(
			e, ERR_MALFORMED, "the card's capability container names no NDEF file");
	if (cc[13] != 0x00)
		return err_set(e, ERR_FORBIDDEN, "the card does not let its NDEF file be read");
	c->chunk = (size_t)cc[3] << 8 | cc[4];
	c->chunk = c->chunk > CHUNK_MAX ? CHUNK_MAX : c->chunk;
	c->file = (uint16_t)(cc[9] << 8 | cc[10]);
	c->size = (size_t)cc[11] << 8 | cc[12];
	return c->chunk >= CHUNK_MIN ||
	       err_set(e, ERR_MALFORMED, "the card's capability container is damaged");
}

bool nfc_type4_read_ndef(struct nfc_port *p, struct buf *out, struct err *e)
{
	struct container c;
	uint8_t head[2];
	struct buf to = BUF_ON(head);
	size_t len;

	if (!select_application(p, e) || !read_container(p, &c, e) || !select_file(p, c.file, e) ||
		!read_binary(p, 0, sizeof(head), &to, e))
		return false;
	len = (size_t)head[0] << 8 | head[1];
	if (len == 0)
		return err_set(e, ERR_NOT_FOUND, "the card is empty");
	if (len + sizeof(head) > c.size || len > NFC_TYPE4_MAX)
		return err_set(e, ERR_MALFORMED, "the card's message runs past its file");
	for (size_t at = 0; at < len;) {
		size_t n = len - at < c.chunk ? len - at : c.chunk;

		if (!read_binary(p, sizeof(head) + at, n, out, e))
			return false;
		at += n;
	}
	return true;
}

bool nfc_type4_card(
	struct nfc_port *p, const struct nfc_tag *tag, enum nfc_card *card, struct err *e)
{
	uint8_t memory[NFC_APDU_MAX];
	struct buf answer = BUF_ON(memory);
	unsigned words = 0;
	struct nfc_tag again;
	bool found;

	*card = NFC_CARD_OTHER;
	if (!send(p, BYTES("\x90\x60\x00\x00\x00"), &answer, &words, e)) {
		if (e->code == ERR_UNAVAILABLE)
			return false;
		*e = (struct err){ 0 };
		/* it does not know that: it may sit there sulking */
		return nfc_port_select(p, &again, &found, e) &&
		       ((found && nfc_tag_equal(&again, tag)) || tag->kind == NFC_PHONE ||
			       err_set(e, ERR_GONE, "the card was taken away too early"));
	}
	/* vendor, type, subtype, versions: the rest need not be asked for */
	if (words == 0x91AF && answer.len >= 2 && memory[0] == 0x04)
		*card = memory[1] == 0x01   ? NFC_CARD_DESFIRE
			: memory[1] == 0x04 ? NFC_CARD_NTAG424
					    : NFC_CARD_OTHER;
	return true;
}
