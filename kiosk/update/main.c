/* kith-update: see kiosk/update/update.h. */
#define _DEFAULT_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "core/base/crypto.h"
#include "kiosk/update/update.h"

static bool print_status(struct update *u, struct err *e)
{
	struct buf text = BUF_IN(u->arena);

	if (!update_load(u, e))
		return false;
	if (u->state.phase != PHASE_NONE) {
		update_state_write(&text, &u->state);
		buf_add_char(&text, '\n');
	}
	outcome_write(&text, &u->outcome);
	printf(STR_FMT "\n", STR_ARG(buf_str(&text)));
	return true;
}

/* Sorted by name. */
static const struct {
	const char *name, *help;
	bool (*run)(struct update *u, struct err *e);
	bool alone; /* one at a time */
} commands[] = {
	{ "boot", "put in place what belongs there, before the kiosk starts", update_boot, true },
	{ "run", "install what the kiosk asks for, or go on where it was left", update_run, true },
	{ "status", "print what was done last", print_status, false },
};

static void print_help(FILE *to)
{
	fprintf(to, "usage: kith-update [--config FILE] COMMAND\n\n");
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		fprintf(to, "  %-7s  %s\n", commands[i].name, commands[i].help);
	fprintf(to, "\nkeys of the configuration file (/etc/kith/update.conf):\n");
	update_config_help(to);
}

/* The kiosk, who is not root, reads the outcome there. */
static bool make_folder(const struct update *u, struct err *e)
{
	const char *path = arena_cstr(u->arena, u->config->state_dir);

	if (mkdir(path, 0755) != 0 && errno != EEXIST)
		return err_errno(e, "%s", path);
	return chmod(path, 0755) == 0 || err_errno(e, "%s", path);
}

/* Held until the process ends. */
static bool lock(const struct update *u, struct err *e)
{
	const char *path = update_path(u, "lock");
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0)
		return err_errno(e, "%s", path);
	return flock(fd, LOCK_EX | LOCK_NB) == 0 ||
	       err_set(e, ERR_CONFLICT, "another kith-update is at work");
}

static int run_command(const char *name, struct update *u, struct err *e)
{
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		if (strcmp(commands[i].name, name) != 0)
			continue;
		if (commands[i].alone && (!make_folder(u, e) || !lock(u, e)))
			return err_exit_status(e->code);
		return commands[i].run(u, e) ? 0 : err_exit_status(e->code);
	}
	err_set(e, ERR_USAGE, "no command \"%s\"; kith-update --help lists them", name);
	return EX_USAGE;
}

static const struct option options[] = {
	{ "config", required_argument, NULL, 'c' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'v' },
	{ NULL, 0, NULL, 0 },
};

int main(int argc, char **argv)
{
	const char *file = "/etc/kith/update.conf";
	struct arena arena = { 0 };
	struct update_config config;
	struct update u = { .config = &config, .arena = &arena };
	struct err e = { 0 };
	int option, status;

	while ((option = getopt_long(argc, argv, "+c:hv", options, NULL)) != -1) {
		switch (option) {
		case 'c':
			file = optarg;
			break;
		case 'h':
			print_help(stdout);
			return 0;
		case 'v':
			printf("kith-update %s\n", KITH_VERSION);
			return 0;
		default:
			return EX_USAGE;
		}
	}
	if (optind + 1 != argc) {
		print_help(stderr);
		return EX_USAGE;
	}
	signal(SIGPIPE, SIG_IGN);
	umask(022);
	/* the packages' scripts leave the kiosk alone: it is started again when nobody is there */
	setenv("KITH_UPDATE", "1", 1);
	setenv("DEBIAN_FRONTEND", "noninteractive", 1);
	if (!crypto_init(&e) || !update_config_read(&config, file, &arena, &e))
		status = err_exit_status(e.code);
	else
		status = run_command(argv[optind], &u, &e);
	if (status != 0)
		fprintf(stderr, "kith-update: %s\n", e.text);
	arena_finish(&arena);
	return status;
}
