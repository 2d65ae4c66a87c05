#define _DEFAULT_SOURCE
#include "kiosk/readers/scanner.h"

#include <errno.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <linux/input.h>

#include "core/base/log.h"
#include "kiosk/readers/keymap.h"
#include "kiosk/readers/scan_line.h"
#include "kiosk/readers/video.h"

struct scanner {
	const struct device_calls *calls;
	struct arena arena;
	const char *path;
	int fd;
	bool keyboard, said_ready;
	bool lost_keys; /* the kernel dropped some; the code at hand is spoilt */
	struct keymap keymap;
	struct scan_line line;
	uint64_t last_ns; /* of the last byte */
	/* read and not looked at yet */
	union {
		uint8_t bytes[64 * sizeof(struct input_event)];
		struct input_event events[64];
	} in;
	size_t have, at; /* in bytes */
};

static bool scanner_error(const struct scanner *s, const char *doing, struct err *e)
{
	return device_error("scanner", s->path, "the groups \"dialout\" and \"input\"", doing, e);
}

static void scanner_close(void *reader)
{
	struct scanner *s = reader;

	if (!s)
		return;
	if (s->fd >= 0)
		s->calls->close(s->fd);
	arena_finish(&s->arena);
	free(s);
}

/* Bytes as they come: no echo, no line editing, no signals. */
static bool serial_begin(struct scanner *s, struct err *e)
{
	struct termios t;

	if (s->calls->ioctl(s->fd, TIOCEXCL, NULL) < 0 || tcgetattr(s->fd, &t) < 0)
		return scanner_error(s, "taking the port", e);
	cfmakeraw(&t);
	t.c_cflag |= CLOCAL | CREAD;
	cfsetispeed(&t, B9600);
	cfsetospeed(&t, B9600);
	return tcsetattr(s->fd, TCSANOW, &t) == 0 || scanner_error(s, "setting the port", e);
}

static bool scanner_begin(struct scanner *s, struct err *e)
{
	int version;

	s->fd = s->calls->open(s->path);
	if (s->fd < 0)
		return scanner_error(s, "opening it", e);
	s->keyboard = s->calls->ioctl(s->fd, EVIOCGVERSION, &version) == 0;
	if (s->keyboard)
		/* the argument is a number here, not an address */
		return s->calls->ioctl(s->fd, EVIOCGRAB, (void *)1) == 0 ||
		       scanner_error(s, "taking the keyboard for itself", e);
	if (isatty(s->fd))
		return serial_begin(s, e);
	return err_set(e, ERR_UNSUPPORTED,
		"scanner %s: neither a serial port nor a keyboard (/dev/ttyACM0, "
		"/dev/input/event3)",
		s->path);
}

bool scanner_open(void **reader, const char *path, const struct device_calls *calls, struct err *e)
{
	struct scanner *s = calloc(1, sizeof(*s));

	if (!s)
		return err_set(e, ERR_FULL, "no memory for the scanner");
	s->calls = calls;
	s->path = arena_cstr(&s->arena, str_of(path));
	if (!scanner_begin(s, e)) {
		scanner_close(s);
		return false;
	}
	*reader = s;
	return true;
}

static bool scanner_open_system(void **reader, const char *argument, struct err *e)
{
	return scanner_open(reader, argument, &device_system, e);
}

/* One event of the keyboard; true when it is a byte. */
static bool scanner_event(struct scanner *s, const struct input_event *event, uint8_t *byte)
{
	if (event->type == EV_SYN && event->code == SYN_DROPPED) {
		s->lost_keys = true;
		s->keymap = (struct keymap){ 0 };
	}
	return event->type == EV_KEY && keymap_key(&s->keymap, event->code, event->value, byte);
}

/* Goes on in what was read, up to the next code. */
static bool scanner_next(struct scanner *s, struct bytes *code)
{
	while (s->at < s->have) {
		uint8_t byte = 0;
		bool any = true;

		if (s->keyboard) {
			any = scanner_event(
				s, &s->in.events[s->at / sizeof(struct input_event)], &byte);
			s->at += sizeof(struct input_event);
		} else {
			byte = s->in.bytes[s->at++];
		}
		if (!any || !scan_line_add(&s->line, byte, code))
			continue;
		if (!s->lost_keys)
			return true;
		s->lost_keys = false;
		log_warn("scan dropped: keys were lost on the way scanner=%s", s->path);
	}
	return false;
}

/* What the device has, for at most timeout_ms. */
static bool scanner_fill(struct scanner *s, int timeout_ms, struct err *e)
{
	int events = s->calls->poll(s->fd, timeout_ms);
	ssize_t n;

	s->at = s->have = 0;
	if (events < 0)
		return scanner_error(s, "waiting for a code", e);
	if (events == 0)
		return true;
	n = s->calls->read(s->fd, s->in.bytes, sizeof(s->in.bytes));
	if (n < 0 && (errno == EAGAIN || errno == EINTR) && (events & POLLIN))
		return true;
	if (n < 0)
		return scanner_error(s, "reading a code", e);
	if (n == 0)
		return err_set(e, ERR_UNAVAILABLE, "scanner %s: it was unplugged: plug it in again",
			s->path);
	s->have = s->keyboard ? (size_t)n - (size_t)n % sizeof(struct input_event) : (size_t)n;
	s->last_ns = s->calls->now_ns();
	return true;
}

static bool scanner_wait(
	void *reader, int timeout_ms, struct scan *scan, bool *found, struct err *e)
{
	struct scanner *s = reader;
	struct bytes code;

	*found = true;
	if (!s->said_ready) {
		s->said_ready = true;
		scan_say(scan, SCAN_READY, s->calls->now_ns(), "scanner %s as a %s", s->path,
			s->keyboard ? "keyboard" : "serial port");
		return true;
	}
	if (s->at == s->have && !scanner_fill(s, timeout_ms, e))
		return false;
	*found = scanner_next(s, &code);
	if (*found) {
		*scan = (struct scan){
			.kind = SCAN_CODE, .len = (uint16_t)code.len, .seen_ns = s->last_ns
		};
		memcpy(scan->data, code.p, code.len);
	} else if (s->calls->now_ns() - s->last_ns >= (uint64_t)SCANNER_SILENCE_MS * 1000000) {
		s->lost_keys = false;
		if (scan_line_drop(&s->line))
			log_warn("scan dropped: no Enter came after it; switch on the scanner's "
				 "suffix scanner=%s",
				s->path);
	}
	return true;
}

const struct reader_type reader_scanner = {
	.name = "scanner",
	.help = "a USB barcode scanner, serial (/dev/ttyACM0) or keyboard (/dev/input/event3)",
	.open = scanner_open_system,
	.wait = scanner_wait,
	.close = scanner_close,
};
