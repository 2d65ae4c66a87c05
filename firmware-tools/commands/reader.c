#define _XOPEN_SOURCE 700 /* realpath */
#include "firmware-tools/commands/reader.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "firmware-tools/command.h"
#include "firmware-tools/commands/reader_hints.h"

static const struct reader_command *const commands[] = {
	&reader_list,
	&reader_probe,
	&reader_test,
	&reader_watch,
};

void reader_print_hints(const char *root, const char *path, struct arena *a)
{
	char real[PATH_MAX];
	struct str device = str_of(path && realpath(path, real) ? real : "");
	struct reader_hints hints;
	size_t slash;

	while ((slash = str_find_char(device, '/', 0)) != SIZE_MAX)
		device = str_sub(device, slash + 1, device.len);
	reader_hints_find(&hints, root, device, a);
	for (size_t i = 0; i < hints.count; i++)
		printf("look: " STR_FMT "\n", STR_ARG(hints.hints[i]));
}

static int run_reader(int argc, char **argv, struct arena *a, struct err *e)
{
	const char *name = argc > 1 ? argv[1] : "";

	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		if (strcmp(commands[i]->name, name) != 0)
			continue;
		if (commands[i]->run(argc - 1, argv + 1, a, e))
			*e = (struct err){ 0 };
		return err_exit_status(e->code);
	}
	printf("usage: kith-badge reader list|probe|test|watch [OPTION...]\n");
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		printf("  reader %-6s %s\n", commands[i]->name, commands[i]->help);
	if (strcmp(name, "--help") == 0)
		return 0;
	err_set(e, ERR_USAGE, "reader list, probe, test or watch");
	return err_exit_status(e->code);
}

const struct command command_reader = {
	.name = "reader",
	.usage = "list | probe | test | watch",
	.help = "find a reader, and what is wrong with it",
	.run = run_reader,
};
