/* kith-badge card: what Kith makes of a card, one JSON line each. */
#include <getopt.h>
#include <stdio.h>
#include <sysexits.h>

#include "core/base/config.h"
#include "core/base/limits.h"
#include "core/base/text.h"
#include "core/card/card_json.h"
#include "firmware-tools/command.h"

static void print_cards(const char *path, const struct card_list *list, struct arena *a)
{
	for (size_t i = 0; i < list->count; i++) {
		struct buf line = BUF_IN(a);
		struct json_writer w = JSON_TO(&line);

		card_write_json(
			&w, text_from_bytes(a, str_bytes(str_of(path))), i, &list->cards[i], a);
		buf_add_char(&line, '\n');
		fwrite(line.p, 1, line.len, stdout);
	}
}

/* The exit status that the file asks for: that of its first refused card. */
static int print_problems(const char *path, const struct card_list *list)
{
	int status = 0;

	for (size_t i = 0; i < list->problem_count; i++) {
		const struct card_problem *p = &list->problems[i];

		fprintf(stderr, "%s:%zu: %s" STR_FMT "\n", path, p->line,
			p->code == ERR_NONE ? "warning: " : "", STR_ARG(p->text));
		if (status == 0)
			status = err_exit_status(p->code);
	}
	return status;
}

static int show_file(const char *path)
{
	struct arena a = { 0 };
	struct card_list list;
	struct bytes in;
	struct err e = { 0 };
	int status;

	if (!file_read(&in, path, LIMIT_CARD_FILE, &a, &e)) {
		fprintf(stderr, "%s:1: %s\n", path, e.text);
		status = err_exit_status(e.code);
	} else {
		/* a file without a card says so by its problems, as one with a broken card does */
		if (card_read(&list, in, &a, &e))
			print_cards(path, &list, &a);
		status = print_problems(path, &list);
	}
	arena_finish(&a);
	return status;
}

static int run_card(int argc, char **argv, struct arena *a, struct err *e)
{
	int status = 0;

	(void)a;
	if (getopt(argc, argv, "") != -1 || optind == argc) {
		err_set(e, ERR_USAGE, "usage: kith-badge card FILE...");
		return EX_USAGE;
	}
	for (int i = optind; i < argc; i++) {
		int one = show_file(argv[i]);

		status = status ? status : one;
	}
	if (fflush(stdout) != 0) {
		err_errno(e, "standard output");
		return err_exit_status(e->code);
	}
	return status;
}

const struct command command_card = {
	.name = "card",
	.usage = "FILE...",
	.help = "print the cards of vCard, MECARD and BIZCARD files as JSON lines",
	.run = run_card,
};
