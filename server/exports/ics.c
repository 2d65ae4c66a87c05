/*
 * The queue as a calendar (RFC 5545, RFC 7986): a view that programs poll, so each item is an
 * all-day event on its due date that takes no time; VTODO on request, which few calendars show.
 */
#include "server/exports.h"

#include "core/base/clock.h"
#include "core/card/line_write.h"
#include "core/followup/followup.h"

static struct str get(const struct json *o, const char *key)
{
	struct str s;

	return json_get_str(o, key, &s) ? s : STR("");
}

/* "20261122" */
static struct str date_of(int64_t day, struct arena *a)
{
	int year, month, day_of_month;

	clock_civil(day, &year, &month, &day_of_month);
	return arena_printf(a, "%04d%02d%02d", year, month, day_of_month);
}

static struct str time_of(int64_t ms, struct arena *a)
{
	int64_t day = clock_day(ms);
	int s = (int)((ms - day * 86400000) / 1000);

	return arena_printf(a, STR_FMT "T%02d%02d%02dZ", STR_ARG(date_of(day, a)), s / 3600,
		s / 60 % 60, s % 60);
}

static struct str describe(const struct json *item, const struct export_input *in, struct arena *a)
{
	const struct json *notes = json_get(item, "notes");
	struct buf text = BUF_IN(a);

	buf_add_str(&text, get(item, "why"));
	if (get(item, "text").len > 0)
		buf_printf(&text, "\n" STR_FMT, STR_ARG(get(item, "text")));
	for (const struct json *n = notes ? notes->first : NULL; n; n = n->next)
		if (get(n, "text").len > 0)
			buf_printf(&text, "\n" STR_FMT, STR_ARG(get(n, "text")));
	if (in->page.len > 0)
		buf_printf(&text, "\n" STR_FMT, STR_ARG(in->page));
	return buf_str(&text);
}

static void write_alarm(struct line_writer *w, bool todo, struct str summary)
{
	line_write_plain(w, STR("BEGIN"), STR("VALARM"));
	line_write_plain(w, STR("ACTION"), STR("DISPLAY"));
	line_write(w, STR("DESCRIPTION"), summary);
	line_write_begin(w, (struct str){ NULL, 0 }, STR("TRIGGER"));
	/* a VTODO has no start: the alarm hangs on its end (RFC 5545 3.8.6.3) */
	if (todo)
		line_write_param(w, STR("RELATED"), STR("END"));
	line_write_raw(w, STR("PT9H"));
	line_write_end(w);
	line_write_plain(w, STR("END"), STR("VALARM"));
}

static void write_date(struct line_writer *w, struct str name, struct str date)
{
	line_write_begin(w, (struct str){ NULL, 0 }, name);
	line_write_param(w, STR("VALUE"), STR("DATE"));
	line_write_raw(w, date);
	line_write_end(w);
}

static void write_item(struct line_writer *w, const struct json *item,
	const struct export_input *in, struct arena *a)
{
	struct str state = get(item, "state"), summary = get(item, "title");
	struct str component = in->as_todo ? STR("VTODO") : STR("VEVENT");
	bool done = str_equal(state, STR("done")), open = !done && !str_equal(state, STR("drop"));
	int64_t day;

	/* a snoozed item shows on the day it comes back */
	if (!(str_equal(state, STR("snooze")) && followup_date_read(get(item, "until"), &day)) &&
		!followup_date_read(get(item, "due"), &day))
		return;
	line_write_plain(w, STR("BEGIN"), component);
	line_write_plain(
		w, STR("UID"), arena_printf(a, STR_FMT "@kith", STR_ARG(get(item, "key"))));
	line_write_plain(w, STR("DTSTAMP"), time_of(in->now_ms, a));
	line_write(w, STR("SUMMARY"), summary);
	line_write(w, STR("DESCRIPTION"), describe(item, in, a));
	line_write(w, STR("CATEGORIES"), get(item, "kind"));
	if (in->page.len > 0)
		line_write_plain(w, STR("URL"), in->page);
	if (in->as_todo) {
		write_date(w, STR("DUE"), date_of(day, a));
		line_write_plain(w, STR("STATUS"),
			done   ? STR("COMPLETED")
			: open ? STR("NEEDS-ACTION")
			       : STR("CANCELLED"));
	} else {
		write_date(w, STR("DTSTART"), date_of(day, a));
		write_date(w, STR("DTEND"), date_of(day + 1, a));
		line_write_plain(w, STR("TRANSP"), STR("TRANSPARENT"));
	}
	if (open)
		write_alarm(w, in->as_todo, summary);
	line_write_plain(w, STR("END"), component);
}

static void write_ics(struct buf *out, const struct export_input *in, struct arena *a)
{
	struct line_writer w = LINES_TO(out);
	struct str name = arena_printf(a, "Follow-ups: " STR_FMT, STR_ARG(in->name));
	const struct json *items = json_get(in->queue, "items"),
			  *done = json_get(in->queue, "done");

	line_write_plain(&w, STR("BEGIN"), STR("VCALENDAR"));
	line_write_plain(&w, STR("VERSION"), STR("2.0"));
	line_write_plain(&w, STR("PRODID"), STR("-//Kith//Follow-ups//EN"));
	line_write_plain(&w, STR("CALSCALE"), STR("GREGORIAN"));
	line_write(&w, STR("NAME"), name);
	line_write(&w, STR("X-WR-CALNAME"), name);
	line_write_begin(&w, (struct str){ NULL, 0 }, STR("REFRESH-INTERVAL"));
	line_write_param(&w, STR("VALUE"), STR("DURATION"));
	line_write_raw(&w, STR("PT1H"));
	line_write_end(&w);
	line_write_plain(&w, STR("X-PUBLISHED-TTL"), STR("PT1H"));
	for (const struct json *i = items ? items->first : NULL; i; i = i->next)
		write_item(&w, i, in, a);
	/* an event that is done is no appointment any more; a task program wants to know */
	for (const struct json *i = done && in->as_todo ? done->first : NULL; i; i = i->next)
		write_item(&w, i, in, a);
	line_write_plain(&w, STR("END"), STR("VCALENDAR"));
}

const struct export_format export_ics = {
	.name = "ics",
	.type = "text/calendar; charset=utf-8",
	.write = write_ics,
};
