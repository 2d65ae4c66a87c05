/* kith-kiosk: the station at the door and in the lounge. */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "core/base/crypto.h"
#include "core/base/log.h"
#include "core/base/service.h"
#include "core/entry/wire/batch.h"
#include "kiosk/cameras.h"
#include "kiosk/enrol.h"
#include "kiosk/kiosk.h"
#include "kiosk/readers.h"
#include "kiosk/setup.h"
#include "kiosk/staff_pin.h"
#include "kiosk/store.h"

struct arguments {
	const char *file; /* of the configuration */
	struct kiosk_config *config;
	char **words; /* after the command */
	int count;
	struct arena *arena;
};

static void tell_ready(const char *address)
{
	printf("ready %s\n", address);
	fflush(stdout);
	service_ready();
}

static bool run(const struct arguments *a, struct err *e)
{
	bool ok = true, enrolled = true;
	struct kiosk *k;

	a->config->version = STR(KITH_VERSION);
	if (!setup_is_done(a->config))
		ok = setup_run(a->config, a->file, "/proc/self/exe", tell_ready, &enrolled, e);
	if (!ok || !enrolled)
		return ok;
	/* the zone may have been set meanwhile */
	tzset();
	if (!kiosk_open(&k, a->config, "/proc/self/exe", e))
		return false;
	tell_ready(kiosk_address(k));
	ok = kiosk_run(k, e);
	service_stopping();
	kiosk_close(k);
	return ok;
}

static bool run_enrol(const struct arguments *a, struct err *e)
{
	const char *code = a->words[1];
	char line[64];

	if (!kiosk_make_folder(a->config, a->arena, e))
		return false;
	/* what stands on a command line is seen by every user of the machine */
	if (strcmp(code, "-") == 0) {
		if (!fgets(line, sizeof(line), stdin))
			return err_set(e, ERR_USAGE, "no code came in");
		line[strcspn(line, "\r\n")] = '\0';
		code = line;
	}
	return enrol(kiosk_path(a->config, "identity.json", a->arena), a->words[0], code, e);
}

static bool print_json(void *context, const struct entry *x)
{
	struct arena a = { 0 };
	struct buf line = BUF_IN(&a);
	struct json_writer w = JSON_TO(&line);
	bool ok;

	(void)context;
	entry_write_json(&w, NULL, x);
	ok = printf(STR_FMT "\n", STR_ARG(buf_str(&line))) > 0;
	arena_finish(&a);
	return ok;
}

static bool print_line(void *context, const struct entry *x)
{
	struct str payload = x->sealed ? STR("(sealed)")
				       : (struct str){ (const char *)x->payload.p, x->payload.len };

	(void)context;
	return printf("%6llu  %s  %-14s %s  " STR_FMT "\n", (unsigned long long)x->seq,
		       clock_text(x->time.wall_ms).s, entry_kind_name(x->kind),
		       id_uuid_text(x->id).s, STR_ARG(payload)) > 0;
}

static bool run_log(const struct arguments *a, struct err *e)
{
	const char *path = kiosk_path(a->config, "kiosk.db", a->arena);
	bool json = a->count == 1 && strcmp(a->words[0], "--json") == 0;

	if (a->count == 1 && !json)
		return err_set(e, ERR_USAGE, "log knows only --json");
	if (access(path, F_OK) != 0)
		return err_set(e, ERR_NOT_FOUND, "%s is not there: nothing was recorded yet", path);
	return store_log(path, json ? print_json : print_line, NULL, e);
}

static bool run_staff_pin(const struct arguments *a, struct err *e)
{
	(void)a;
	return staff_pin_make(stdin, stdout, e);
}

static bool run_cameras(const struct arguments *a, struct err *e)
{
	static const char *const links[] = { "/dev/v4l/by-id", "/dev/v4l/by-path" };

	(void)a;
	return cameras_list(stdout, &device_system, links, ARRAY_LEN(links), e);
}

/* Sorted by name. */
static const struct {
	const char *name, *usage, *help;
	int least, most; /* words after it */
	bool (*run)(const struct arguments *a, struct err *e);
	bool bare; /* needs no configuration */
} commands[] = {
	{ "cameras", "", "list the cameras, and the line that names each in the configuration", 0,
		0, run_cameras, true },
	{ "enrol", "URL CODE", "make this device a station of an event", 2, 2, run_enrol, false },
	{ "log", "[--json]", "print the local store's entries, oldest first", 0, 1, run_log,
		false },
	{ "run", "", "work until SIGTERM", 0, 0, run, false },
	{ "staff-pin", "", "read a PIN; print the line of the configuration that holds its hash", 0,
		0, run_staff_pin, true },
};

static void print_help(FILE *to)
{
	fprintf(to, "usage: kith-kiosk [--config FILE] COMMAND\n"
		    "       kith-kiosk [--config FILE] --check-config\n\n");
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		fprintf(to, "  %-9s %-10s %s\n", commands[i].name, commands[i].usage,
			commands[i].help);
	fprintf(to, "\nkeys of the configuration file (/etc/kith/kiosk.conf):\n");
	kiosk_config_help(to);
}

static int run_command(struct arguments *a, const char *name, struct err *e)
{
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		if (strcmp(commands[i].name, name) != 0)
			continue;
		if (a->count < commands[i].least || a->count > commands[i].most) {
			err_set(e, ERR_USAGE, "usage: kith-kiosk --config FILE %s %s", name,
				commands[i].usage);
			return EX_USAGE;
		}
		if (!commands[i].bare && !kiosk_config_read(a->config, a->file, a->arena, e))
			return err_exit_status(e->code);
		/* what stays in the buffer was not said yet */
		if (commands[i].run(a, e) &&
			(fflush(stdout) == 0 || err_errno(e, "cannot write the answer")))
			return 0;
		return err_exit_status(e->code);
	}
	err_set(e, ERR_USAGE, "no command \"%s\"; kith-kiosk --help lists them", name);
	return EX_USAGE;
}

/* The child that kiosk/readers.c starts; not a command for people. */
static int run_reader(char **words)
{
	return reader_main(reader_types, reader_type_count, words[0], words[1]);
}

static const struct option options[] = {
	{ "config", required_argument, NULL, 'c' },
	{ "check-config", no_argument, NULL, 'k' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'v' },
	{ NULL, 0, NULL, 0 },
};

int main(int argc, char **argv)
{
	const char *file = "/etc/kith/kiosk.conf";
	struct kiosk_config config;
	struct arena arena = { 0 };
	struct arguments a = { .config = &config, .arena = &arena };
	struct err e = { 0 };
	bool check = false;
	int option, status;

	if (!crypto_init(&e)) {
		fprintf(stderr, "kith-kiosk: %s\n", e.text);
		return EX_SOFTWARE;
	}
	if (argc == 4 && strcmp(argv[1], "reader") == 0)
		return run_reader(argv + 2);
	while ((option = getopt_long(argc, argv, "+c:hv", options, NULL)) != -1) {
		switch (option) {
		case 'c':
			file = optarg;
			break;
		case 'k':
			check = true;
			break;
		case 'h':
			print_help(stdout);
			return 0;
		case 'v':
			printf("kith-kiosk %s\n", KITH_VERSION);
			return 0;
		default:
			return EX_USAGE;
		}
	}
	if (optind == argc && !check) {
		print_help(stderr);
		return EX_USAGE;
	}
	/* a full disk is an answer of write(2), a page that went away is one too */
	signal(SIGXFSZ, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	a.file = file;
	if (check && !kiosk_config_read(&config, file, &arena, &e)) {
		status = err_exit_status(e.code);
	} else if (check) {
		printf("%s is fine\n", file);
		status = 0;
	} else {
		a.words = argv + optind + 1;
		a.count = argc - optind - 1;
		status = run_command(&a, argv[optind], &e);
	}
	if (status != 0)
		fprintf(stderr, "kith-kiosk: %s\n", e.text);
	arena_finish(&arena);
	return status;
}
