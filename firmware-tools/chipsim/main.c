/* kith-chipsim: a PN532 with NTAG21x tags in its field, behind a pseudo-terminal. */
#define _GNU_SOURCE /* ppoll: answers are due to the microsecond */

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <sysexits.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/crypto.h"
#include "firmware-tools/chipsim/pty.h"
#include "firmware-tools/chipsim/server.h"

struct options {
	const char *link, *control;
	bool real, wupa;
	uint64_t chip_ns;
};

static const struct {
	struct option option;
	const char *argument, *help;
} option_table[] = {
	{ { "link", required_argument, NULL, 'l' }, "PATH", "symbolic link to the serial line" },
	{ { "control", required_argument, NULL, 'c' }, "SOCKET", "UNIX socket for control lines" },
	{ { "timing", required_argument, NULL, 't' }, "real|none",
		"delay replies as UART, air and firmware do (default real)" },
	{ { "chip-ms", required_argument, NULL, 'm' }, "N",
		"firmware time of a command in milliseconds (default 4)" },
	{ { "wake", required_argument, NULL, 'w' }, "reqa|wupa",
		"how InListPassiveTarget calls: wupa wakes halted tags too (default reqa)" },
	{ { "help", no_argument, NULL, 'h' }, "", "print this and exit" },
	{ { "version", no_argument, NULL, 'V' }, "", "print the version and exit" },
};

static void print_help(FILE *to)
{
	fprintf(to, "usage: kith-chipsim --link PATH --control SOCKET [OPTION...]\n\n");
	for (size_t i = 0; i < ARRAY_LEN(option_table); i++)
		fprintf(to, "  --%-8s %-10s %s\n", option_table[i].option.name,
			option_table[i].argument, option_table[i].help);
}

static bool choose(const char *value, const char *yes, const char *no, bool *out)
{
	*out = strcmp(value, yes) == 0;
	return *out || strcmp(value, no) == 0;
}

static bool read_ms(const char *text, uint64_t *ns)
{
	char *end;
	double ms = strtod(text, &end);

	if (*text == '\0' || *end != '\0' || !(ms >= 0 && ms <= 1000))
		return false;
	*ns = (uint64_t)(ms * 1e6);
	return true;
}

/* -1: go on; else the exit status. */
static int read_options(struct options *o, int argc, char **argv)
{
	struct option longs[ARRAY_LEN(option_table) + 1] = { 0 };
	bool ok = true;
	int c;

	for (size_t i = 0; i < ARRAY_LEN(option_table); i++)
		longs[i] = option_table[i].option;
	*o = (struct options){ .real = true, .chip_ns = 4000000 };
	while (ok && (c = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		switch (c) {
		case 'l':
			o->link = optarg;
			break;
		case 'c':
			o->control = optarg;
			break;
		case 't':
			ok = choose(optarg, "real", "none", &o->real);
			break;
		case 'm':
			ok = read_ms(optarg, &o->chip_ns);
			break;
		case 'w':
			ok = choose(optarg, "wupa", "reqa", &o->wupa);
			break;
		case 'h':
			print_help(stdout);
			return 0;
		case 'V':
			printf("kith-chipsim %s\n", KITH_VERSION);
			return 0;
		default:
			ok = false;
		}
	}
	if (ok && optind == argc && o->link && o->control)
		return -1;
	print_help(stderr);
	return EX_USAGE;
}

/* A signal is a readable descriptor: the handler writes one byte into it. */
static int signal_pipe[2] = { -1, -1 };

static void on_signal(int number)
{
	int saved = errno;
	char byte = (char)number;

	if (write(signal_pipe[1], &byte, 1) < 0)
		errno = saved;
	errno = saved;
}

static bool catch_signals(struct err *e)
{
	struct sigaction stop = { .sa_handler = on_signal }, ignore = { .sa_handler = SIG_IGN };

	if (pipe2(signal_pipe, O_CLOEXEC | O_NONBLOCK) != 0 ||
		sigaction(SIGTERM, &stop, NULL) != 0 || sigaction(SIGINT, &stop, NULL) != 0 ||
		sigaction(SIGHUP, &stop, NULL) != 0 || sigaction(SIGPIPE, &ignore, NULL) != 0)
		return err_errno(e, "cannot catch signals");
	return true;
}

/* How often tags were read. */
static uint64_t count_reads(const struct sim_field *f)
{
	uint64_t n = 0;

	for (size_t i = 0; i < f->count; i++)
		n += f->tags[i]->tag.reads;
	return n;
}

/* A line that nobody reads fills up; what does not fit is lost, as on a wire. */
static void write_line(struct sim *s, uint64_t world_ns)
{
	struct bytes out;

	while (chip_take(&s->chip, world_ns, &out)) {
		if (s->line->master < 0)
			continue;
		if (write(s->line->master, out.p, out.len) <= 0)
			continue;
		s->sent_ns = clock_monotonic_ns();
		/* the ACK, then the answer: until the next command comes, both are of the read */
		if (count_reads(&s->field) != s->reads)
			s->sent_read_ns = s->sent_ns;
	}
}

static void read_line(struct sim *s, uint64_t world_ns)
{
	uint8_t bytes[1024];
	ssize_t n = read(s->line->master, bytes, sizeof(bytes));

	s->reads = count_reads(&s->field);
	if (n > 0)
		chip_feed(&s->chip, bytes_of(bytes, (size_t)n), sim_pty_baud(s->line), world_ns);
}

/*
 * Unplugging the adapter takes the chip's power too. The new line is in place before the old one
 * hangs up, so that the link always leads somewhere unless it shall not.
 */
static bool replug(struct sim *s, struct err *e)
{
	struct sim_pty fresh = { .master = -1, .slave = -1, .link = s->line->link };
	bool ok = s->unplugged || sim_pty_open(&fresh, s->line->link, e);

	sim_pty_close(s->line);
	*s->line = fresh;
	chip_power_cycle(&s->chip);
	return ok;
}

static bool run(struct sim *s, struct sim_server *server, struct err *e)
{
	uint64_t start_ns = clock_monotonic_ns();

	for (;;) {
		struct pollfd fds[3 + SERVER_CLIENTS];
		uint64_t now = clock_monotonic_ns() - start_ns, due = chip_due(&s->chip);
		uint64_t left = due > now ? due - now : 0;
		struct timespec timeout = { .tv_sec = (time_t)(left / 1000000000),
			.tv_nsec = (long)(left % 1000000000) };
		size_t n;

		fds[0] = (struct pollfd){ .fd = signal_pipe[0], .events = POLLIN };
		fds[1] = (struct pollfd){ .fd = s->line->master, .events = POLLIN };
		n = sim_server_fds(server, fds + 2);
		if (ppoll(fds, (nfds_t)(2 + n), due == UINT64_MAX ? NULL : &timeout, NULL) < 0) {
			if (errno == EINTR)
				continue;
			return err_errno(e, "cannot wait for input");
		}
		if (fds[0].revents)
			return true;
		now = clock_monotonic_ns() - start_ns;
		if (fds[1].revents & POLLIN)
			read_line(s, now);
		chip_run(&s->chip, now);
		write_line(s, now);
		sim_server_run(server, s, fds + 2, n, now);
	}
}

int main(int argc, char **argv)
{
	struct options o;
	struct arena a = { 0 };
	struct sim *s;
	struct sim_server *server;
	struct sim_pty line = { .master = -1, .slave = -1 };
	struct err e = { 0 };
	int status = read_options(&o, argc, argv);
	bool ok = false;

	if (status >= 0)
		return status;
	s = ARENA_NEW(&a, struct sim);
	server = ARENA_NEW(&a, struct sim_server);
	s->arena = &a;
	s->line = &line;
	s->replug = replug;
	sim_server_init(server);
	sim_field_init(&s->field, &a);
	chip_init(&s->chip, &s->field, o.real, o.chip_ns);
	s->chip.wupa = o.wupa;
	if (!crypto_init(&e) || !catch_signals(&e) || !sim_server_open(server, o.control, &e) ||
		!sim_pty_open(&line, o.link, &e))
		goto out;
	printf("ready %s\n", o.link);
	fflush(stdout);
	ok = run(s, server, &e);
out:
	if (!ok)
		fprintf(stderr, "kith-chipsim: %s\n", e.text);
	sim_pty_close(&line);
	sim_server_close(server);
	arena_finish(&a);
	return ok ? 0 : err_exit_status(e.code);
}
