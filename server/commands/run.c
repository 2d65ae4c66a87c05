#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/base/log.h"
#include "core/base/service.h"
#include "server/backup.h"
#include "server/command.h"
#include "server/writer.h"

enum option_name {
	OPT_LISTEN = 1,
	OPT_CERT,
	OPT_KEY,
	OPT_PIN,
	OPT_PROXY,
	OPT_ORIGIN,
	OPT_DIR,
	OPT_EVERY,
	OPT_KEEP,
	OPT_THREADS,
	OPT_CHECK,
	OPT_HELP
};

/* One table for reading and for --help. */
static const struct {
	struct option option;
	const char *value, *help;
} table[] = {
	{ { "listen", required_argument, NULL, OPT_LISTEN }, "ADDR:PORT",
		"where to serve; port 0 takes a free one" },
	{ { "tls-cert", required_argument, NULL, OPT_CERT }, "FILE",
		"certificate chain, PEM; needed outside loopback" },
	{ { "tls-key", required_argument, NULL, OPT_KEY }, "FILE",
		"its private key, PEM, mode 0600" },
	{ { "pin-cert", required_argument, NULL, OPT_PIN }, "FILE",
		"a further key that kiosks pin: the next, or the proxy's" },
	{ { "behind-proxy", required_argument, NULL, OPT_PROXY }, "ADDR",
		"plain HTTP, for this proxy only" },
	{ { "origin", required_argument, NULL, OPT_ORIGIN }, "URL",
		"what pages are opened as, https://HOST" },
	{ { "backup-dir", required_argument, NULL, OPT_DIR }, "DIR",
		"make backups there (\"backup DIR\" first)" },
	{ { "backup-every", required_argument, NULL, OPT_EVERY }, "SECONDS", "how often; 900" },
	{ { "backup-keep", required_argument, NULL, OPT_KEEP }, "N", "how many are kept; 8" },
	{ { "threads", required_argument, NULL, OPT_THREADS }, "N",
		"that answer requests; one for each processor" },
	{ { "check-config", no_argument, NULL, OPT_CHECK }, NULL,
		"look at everything, serve nothing" },
	{ { "help", no_argument, NULL, OPT_HELP }, NULL, "print this" },
};

static void print_help(void)
{
	printf("usage: kith-server --store URL run --listen ADDR:PORT [OPTION]...\n\n");
	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		printf("  --%-14s %-10s %s\n", table[i].option.name,
			table[i].value ? table[i].value : "", table[i].help);
}

static bool number(const char *name, unsigned min, unsigned max, unsigned *out, struct err *e)
{
	uint64_t n;

	if (!str_u64(str_of(optarg), &n) || n < min || n > max)
		return err_set(e, ERR_USAGE, "--%s is a number from %u to %u", name, min, max);
	*out = (unsigned)n;
	return true;
}

struct running {
	struct server_config config;
	bool check, help;
};

static bool take_option(struct running *r, int option, struct err *e)
{
	struct server_config *c = &r->config;

	switch (option) {
	case OPT_LISTEN:
		c->listen = optarg;
		return true;
	case OPT_CERT:
		c->tls_certificate = optarg;
		return true;
	case OPT_KEY:
		c->tls_key = optarg;
		return true;
	case OPT_PIN:
		c->pin_certificate = optarg;
		return true;
	case OPT_PROXY:
		c->proxy = optarg;
		return true;
	case OPT_ORIGIN:
		c->origin = optarg;
		return true;
	case OPT_DIR:
		c->backup_dir = optarg;
		return true;
	case OPT_EVERY:
		return number("backup-every", 1, 30 * 86400, &c->backup_every_s, e);
	case OPT_KEEP:
		return number("backup-keep", 1, 10000, &c->backup_keep, e);
	case OPT_THREADS:
		return number("threads", 1, 256, &c->threads, e);
	case OPT_CHECK:
		r->check = true;
		return true;
	case OPT_HELP:
		r->help = true;
		return true;
	default:
		return command_bad_option(e);
	}
}

static bool read_options(struct running *r, struct invocation *in, struct err *e)
{
	struct option options[ARRAY_LEN(table) + 1] = { { 0 } };
	int option;

	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		options[i] = table[i].option;
	while ((option = getopt_long(in->argc, in->argv, "", options, NULL)) != -1)
		if (!take_option(r, option, e))
			return false;
	if (optind < in->argc)
		return err_set(
			e, ERR_USAGE, "\"%.60s\" is one argument too many", in->argv[optind]);
	return true;
}

/* Refuse to start with a key that others can read (facts: TLS misconfiguration). */
static bool check_files(const struct server_config *c, struct err *e)
{
	uint8_t public_key[SEAL_PUBLIC_LEN];
	struct stat st;

	if (!c->tls_certificate != !c->tls_key)
		return err_set(e, ERR_USAGE, "--tls-cert and --tls-key belong together");
	if (c->tls_certificate && access(c->tls_certificate, R_OK) != 0)
		return err_errno(e, "--tls-cert %s", c->tls_certificate);
	if (c->tls_key && stat(c->tls_key, &st) != 0)
		return err_errno(e, "--tls-key %s", c->tls_key);
	if (c->tls_key && (st.st_mode & (S_IRWXG | S_IRWXO)))
		return err_set(e, ERR_FORBIDDEN,
			"%s: others may read this key; run chmod 600 on it", c->tls_key);
	return !c->backup_dir || backup_public_key(public_key, c->backup_dir, e);
}

static bool check_options(const struct server_config *c, struct err *e)
{
	struct str origin = str_of(c->origin);

	if (!c->listen)
		return err_set(e, ERR_USAGE, "--listen ADDR:PORT is missing");
	if (c->origin &&
		((!str_starts(origin, STR("https://")) && !str_starts(origin, STR("http://"))) ||
			str_find_char(origin, '/', 8) != SIZE_MAX))
		return err_set(e, ERR_USAGE, "--origin is https://HOST, without a path");
	return check_files(c, e);
}

/* Signals wait until sigwait takes them: blocked before any thread begins, so in every one. */
static void block_signals(sigset_t *set)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN };

	sigemptyset(set);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGINT);
	pthread_sigmask(SIG_BLOCK, set, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
}

static bool nothing(struct work *w, void *arg, struct err *e)
{
	(void)w, (void)arg, (void)e;
	return true;
}

/* The server is alive while its writer still runs what is asked of it. */
static int wait_for_signal(struct server *s, const sigset_t *signals)
{
	int every_ms = service_watchdog_ms(), caught;
	struct timespec every = { every_ms / 1000, (long)(every_ms % 1000) * 1000000 };

	while ((caught = every_ms > 0 ? sigtimedwait(signals, NULL, &every)
				      : sigwaitinfo(signals, NULL)) < 0) {
		struct err e;

		if (every_ms > 0 && writer_run(s, nothing, NULL, &e))
			service_alive();
	}
	return caught;
}

bool command_run(struct invocation *in, struct err *e)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	struct running r = { .config = {
				     .store = in->store,
				     .use = STORE_SERVE,
				     .backup_every_s = 900,
				     .backup_keep = BACKUP_KEEP,
				     .threads = processors > 1 ? (unsigned)processors : 1,
			     } };
	struct server *s = NULL;
	sigset_t signals;
	int caught;
	bool ok;

	if (!read_options(&r, in, e))
		return false;
	if (r.help) {
		print_help();
		return true;
	}
	if (!check_options(&r.config, e))
		return false;
	block_signals(&signals);
	if (!server_open(&s, &r.config, e))
		return false;
	if (r.check) {
		struct http_config config = server_http_config(s);

		ok = http_check(&config, e);
		server_close(s);
		if (ok)
			printf("ok\n");
		return ok;
	}
	ok = server_serve(s, e);
	if (ok) {
		if (!r.config.backup_dir)
			log_warn("no backups are configured: stations keep everything and prune "
				 "nothing");
		printf("ready %s\n", http_address(s->http));
		fflush(stdout);
		service_ready();
		caught = wait_for_signal(s, &signals);
		log_info("stopping signal=%d", caught);
		service_stopping();
	}
	server_close(s);
	return ok;
}
