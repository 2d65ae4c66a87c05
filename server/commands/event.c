#include <getopt.h>

#include "core/base/json.h"
#include "core/base/limits.h"
#include "core/base/text.h"
#include "core/tag/event_key.h"
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
				"--host is a name like kith.example, with a port where needed");
	}
	if (host.len == 0 || host.len > BADGE_HOST_MAX)
		return err_set(e, ERR_USAGE,
			"--host has at most %d characters, to fit a badge's chip", BADGE_HOST_MAX);
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
			if (!utf8_check(str_bytes(str_of(optarg)), &topic) || topic.len == 0 ||
				topic.len > 60)
				return err_set(e, ERR_USAGE,
					"a topic is a few words of UTF-8, at most 60 bytes");
			json_str(&w, NULL, topic);
		} else {
			return command_bad_option(e);
		}
	}
	json_close(&w, ']');
	a.event.topics = buf_str(&topics);
	if (!command_argument(in, 0, true, &a.event.name, e) || !check_host(a.event.host, e))
		return false;
	a.event.name = str_trim(a.event.name);
	if (a.event.name.len == 0 || a.event.name.len > LIMIT_NAME_BYTES)
		return err_set(e, ERR_USAGE, "an event's name has 1 to %d bytes", LIMIT_NAME_BYTES);
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
