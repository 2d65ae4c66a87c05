/* kith-badge card: what Kith makes of a card, one JSON line each. */
#include <limits.h>
#include <stdio.h>

#include "core/base/config.h"
#include "core/base/limits.h"
#include "core/base/text.h"
#include "core/card/card_json.h"
#include "firmware-tools/command.h"
#include "firmware-tools/options.h"

/* How a card is printed; version 0 is JSON. */
static const struct form {
	const char *name;
	enum card_version version;
} forms[] = {
	{ "3.0", CARD_VERSION_30 },
	{ "4.0", CARD_VERSION_40 },
};

static const struct form *form_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(forms); i++)
		if (strcmp(forms[i].name, name) == 0)
			return &forms[i];
	return NULL;
}

static void print_card(
	const char *path, size_t index, const struct card *card, const struct form *form)
{
	struct arena a = { 0 };
	struct buf out = BUF_IN(&a);
	struct json_writer w = JSON_TO(&out);

	if (form) {
		card_write_vcard(&out, card, form->version);
	} else {
		card_write_json(&w, text_from_bytes(&a, str_bytes(str_of(path))), index, card, &a);
		buf_add_char(&out, '\n');
	}
	fwrite(out.p, 1, out.len, stdout);
	arena_finish(&a);
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

/* file_read names the file too. */
static const char *without_path(const char *text, const char *path)
{
	size_t len = strlen(path);

	return strncmp(text, path, len) == 0 && strncmp(text + len, ": ", 2) == 0 ? text + len + 2
										  : text;
}

static int show_file(const char *path, const struct form *form)
{
	struct arena a = { 0 };
	struct card_list list;
	struct bytes in;
	struct err e = { 0 };
	int status;

	if (!file_read(&in, path, LIMIT_CARD_FILE, &a, &e)) {
		fprintf(stderr, "%s:1: %s\n", path, without_path(e.text, path));
		arena_finish(&a);
		return err_exit_status(e.code);
	}
	/* a file without a card says so by its problems, as one with a broken card does */
	if (card_read(&list, in, &a, &e))
		for (size_t i = 0; i < list.count; i++)
			print_card(path, i, &list.cards[i], form);
	fflush(stdout);
	status = print_problems(path, &list);
	arena_finish(&a);
	return status;
}

struct job {
	const char *vcard;
};

static const struct option_row rows[] = {
	{ "vcard", "3.0|4.0", "print vCards of this version", offsetof(struct job, vcard), false },
};

static int run_card(int argc, char **argv, struct arena *a, struct err *e)
{
	const struct option_table table = OPTION_TABLE("card", rows, "FILE...", 1, INT_MAX);
	const struct form *form = NULL;
	struct job j = { 0 };
	bool helped;
	int status = 0;

	(void)a;
	if (!options_read(&j, &table, argc, argv, &helped, e) || helped)
		return err_exit_status(e->code);
	if (j.vcard && !(form = form_find(j.vcard))) {
		err_set(e, ERR_USAGE, "--vcard takes 3.0 or 4.0");
		return err_exit_status(e->code);
	}
	for (char **file = argv + 1; *file; file++) {
		int one = show_file(*file, form);

		status = status ? status : one;
	}
	if (ferror(stdout) || fflush(stdout) != 0) {
		err_errno(e, "standard output");
		return err_exit_status(e->code);
	}
	return status;
}

const struct command command_card = {
	.name = "card",
	.usage = "[--vcard 3.0|4.0] FILE...",
	.help = "print the cards of vCard, MECARD and BIZCARD files as JSON lines",
	.run = run_card,
};
