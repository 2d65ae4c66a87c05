#include <getopt.h>

#include "core/base/json.h"
#include "core/base/limits.h"
#include "core/base/text.h"
#include "core/followup/followup.h"
#include "core/tag/event_key.h"
#include "core/base/clock.h"
#include "server/command.h"
#include "server/store/events.h"
#include "server/writer.h"

struct adding {
	struct event event;
};

static bool add(struct work *w, void *arg, struct err *e)
{
	struct adding *a = arg;

	return event_add(w->db, &a->event, server_now(w->server), e);
}

static bool check_name(struct str *name, struct err *e)
{
	*name = str_trim(*name);
	if (name->len == 0 || name->len > LIMIT_NAME_BYTES)
		return err_set(e, ERR_USAGE, "an event's name has 1 to %d bytes", LIMIT_NAME_BYTES);
	return true;
}

static bool check_topic(const char *text, struct str *topic, struct err *e)
{
	if (!utf8_check(str_bytes(str_of(text)), topic) || topic->len == 0 || topic->len > 60)
		return err_set(e, ERR_USAGE, "a topic is a few words of UTF-8, at most 60 bytes");
	return true;
}

/* A host name as it stands in links: no scheme, no path, nothing that needs escaping. */
static bool check_host(struct str host, struct err *e)
{
	for (size_t i = 0; i < host.len; i++) {
		char c = host.p[i];
		bool ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			  (c >= '0' && c <= '9') || c == '.' || c == '-' || c == ':' || c == '[' ||
			  c == ']';

		if (!ok)
			return err_set(e, ERR_USAGE,
				"a host is a name like kith.example, with a port where needed");
	}
	if (host.len == 0 || host.len > BADGE_HOST_MAX)
		return err_set(e, ERR_USAGE,
			"a host has at most %d characters, to fit a badge's chip", BADGE_HOST_MAX);
	return true;
}

bool command_event_add(struct invocation *in, struct err *e)
{
	static const struct option options[] = {
		{ "host", required_argument, NULL, 'h' },
		{ "topic", required_argument, NULL, 't' },
		{ NULL, 0, NULL, 0 },
	};
	struct adding a = { .event = { .host = STR("kith.example"), .settings = STR("{}") } };
	struct buf topics = BUF_IN(in->arena);
	struct json_writer w = JSON_TO(&topics);
	struct server *s = NULL;
	struct str topic;
	int option;
	bool ok;

	json_open(&w, NULL, '[');
	while ((option = getopt_long(in->argc, in->argv, "", options, NULL)) != -1) {
		if (option == 'h') {
			a.event.host = str_of(optarg);
		} else if (option == 't') {
			if (!check_topic(optarg, &topic, e))
				return false;
			json_str(&w, NULL, topic);
		} else {
			return command_bad_option(e);
		}
	}
	json_close(&w, ']');
	a.event.topics = buf_str(&topics);
	if (!command_argument(in, 0, true, &a.event.name, e) || !check_host(a.event.host, e) ||
		!check_name(&a.event.name, e))
		return false;
	ok = command_open(&s, in, STORE_CREATE, e) && writer_run(s, add, &a, e);
	if (ok)
		printf("%lu\n", (unsigned long)a.event.event);
	crypto_wipe(&a, sizeof(a));
	server_close(s);
	return ok;
}

bool command_event_key(struct invocation *in, struct err *e)
{
	static const struct option options[] = {
		{ "out", required_argument, NULL, 'o' },
		{ NULL, 0, NULL, 0 },
	};
	struct event_key key = { 0 };
	struct server *s = NULL;
	const char *out = NULL;
	char text[256];
	struct buf b = BUF_ON(text);
	struct str number;
	int option;
	bool ok;

	while ((option = getopt_long(in->argc, in->argv, "", options, NULL)) != -1) {
		if (option != 'o')
			return command_bad_option(e);
		out = optarg;
	}
	ok = command_argument(in, 0, true, &number, e) && event_number(number, &key.event, e) &&
	     command_open(&s, in, STORE_COMMAND, e) &&
	     event_signing_key(s->write.db, key.event, &key.number, key.secret, e);
	if (ok && out) {
		ok = event_key_write_file(out, &key, e);
	} else if (ok) {
		event_key_write(&b, &key);
		fwrite(text, 1, b.len, stdout);
	}
	crypto_wipe(&key, sizeof(key));
	crypto_wipe(text, sizeof(text));
	server_close(s);
	return ok;
}

struct rotating {
	uint32_t event;
	uint64_t days;
	uint8_t number;
};

static bool rotate(struct work *w, void *arg, struct err *e)
{
	struct rotating *r = arg;
	int64_t now_ms = clock_wall_ms();

	return event_rotate_key(w->db, r->event, now_ms + (int64_t)r->days * INT64_C(86400000),
		now_ms, &r->number, e);
}

bool command_event_rekey(struct invocation *in, struct err *e)
{
	static const struct option options[] = {
		{ "days", required_argument, NULL, 'd' },
		{ NULL, 0, NULL, 0 },
	};
	struct rotating r = { .days = 30 };
	struct server *s = NULL;
	struct str number;
	int option;
	bool ok;

	while ((option = getopt_long(in->argc, in->argv, "", options, NULL)) != -1) {
		if (option != 'd')
			return command_bad_option(e);
		if (!str_u64(str_of(optarg), &r.days) || r.days > 3650)
			return err_set(e, ERR_USAGE, "--days takes 0 to 3650");
	}
	ok = command_argument(in, 0, true, &number, e) && event_number(number, &r.event, e) &&
	     command_open(&s, in, STORE_COMMAND, e) && writer_run(s, rotate, &r, e);
	if (ok)
		printf("%u\n", r.number);
	server_close(s);
	return ok;
}

bool command_event_list(struct invocation *in, struct err *e)
{
	struct server *s = NULL;
	uint32_t *events = NULL;
	size_t n = 0;
	bool ok = command_open(&s, in, STORE_COMMAND, e) &&
		  event_list(s->write.db, in->arena, &events, &n, e);

	for (size_t i = 0; ok && i < n; i++) {
		struct event x;

		ok = event_get(&x, s->write.db, events[i], in->arena, e);
		if (ok)
			printf("%lu\t" STR_FMT "\t" STR_FMT "\n", (unsigned long)x.event,
				STR_ARG(x.host), STR_ARG(x.name));
		crypto_wipe(&x, sizeof(x));
	}
	server_close(s);
	return ok;
}

/* The words after EVENT NAME, and the event that they change. */
struct setting {
	char **words;
	int count;
	struct arena *arena;
	uint32_t event;
	bool (*change)(struct event *x, const struct setting *s, struct err *e);
};

static bool one_word(const struct setting *s, struct str *out, struct err *e)
{
	if (s->count != 1)
		return err_set(e, ERR_USAGE, "one value, not %d", s->count);
	return utf8_check(str_bytes(str_of(s->words[0])), out) ||
	       err_set(e, ERR_USAGE, "the value is not UTF-8");
}

static bool set_name(struct event *x, const struct setting *s, struct err *e)
{
	return one_word(s, &x->name, e) && check_name(&x->name, e);
}

static bool set_host(struct event *x, const struct setting *s, struct err *e)
{
	return one_word(s, &x->host, e) && check_host(x->host, e);
}

/* One word that is empty takes all topics away. */
static bool set_topics(struct event *x, const struct setting *s, struct err *e)
{
	bool none = s->count == 1 && s->words[0][0] == '\0';
	struct buf out = BUF_IN(s->arena);
	struct json_writer w = JSON_TO(&out);
	struct str topic;

	json_open(&w, NULL, '[');
	for (int i = 0; i < s->count && !none; i++) {
		if (!check_topic(s->words[i], &topic, e))
			return false;
		json_str(&w, NULL, topic);
	}
	json_close(&w, ']');
	x->topics = buf_str(&out);
	return true;
}

static bool set_badge_checkin(struct event *x, const struct setting *s, struct err *e)
{
	struct buf out = BUF_IN(s->arena);
	struct json_writer w = JSON_TO(&out);
	struct str word;

	if (!one_word(s, &word, e))
		return false;
	if (!str_equal(word, STR("yes")) && !str_equal(word, STR("no")))
		return err_set(e, ERR_USAGE, "badge_checkin is yes or no");
	json_open(&w, NULL, '{');
	json_bool(&w, "badge_checkin", str_equal(word, STR("yes")));
	json_close(&w, '}');
	x->settings = buf_str(&out); /* the only setting that there is */
	return true;
}

/* A date, or nothing. One that would end before it starts is refused, whichever is set. */
static bool set_date(struct event *x, struct str *date, const struct setting *s, struct err *e)
{
	int64_t day;

	if (!one_word(s, date, e))
		return false;
	if (date->len > 0 && !followup_date_read(*date, &day))
		return err_set(e, ERR_USAGE, "a date is like 2026-11-24, or empty");
	/* of one form, so the order of the texts is that of the days */
	if (x->starts.len > 0 && x->ends.len > 0 &&
		memcmp(x->starts.p, x->ends.p, x->starts.len) > 0)
		return err_set(e, ERR_USAGE, "the event would end before it starts");
	return true;
}

static bool set_starts(struct event *x, const struct setting *s, struct err *e)
{
	return set_date(x, &x->starts, s, e);
}

static bool set_ends(struct event *x, const struct setting *s, struct err *e)
{
	return set_date(x, &x->ends, s, e);
}

static const struct {
	const char *name;
	bool (*change)(struct event *x, const struct setting *s, struct err *e);
} settings[] = {
	{ "badge_checkin", set_badge_checkin },
	{ "ends", set_ends },
	{ "host", set_host },
	{ "name", set_name },
	{ "starts", set_starts },
	{ "topics", set_topics },
};

static bool change(struct work *w, void *arg, struct err *e)
{
	const struct setting *s = arg;
	struct event x;
	bool ok = event_get(&x, w->db, s->event, s->arena, e) && s->change(&x, s, e) &&
		  event_save(w->db, &x, e);

	crypto_wipe(&x, sizeof(x));
	return ok;
}

bool command_event_set(struct invocation *in, struct err *e)
{
	struct setting set = { .arena = in->arena };
	struct server *s = NULL;
	struct str number, name, value;
	bool ok;

	/* a value may begin with a dash, so there are no options here */
	optind = 1;
	if (!command_argument(in, 0, false, &number, e) ||
		!command_argument(in, 1, false, &name, e) ||
		!command_argument(in, 2, false, &value, e) || !event_number(number, &set.event, e))
		return false;
	set.words = in->argv + optind + 2;
	set.count = in->argc - optind - 2;
	for (size_t i = 0; i < ARRAY_LEN(settings); i++)
		if (str_equal(name, str_of(settings[i].name)))
			set.change = settings[i].change;
	if (!set.change)
		return err_set(e, ERR_USAGE,
			"no setting \"%.60s\": there are badge_checkin, ends, host, name, starts "
			"and "
			"topics",
			in->argv[optind + 1]);
	ok = command_open(&s, in, STORE_COMMAND, e) && writer_run(s, change, &set, e);
	server_close(s);
	return ok;
}
