#include "server/command.h"

#include <getopt.h>

#include "server/followups.h"
#include "server/store/events.h"
#include "server/writer.h"

/* Everything that was taken in shows in the list, also when no server runs beside. */
static bool export_followups(
	struct server *s, uint32_t event, struct str format, struct arena *a, struct err *e)
{
	struct buf out = BUF_IN(a);
	struct event about;

	if (!event_get(&about, s->write.db, event, a, e) || !writer_settle(&s->write, e) ||
		!followups_write(&out, s->write.db, event, format, e))
		return false;
	return fwrite(out.p, 1, out.len, stdout) == out.len ||
	       err_errno(e, "cannot write the list");
}

bool command_export(struct invocation *in, struct err *e)
{
	static const struct option options[] = {
		{ "format", required_argument, NULL, 'f' },
		{ NULL, 0, NULL, 0 },
	};
	struct str format = STR("csv"), number, what;
	struct server *s = NULL;
	uint32_t event;
	int option;
	bool ok;

	while ((option = getopt_long(in->argc, in->argv, "", options, NULL)) != -1) {
		if (option != 'f')
			return command_bad_option(e);
		format = str_of(optarg);
	}
	if (!command_argument(in, 0, false, &number, e) ||
		!command_argument(in, 1, true, &what, e) || !event_number(number, &event, e))
		return false;
	if (!str_equal(what, STR("followups")))
		return err_set(e, ERR_USAGE, "what can be exported is: followups");
	if (!command_open(&s, in, STORE_COMMAND, e))
		return false;
	ok = export_followups(s, event, format, in->arena, e);
	server_close(s);
	return ok;
}
