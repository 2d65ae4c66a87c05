#define _DEFAULT_SOURCE
#include "firmware-tools/commands/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/nfc/connection.h"
#include "firmware-tools/chipsim/frame.h"

enum { SAM_TIMEOUT_MS = 500 };

bool wire_path(const char *where, char out[256])
{
	struct str path = str_of(where);

	if (str_starts(path, STR("pn532_uart:")))
		path = str_sub(path, 11, path.len);
	if (!str_starts(path, STR("/")) || path.len >= 256)
		return false;
	path = str_sub(path, 0, str_find_char(path, ':', 0));
	memcpy(out, path.p, path.len);
	out[path.len] = '\0';
	return true;
}

static speed_t speed_of(uint32_t baud)
{
	static const struct {
		uint32_t baud;
		speed_t code;
	} speeds[] = { { 9600, B9600 }, { 19200, B19200 }, { 38400, B38400 }, { 57600, B57600 },
		{ 115200, B115200 }, { 230400, B230400 }, { 460800, B460800 },
		{ 921600, B921600 } };

	for (size_t i = 0; i < ARRAY_LEN(speeds); i++)
		if (speeds[i].baud == baud)
			return speeds[i].code;
	return B115200;
}

static bool set_line(struct wire *w, struct err *e)
{
	struct termios t;

	if (tcgetattr(w->fd, &t) != 0)
		return err_set(e, ERR_USAGE, "this is no serial line");
	cfmakeraw(&t);
	t.c_cflag |= CLOCAL | CREAD;
	cfsetispeed(&t, speed_of(w->baud));
	cfsetospeed(&t, speed_of(w->baud));
	return tcsetattr(w->fd, TCSANOW, &t) == 0 || err_errno(e, "the line's settings");
}

static bool refuse_open(const char *path, struct err *e)
{
	struct stat st;
	struct group *g;

	if (errno == ENOENT)
		return err_set(e, ERR_NOT_FOUND,
			"there is no %s; kith-badge reader list shows the lines that there are",
			path);
	if (errno != EACCES)
		return err_errno(e, "%s", path);
	g = stat(path, &st) == 0 ? getgrgid(st.st_gid) : NULL;
	return err_set(e, ERR_FORBIDDEN,
		"you may not use %s: it belongs to the group %s. Run: sudo usermod -aG %s $USER, "
		"and sign in again",
		path, g ? g->gr_name : "of another", g ? g->gr_name : "dialout");
}

bool wire_open(struct wire *w, const char *path, uint32_t baud, struct err *e)
{
	struct nfc_connection c;

	*w = (struct wire){ .fd = -1, .lock = -1, .baud = baud };
	if (!nfc_connection_read(&c, path, e) || !nfc_connection_lock(&c, &w->lock, e))
		return false;
	w->fd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (w->fd < 0 ? refuse_open(path, e) : set_line(w, e))
		return true;
	wire_close(w);
	return false;
}

void wire_close(struct wire *w)
{
	if (w->fd >= 0)
		close(w->fd);
	if (w->lock >= 0)
		close(w->lock);
	w->fd = w->lock = -1;
}

static void send_all(struct wire *w, struct bytes b)
{
	while (b.len > 0) {
		struct pollfd p = { .fd = w->fd, .events = POLLOUT };
		ssize_t n = write(w->fd, b.p, b.len);

		if (n > 0)
			b = bytes_of(b.p + n, b.len - (size_t)n);
		else if (errno != EAGAIN || poll(&p, 1, WIRE_TIMEOUT_MS) <= 0)
			return;
	}
}

/* More bytes into raw; false at the deadline, or when there is no room or no line any more. */
static bool receive(struct wire *w, uint64_t until_ns)
{
	for (;;) {
		uint64_t now = clock_monotonic_ns();
		struct pollfd p = { .fd = w->fd, .events = POLLIN };
		ssize_t n = read(w->fd, w->raw + w->raw_len, sizeof(w->raw) - w->raw_len);

		if (n > 0) {
			w->raw_len += (size_t)n;
			return true;
		}
		if (w->raw_len == sizeof(w->raw) || (n < 0 && errno != EAGAIN && errno != EINTR))
			return false;
		if (now >= until_ns || poll(&p, 1, (int)((until_ns - now + 999999) / 1000000)) <= 0)
			return false;
		if (n == 0 && (p.revents & POLLHUP))
			return false;
	}
}

static enum wire_outcome judge(const struct wire *w, struct bytes sent, bool acked)
{
	size_t text = 0;

	/* an echo may hold an ACK, which was ours */
	if (w->raw_len >= sent.len && bytes_equal(bytes_of(w->raw, sent.len), sent))
		return WIRE_ECHO;
	if (acked)
		return WIRE_NO_REPLY;
	if (w->raw_len == 0)
		return WIRE_SILENCE;
	for (size_t i = 0; i < w->raw_len; i++)
		text += (w->raw[i] >= 0x20 && w->raw[i] < 0x7F) || w->raw[i] == '\r' ||
			w->raw[i] == '\n';
	return text * 10 >= w->raw_len * 9 ? WIRE_TEXT : WIRE_GARBAGE;
}

/* The reply among what came so far. */
static bool find_reply(const struct wire *w, uint8_t code, bool *acked, struct wire_answer *out)
{
	struct bytes in = bytes_of(w->raw, w->raw_len), body;
	enum frame_kind kind;

	while ((kind = frame_take(&in, &body)) != FRAME_MORE) {
		*acked = *acked || kind == FRAME_ACK;
		if (kind != FRAME_BODY || body.len == 0)
			continue;
		if (body.p[0] == 0x7F) {
			out->outcome = WIRE_ERROR;
			return true;
		}
		if (body.len < 2 || body.p[0] != FRAME_FROM_CHIP || body.p[1] != code + 1)
			continue;
		out->outcome = WIRE_ANSWER;
		out->len = body.len - 2 < sizeof(out->data) ? body.len - 2 : sizeof(out->data);
		memcpy(out->data, body.p + 2, out->len);
		return true;
	}
	return false;
}

static void exchange(struct wire *w, struct bytes sent, uint8_t code, unsigned timeout_ms,
	struct wire_answer *out)
{
	uint64_t from_ns = clock_monotonic_ns();
	uint64_t until_ns = from_ns + timeout_ms * UINT64_C(1000000);
	bool acked = false;

	*out = (struct wire_answer){ 0 };
	w->raw_len = 0;
	tcflush(w->fd, TCIFLUSH);
	send_all(w, sent);
	while (receive(w, until_ns)) {
		if (!find_reply(w, code, &acked, out))
			continue;
		out->took_ns = clock_monotonic_ns() - from_ns;
		out->line_bytes = sent.len + w->raw_len;
		return;
	}
	out->outcome = judge(w, sent, acked);
}

void wire_command(
	struct wire *w, struct bytes command, unsigned timeout_ms, struct wire_answer *out)
{
	uint8_t body[WIRE_REPLY_MAX], frame[WIRE_REPLY_MAX + 16];
	struct buf b = BUF_ON(body), f = BUF_ON(frame);

	buf_add_u8(&b, FRAME_FROM_HOST);
	buf_add(&b, command);
	frame_write(&f, buf_bytes(&b));
	exchange(w, buf_bytes(&f), command.p[0], timeout_ms, out);
}

void wire_wake(struct wire *w, struct wire_answer *out)
{
	static const uint8_t wake[16] = { 0x55, 0x55 };
	uint8_t memory[64];
	struct buf sent = BUF_ON(memory);

	/* an ACK ends whatever was asked before; SAMConfiguration must follow the wake-up at once
	 */
	frame_write_ack(&sent);
	buf_add(&sent, bytes_of(wake, sizeof(wake)));
	frame_write(&sent, BYTES("\xD4\x14\x01"));
	exchange(w, buf_bytes(&sent), 0x14, SAM_TIMEOUT_MS, out);
}

const char *wire_words(enum wire_outcome outcome)
{
	static const char *const words[] = {
		[WIRE_ANSWER] = "it answers",
		[WIRE_ERROR] = "it answers, but knows no such command: no PN532",
		[WIRE_NO_REPLY] =
			"It acknowledges commands and then falls silent. Its power is too weak "
			"(feed it 3.3 V or 5 V from the board, not from a long USB cable), or its "
			"firmware hangs: take its power away for a second.",
		[WIRE_ECHO] =
			"What was sent came back. Transmit and receive are joined to each other, "
			"or a serial console echoes: on a Raspberry Pi run raspi-config, Interface "
			"options, Serial port: login shell no, hardware yes; then start it anew.",
		[WIRE_TEXT] =
			"Text came back: a console talks on this line. On a Raspberry Pi run "
			"raspi-config, Interface options, Serial port: login shell no, hardware "
			"yes; then start it anew.",
		[WIRE_GARBAGE] =
			"Bytes came back, but no frame. The ground is not connected, the line is "
			"noisy, its speed is another, or this is no PN532.",
		[WIRE_SILENCE] =
			"Nothing came back. Look at: the power lamp; transmit to receive and "
			"receive to transmit, crossed; the ground; the switches of the board, "
			"which "
			"choose between serial line, I2C and SPI (for the line, HSU, both are off: "
			"0 and 0); whether this is the right port. On a Raspberry Pi the line must "
			"be enabled (enable_uart=1).",
	};

	return words[outcome];
}
