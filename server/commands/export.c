#include "server/command.h"

#include <getopt.h>

#include "server/attendees_csv.h"
#include "server/followups.h"
#include "server/store/events.h"
#include "server/store/people.h"
#include "server/writer.h"

/* Everything that was taken in shows in the list, also when no server runs beside. */
static bool write_followups(
	struct buf *out, struct server *s, uint32_t event, struct str format, struct err *e)
{
	return writer_settle(&s->write, e) && followups_write(out, s->write.db, event, format, e);
}

static bool write_attendees(
	struct buf *out, struct server *s, uint32_t event, struct str format, struct err *e)
{
	if (!str_equal(format, STR("csv")))
		return err_set(e, ERR_USAGE, "attendees are exported as csv");
	return writer_settle(&s->write, e) && attendees_csv_write(out, s->write.db, event, e);
}

static bool text_only(struct str format, struct err *e)
{
	return str_equal(format, STR("csv")) /* nothing was said */ ||
	       str_equal(format, STR("text")) ||
	       err_set(e, ERR_USAGE, "keys and revoked badges are exported as text");
}

static bool write_keys(
	struct buf *out, struct server *s, uint32_t event, struct str format, struct err *e)
{
	return text_only(format, e) && event_write_keys(out, s->write.db, event, out->arena, e);
}

static bool write_revoked(
	struct buf *out, struct server *s, uint32_t event, struct str format, struct err *e)
{
	return text_only(format, e) && writer_settle(&s->write, e) &&
	       badge_write_revoked(out, s->write.db, event, e);
}

/* To add a list, write a function and a line here. */
static const struct list {
	const char *name;
	bool (*write)(struct buf *out, struct server *s, uint32_t event, struct str format,
		struct err *e);
} lists[] = {
	{ "attendees", write_attendees },
	{ "followups", write_followups },
	{ "keys", write_keys },
	{ "revoked", write_revoked },
};

static const struct list *list_named(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(lists); i++)
		if (str_equal(name, str_of(lists[i].name)))
			return &lists[i];
	return NULL;
}

static bool export_list(struct server *s, const struct list *list, uint32_t event,
	struct str format, struct arena *a, struct err *e)
{
	struct buf out = BUF_IN(a);
	struct event about;
	bool ok = event_get(&about, s->write.db, event, a, e);

	crypto_wipe(&about, sizeof(about));
	if (!ok || !list->write(&out, s, event, format, e))
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
	const struct list *list;
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
	list = list_named(what);
	if (!list)
		return err_set(e, ERR_USAGE,
			"what can be exported is: attendees, followups, keys, revoked");
	if (!command_open(&s, in, STORE_COMMAND, e))
		return false;
	ok = export_list(s, list, event, format, in->arena, e);
	server_close(s);
	return ok;
}
