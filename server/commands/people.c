#include <getopt.h>

#include "core/base/config.h"
#include "core/base/limits.h"
#include "core/tag/badge_lists.h"
#include "server/command.h"
#include "server/import.h"
#include "server/store/events.h"
#include "server/store/people.h"
#include "server/store/tickets.h"
#include "server/writer.h"

struct importing {
	uint32_t event;
	bool preview;
	struct import list;
	struct import_result result;
};

static bool import(struct work *w, void *arg, struct err *e)
{
	struct importing *i = arg;

	return import_run(w, i->event, &i->list, i->preview, &i->result, e);
}

/* Every problem on stderr, so that a list is mended in one go. */
static bool print_problems(const struct import *list, const char *file, struct err *e)
{
	size_t shown = list->problem_count < IMPORT_PROBLEMS_MAX ? list->problem_count
								 : IMPORT_PROBLEMS_MAX;

	for (size_t i = 0; i < shown; i++) {
		const struct import_problem *p = &list->problems[i];

		fprintf(stderr, "%s:%zu: " STR_FMT "%s" STR_FMT "\n", file, p->line,
			STR_ARG(p->field), p->field.len ? ": " : "", STR_ARG(p->text));
	}
	for (size_t i = 0; i < list->ignored_count; i++)
		fprintf(stderr, "%s:1: column \"" STR_FMT "\" is left alone\n", file,
			STR_ARG(list->ignored[i]));
	if (list->problem_count > 0)
		return err_set(e, ERR_MALFORMED, "%s has %zu problem%s: nothing was imported", file,
			list->problem_count, list->problem_count == 1 ? "" : "s");
	return true;
}

bool command_import(struct invocation *in, struct err *e)
{
	static const struct option options[] = {
		{ "preview", no_argument, NULL, 'p' },
		{ NULL, 0, NULL, 0 },
	};
	struct importing i = { 0 };
	struct server *s = NULL;
	struct str number, file;
	struct bytes csv;
	const char *path;
	int option;
	bool ok;

	while ((option = getopt_long(in->argc, in->argv, "", options, NULL)) != -1) {
		if (option != 'p')
			return command_bad_option(e);
		i.preview = true;
	}
	if (!command_argument(in, 0, false, &number, e) ||
		!command_argument(in, 1, true, &file, e) || !event_number(number, &i.event, e))
		return false;
	path = arena_cstr(in->arena, file);
	if (!file_read(&csv, path, LIMIT_CSV_BYTES, in->arena, e) ||
		!import_read(&i.list, csv, in->arena, e) || !print_problems(&i.list, path, e))
		return false;
	ok = command_open(&s, in, STORE_COMMAND, e) &&
	     (writer_run(s, import, &i, e) || err_in(e, "%s", path));
	if (ok)
		printf("%zu attendees%s: %zu new, %zu changed, %zu as they were\n", i.result.rows,
			i.preview ? " (preview, nothing written)" : "", i.result.added,
			i.result.changed, i.result.same);
	server_close(s);
	return ok;
}

struct ticketing {
	uint32_t event;
	struct id attendee;
	struct arena *arena;
	struct str code, url;
};

static bool issue(struct work *w, void *arg, struct err *e)
{
	struct ticketing *t = arg;

	return ticket_issue(w->db, t->event, t->attendee, server_now(w->server), t->arena, &t->code,
		&t->url, e);
}

/* EVENT and an id, which may begin with a dash: so there are no options here. */
static bool event_and_id(
	struct invocation *in, const char *whose, uint32_t *event, struct id *id, struct err *e)
{
	struct str number, text;

	optind = in->argc > 1 && strcmp(in->argv[1], "--") == 0 ? 2 : 1;
	if (!command_argument(in, 0, false, &number, e) ||
		!command_argument(in, 1, true, &text, e) || !event_number(number, event, e))
		return false;
	return id_read(text, id) ||
	       err_set(e, ERR_USAGE, "\"%.60s\" is no %s id: 22 characters", text.p, whose);
}

bool command_ticket(struct invocation *in, struct err *e)
{
	struct ticketing t = { .arena = in->arena };
	struct server *s = NULL;
	bool ok = event_and_id(in, "attendee's", &t.event, &t.attendee, e) &&
		  command_open(&s, in, STORE_COMMAND, e) && writer_run(s, issue, &t, e);

	if (ok)
		printf(STR_FMT "\n" STR_FMT "\n", STR_ARG(t.code), STR_ARG(t.url));
	server_close(s);
	return ok;
}

struct revoking {
	uint32_t event;
	const struct id *badges;
	size_t count, unknown;
};

/* What a list names and this event does not know is said, and holds up nothing of the rest. */
static bool revoke(struct work *w, void *arg, struct err *e)
{
	struct revoking *r = arg;

	for (size_t i = 0; i < r->count; i++) {
		struct err why = { 0 };

		if (badge_revoke(w->db, r->event, r->badges[i], &why))
			continue;
		if (why.code != ERR_NOT_FOUND || r->count == 1) {
			*e = why;
			return false;
		}
		fprintf(stderr, "%s\n", why.text);
		r->unknown++;
	}
	return true;
}

/* One badge, or those of a list that a bench made (kith-badge-key(1)). */
static bool badges_to_revoke(struct invocation *in, struct revoking *r, struct err *e)
{
	struct badge_revoked list = { 0 };
	struct id *one = ARENA_NEW(in->arena, struct id);
	struct bytes text;

	if (in->argc != 4 || strcmp(in->argv[2], "--list") != 0) {
		r->badges = one;
		r->count = 1;
		return event_and_id(in, "badge's", &r->event, one, e);
	}
	if (!event_number(str_of(in->argv[1]), &r->event, e) ||
		!file_read(&text, in->argv[3], BADGE_LIST_MAX, in->arena, e))
		return false;
	if (!badge_revoked_read(&list, text, in->arena, e))
		return err_in(e, "%s", in->argv[3]);
	r->badges = list.ids;
	r->count = list.count;
	return true;
}

bool command_badge_revoke(struct invocation *in, struct err *e)
{
	struct revoking r = { 0 };
	struct server *s = NULL;
	bool ok = badges_to_revoke(in, &r, e) && command_open(&s, in, STORE_COMMAND, e) &&
		  writer_run(s, revoke, &r, e);

	server_close(s);
	return ok &&
	       (r.unknown == 0 ||
		       err_set(e, ERR_NOT_FOUND,
			       "%zu of %zu badges are not this event's; the others are revoked",
			       r.unknown, r.count));
}
