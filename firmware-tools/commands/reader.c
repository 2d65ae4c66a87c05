#include "firmware-tools/commands/reader.h"

#include <stdio.h>
#include <unistd.h>

#include "firmware-tools/command.h"
#include "core/nfc/hints.h"

static const struct reader_command *const commands[] = {
	&reader_list,
	&reader_probe,
	&reader_test,
	&reader_watch,
};

void reader_print_hints(const char *root, const char *path, struct arena *a)
{
	struct reader_hints hints;

	reader_hints_find(&hints, root,
		path && access(path, F_OK) == 0 ? reader_device(path, a) : STR(""), a);
	for (size_t i = 0; i < hints.count; i++)
		printf("look: " STR_FMT "\n", STR_ARG(hints.hints[i].text));
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
