#define _DEFAULT_SOURCE
#include "core/nfc/nfc.h"

#include <fcntl.h>
#include <nfc/nfc.h>
#include <unistd.h>

#include "core/nfc/connection.h"

/* Commands of NTAG21x (data sheet 9) and of every Type 2 tag. */
enum {
	CMD_PWD_AUTH = 0x1B,
	CMD_CLASSIC_KEY_A = 0x60,
	CMD_READ = 0x30,
	CMD_FAST_READ = 0x3A,
	CMD_READ_SIG = 0x3C,
	CMD_GET_VERSION = 0x60,
	CMD_WRITE = 0xA2,
};

/*
 * Who frames a command. InDataExchange takes 60h for MIFARE AUTH, so what is NTAG's own goes
 * through as it is; there the 4-bit acknowledgement of WRITE would fail the chip's CRC check.
 */
enum framing { FRAME_THROUGH = 0, FRAME_EASY = 1 };

_Static_assert(sizeof(nfc_connstring) == NFC_CONNECTION_MAX, "libnfc copies that many bytes");

enum { SAK_ISO14443_4 = 0x20, SAK_CLASSIC = 0x08, UID_RANDOM = 0x08 };

struct nfc_port {
	nfc_context *context;
	nfc_device *device;
	int lock;
	unsigned failures; /* of the reader, in a row */
	char name[48];
};

/* libnfc takes descriptor 0 for its own abort pipe when the port gets that number. */
static void keep_standard_descriptors(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

/* "chip: PN532 v1.6" is libnfc's first line about a device, which it calls by its path otherwise.
 */
static void set_name(struct nfc_port *p)
{
	static const struct str mark = STR_INIT("chip: ");
	struct str text, line;
	char *about = NULL;

	snprintf(p->name, sizeof(p->name), "NFC reader");
	if (nfc_device_get_information_about(p->device, &about) < 0)
		return;
	text = str_of(about);
	if (str_split(&text, '\n', &line) && str_starts(line, mark))
		snprintf(p->name, sizeof(p->name), STR_FMT,
			STR_ARG(str_sub(line, mark.len, line.len)));
	nfc_free(about);
}

static bool start(struct nfc_port *p, const struct nfc_connection *c, struct err *e)
{
	nfc_init(&p->context);
	if (!p->context)
		return err_set(e, ERR_INTERNAL, "libnfc does not start");
	p->device = nfc_open(p->context, c->text);
	if (!p->device || nfc_initiator_init(p->device) < 0)
		return err_set(e, ERR_UNAVAILABLE,
			"no reader answers at %s; check its cable, power and switches", c->text);
	if (nfc_device_set_property_bool(p->device, NP_INFINITE_SELECT, false) < 0)
		return err_set(e, ERR_UNAVAILABLE, "the reader at %s does not obey", c->text);
	set_name(p);
	return true;
}

bool nfc_port_open(struct nfc_port **out, const char *where, struct err *e)
{
	struct nfc_connection c;
	struct nfc_port *p;

	*out = NULL;
	if (!nfc_connection_read(&c, where, e))
		return false;
	p = calloc(1, sizeof(*p));
	if (!p)
		return err_set(e, ERR_INTERNAL, "out of memory");
	p->lock = -1;
	keep_standard_descriptors();
	setenv("LIBNFC_LOG_LEVEL", "0", 0); /* what it has to say is said by our errors */
	if (!nfc_connection_lock(&c, &p->lock, e) || !start(p, &c, e)) {
		nfc_port_close(p);
		return false;
	}
	*out = p;
	return true;
}

void nfc_port_close(struct nfc_port *p)
{
	if (!p)
		return;
	if (p->device)
		nfc_close(p->device);
	if (p->context)
		nfc_exit(p->context);
	if (p->lock >= 0)
		close(p->lock);
	free(p);
}

const char *nfc_port_name(const struct nfc_port *p)
{
	return p->name;
}

/* An answer of the chip's, even a bad one, shows that it lives. */
static bool is_chip_answer(int res)
{
	return res == NFC_ERFTRANS || res == NFC_ETGRELEASED || res == NFC_EMFCAUTHFAIL ||
	       res == NFC_ECHIP || res == NFC_EINVARG || res == NFC_EOVFLOW;
}

static bool is_lost(struct nfc_port *p, int res)
{
	p->failures = is_chip_answer(res) ? 0 : p->failures + 1;
	return p->failures >= NFC_LOST_AFTER;
}

static bool set_lost(const struct nfc_port *p, struct err *e)
{
	return err_set(e, ERR_UNAVAILABLE,
		"the reader stopped answering (%s); check its cable and power",
		nfc_strerror(p->device));
}

static enum nfc_kind kind_of(const nfc_iso14443a_info *i)
{
	if (i->szUidLen == 4 && i->abtUid[0] == UID_RANDOM)
		return NFC_PHONE; /* ISO 14443-3 6.4.4: 08h begins a random single-size UID */
	if (i->btSak & SAK_ISO14443_4)
		return NFC_TYPE4;
	return i->btSak & SAK_CLASSIC ? NFC_CLASSIC : NFC_TYPE2;
}

bool nfc_port_select(struct nfc_port *p, struct nfc_tag *tag, bool *found, struct err *e)
{
	static const nfc_modulation type_a = { .nmt = NMT_ISO14443A, .nbr = NBR_106 };
	nfc_target target = { 0 };
	const nfc_iso14443a_info *info = &target.nti.nai;
	int res = nfc_initiator_select_passive_target(p->device, type_a, NULL, 0, &target);

	*found = false;
	if (res < 0)
		return is_lost(p, res) ? set_lost(p, e) : true;
	p->failures = 0;
	if (res == 0 || info->szUidLen == 0 || info->szUidLen > NFC_UID_MAX)
		return true;
	*tag = (struct nfc_tag){
		.kind = kind_of(info), .uid_len = (uint8_t)info->szUidLen, .sak = info->btSak
	};
	memcpy(tag->uid, info->abtUid, info->szUidLen);
	*found = true;
	return true;
}

/* Exactly want bytes must come back. */
static bool exchange(struct nfc_port *p, enum framing framing, struct bytes command, uint8_t *out,
	size_t want, const char *what, struct err *e)
{
	uint8_t reply[NFC_FAST_READ_PAGES * 4 + 16];
	int res;

	/* costs no command: libnfc keeps it for itself */
	if (nfc_device_set_property_bool(p->device, NP_EASY_FRAMING, framing == FRAME_EASY) < 0)
		return set_lost(p, e);
	res = nfc_initiator_transceive_bytes(
		p->device, command.p, command.len, reply, sizeof(reply), -1);
	if (res < 0)
		return is_lost(p, res) ? set_lost(p, e)
				       : err_set(e, ERR_GONE, "the chip did not answer: %s", what);
	p->failures = 0;
	if ((size_t)res != want)
		return err_set(e, ERR_GONE, "the chip refused: %s", what);
	if (want)
		memcpy(out, reply, want);
	return true;
}

bool nfc_port_fast_read(
	struct nfc_port *p, uint8_t first, uint8_t last, uint8_t *out, struct err *e)
{
	uint8_t command[] = { CMD_FAST_READ, first, last };
	char what[48];

	if (last < first || last - first >= NFC_FAST_READ_PAGES)
		return err_set(
			e, ERR_INTERNAL, "a fast read takes 1 to %d pages", NFC_FAST_READ_PAGES);
	snprintf(what, sizeof(what), "reading pages %u to %u", first, last);
	return exchange(p, FRAME_THROUGH, bytes_of(command, sizeof(command)), out,
		((size_t)last - first + 1) * 4, what, e);
}

bool nfc_port_read(struct nfc_port *p, uint8_t page, uint8_t out[NFC_READ_LEN], struct err *e)
{
	uint8_t command[] = { CMD_READ, page };
	char what[48];

	snprintf(what, sizeof(what), "reading page %u", page);
	return exchange(
		p, FRAME_EASY, bytes_of(command, sizeof(command)), out, NFC_READ_LEN, what, e);
}

bool nfc_port_write(struct nfc_port *p, uint8_t page, const uint8_t data[4], struct err *e)
{
	uint8_t command[] = { CMD_WRITE, page, data[0], data[1], data[2], data[3] };
	char what[48];

	snprintf(what, sizeof(what), "writing page %u", page);
	return exchange(p, FRAME_EASY, bytes_of(command, sizeof(command)), NULL, 0, what, e);
}

bool nfc_port_version(struct nfc_port *p, uint8_t out[NFC_VERSION_LEN], struct err *e)
{
	uint8_t command[] = { CMD_GET_VERSION };

	return exchange(p, FRAME_THROUGH, bytes_of(command, sizeof(command)), out, NFC_VERSION_LEN,
		"asking for its version", e);
}

bool nfc_port_signature(struct nfc_port *p, uint8_t out[NFC_SIGNATURE_LEN], struct err *e)
{
	uint8_t command[] = { CMD_READ_SIG, 0x00 };

	return exchange(p, FRAME_THROUGH, bytes_of(command, sizeof(command)), out,
		NFC_SIGNATURE_LEN, "asking for its signature", e);
}

bool nfc_port_password(
	struct nfc_port *p, const uint8_t password[4], uint8_t pack[2], struct err *e)
{
	uint8_t command[] = { CMD_PWD_AUTH, password[0], password[1], password[2], password[3] };

	return exchange(
		p, FRAME_THROUGH, bytes_of(command, sizeof(command)), pack, 2, "the password", e);
}

bool nfc_port_apdu(struct nfc_port *p, struct bytes command, struct buf *out, struct err *e)
{
	uint8_t reply[NFC_APDU_MAX];
	int res;

	if (nfc_device_set_property_bool(p->device, NP_EASY_FRAMING, true) < 0)
		return set_lost(p, e);
	res = nfc_initiator_transceive_bytes(
		p->device, command.p, command.len, reply, sizeof(reply), -1);
	if (res < 0)
		return is_lost(p, res) ? set_lost(p, e)
				       : err_set(e, ERR_GONE, "the card did not answer");
	p->failures = 0;
	buf_add(out, bytes_of(reply, (size_t)res));
	return true;
}

bool nfc_port_classic_login(struct nfc_port *p, const struct nfc_tag *tag, uint8_t block,
	const uint8_t key[NFC_CLASSIC_KEY_LEN], struct err *e)
{
	uint8_t memory[2 + NFC_CLASSIC_KEY_LEN + 4], none[1];
	struct buf command = BUF_ON(memory);
	struct nfc_tag again;
	bool found = false;

	if (tag->uid_len < 4)
		return err_set(e, ERR_INTERNAL, "a MIFARE Classic has a UID of 4 bytes or more");
	buf_add_u8(&command, CMD_CLASSIC_KEY_A);
	buf_add_u8(&command, block);
	buf_add(&command, bytes_of(key, NFC_CLASSIC_KEY_LEN));
	buf_add(&command, bytes_of(tag->uid + tag->uid_len - 4, 4));
	if (exchange(p, FRAME_EASY, buf_bytes(&command), none, 0, "logging in", e))
		return true;
	if (e->code != ERR_GONE || !nfc_port_select(p, &again, &found, e))
		return false;
	if (!found || !nfc_tag_equal(&again, tag))
		return err_set(e, ERR_GONE, "the card was taken away too early");
	return err_set(e, ERR_FORBIDDEN, "block %u of the card has another key", block);
}
