/* kith-badge: everything an operator does at the bench, one command each. */
#include <stdio.h>
#include <sysexits.h>

#include "core/base/crypto.h"
#include "firmware-tools/command.h"

static int run_version(int argc, char **argv, struct arena *a, struct err *e)
{
	(void)argc, (void)argv, (void)a, (void)e;
	printf("kith-badge %s\n", KITH_VERSION);
	return 0;
}

const struct command command_version = {
	.name = "version",
	.usage = "",
	.help = "print the version",
	.run = run_version,
};

/* Sorted by name. */
static const struct command *const commands[] = {
	&command_batch,
	&command_card,
	&command_clone_check,
	&command_dump,
	&command_erase,
	&command_key,
	&command_label,
	&command_lock,
	&command_qr,
	&command_read,
	&command_reader,
	&command_release,
	&command_restore,
	&command_scan,
	&command_sheet,
	&command_verify,
	&command_version,
	&command_write,
};

static void print_help(FILE *to)
{
	fprintf(to, "usage: kith-badge COMMAND [ARGUMENT...]\n\n");
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		fprintf(to, "  %-11s %-62s %s\n", commands[i]->name, commands[i]->usage,
			commands[i]->help);
}

int main(int argc, char **argv)
{
	struct arena a = { 0 };
	struct err e = { 0 };
	const char *name;
	int status;

	if (argc < 2) {
		print_help(stderr);
		return EX_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
		print_help(stdout);
		return 0;
	}
	if (!crypto_init(&e)) {
		fprintf(stderr, "kith-badge: %s\n", e.text);
		return EX_SOFTWARE;
	}
	name = strcmp(argv[1], "--version") == 0 ? "version" : argv[1];
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		if (strcmp(name, commands[i]->name) != 0)
			continue;
		status = commands[i]->run(argc - 1, argv + 1, &a, &e);
		if (e.text[0])
			fprintf(stderr, "kith-badge %s: %s\n", commands[i]->name, e.text);
		arena_finish(&a);
		return status;
	}
	fprintf(stderr, "kith-badge: no command \"%s\"; kith-badge --help lists them\n", argv[1]);
	return EX_USAGE;
}
