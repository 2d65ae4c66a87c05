/* kith-badge reader list: where a reader may be, and what stands in its way. */
#include <stdio.h>

#include "firmware-tools/commands/reader.h"
#include "core/nfc/hints.h"
#include "firmware-tools/options.h"

struct job {
	const char *root;
};

static const struct option_row rows[] = {
	{ "root", "DIR", "look at the system below this folder", offsetof(struct job, root),
		false },
};

static bool run(int argc, char **argv, struct arena *a, struct err *e)
{
	const struct option_table table = OPTION_TABLE("reader list", rows, "", 0, 0);
	struct reader_places places;
	struct reader_hints hints;
	struct job j = { 0 };
	bool helped;

	if (!options_read(&j, &table, argc, argv, &helped, e) || helped)
		return helped;
	j.root = j.root ? j.root : "";
	reader_places_find(&places, j.root, a);
	for (size_t i = 0; i < places.count; i++) {
		const struct reader_place *p = &places.places[i];

		printf(STR_FMT "\t" STR_FMT "\n", STR_ARG(p->connection), STR_ARG(p->what));
		reader_hints_find(&hints, j.root, p->device, a);
		for (size_t k = 0; k < hints.count; k++)
			printf("  look: " STR_FMT "\n", STR_ARG(hints.hints[k].text));
	}
	if (places.count == 0)
		return err_set(e, ERR_NOT_FOUND,
			"no serial line, no bus and no known USB reader; is the adapter plugged "
			"in?");
	return true;
}

const struct reader_command reader_list = {
	.name = "list",
	.help = "where a reader may be, and what stands in its way",
	.run = run,
};
