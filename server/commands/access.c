/* Who may come in: codes for kiosks, accounts of organizers. */
#include <getopt.h>
#include <unistd.h>

#include "core/base/limits.h"
#include "core/base/text.h"
#include "server/command.h"
#include "server/store/enrolments.h"
#include "server/store/events.h"
#include "server/store/organizers.h"
#include "server/writer.h"

struct enrolling {
	uint32_t event;
	struct str name;
	struct enrolment_code code;
};

static bool make_code(struct work *w, void *arg, struct err *e)
{
	struct enrolling *x = arg;

	return enrolment_add(w->db, x->event, x->name, server_now(w->server), &x->code, e);
}

bool command_enrol(struct invocation *in, struct err *e)
{
	struct enrolling x = { 0 };
	struct server *s = NULL;
	struct str number;
	bool ok;

	optind = 1;
	if (!command_argument(in, 0, false, &number, e) ||
		!command_argument(in, 1, true, &x.name, e) || !event_number(number, &x.event, e))
		return false;
	x.name = str_trim(x.name);
	if (x.name.len == 0 || x.name.len > LIMIT_NAME_BYTES)
		return err_set(
			e, ERR_USAGE, "a station's name has 1 to %d bytes", LIMIT_NAME_BYTES);
	ok = command_open(&s, in, STORE_COMMAND, e) && writer_run(s, make_code, &x, e);
	if (ok)
		printf("%s\n", x.code.text);
	server_close(s);
	return ok;
}

struct adding {
	struct str email;
	uint32_t event;
	const char *password; /* hashed; NULL: the one that is there */
	bool there;
	struct id organizer;
};

static bool look(struct work *w, void *arg, struct err *e)
{
	struct organizer held;
	struct adding *x = arg;

	x->there = organizer_find(&held, w->db, x->email, e);
	crypto_wipe(&held, sizeof(held));
	return x->there || e->code == ERR_NOT_FOUND;
}

static bool add(struct work *w, void *arg, struct err *e)
{
	struct adding *x = arg;

	return organizer_add(
		w->db, x->email, x->event, x->password, server_now(w->server), &x->organizer, e);
}

/* The first line, without its end. */
static bool read_password(struct str *out, struct arena *a, struct err *e)
{
	char line[PASSWORD_MAX + 2];
	size_t len;

	if (!fgets(line, sizeof(line), stdin))
		return err_set(e, ERR_USAGE, "no password on standard input");
	len = strcspn(line, "\r\n");
	if (!utf8_check(bytes_of(line, len), out))
		return err_set(e, ERR_USAGE, "the password is not UTF-8");
	*out = arena_str(a, *out);
	crypto_wipe(line, sizeof(line));
	return password_check(*out, e);
}

static bool add_with_password(
	struct server *s, struct adding *x, bool from_stdin, struct arena *a, struct err *e)
{
	struct str password = { NULL, 0 };
	char hash[PASSWORD_HASH_LEN];
	struct err absent = { 0 };

	if (!writer_run(s, look, x, &absent)) {
		*e = absent;
		return false;
	}
	if (from_stdin) {
		if (!read_password(&password, a, e))
			return false;
	} else if (!x->there) {
		password = password_random(a);
	}
	if (password.p && !password_hash(hash, password, e))
		return false;
	x->password = password.p ? hash : NULL;
	if (!writer_run(s, add, x, e))
		return false;
	if (password.p && !from_stdin)
		printf(STR_FMT "\n", STR_ARG(password));
	else if (!password.p)
		fprintf(stderr, "there already, with the password of before\n");
	return true;
}

bool command_organizer_add(struct invocation *in, struct err *e)
{
	static const struct option options[] = {
		{ "event", required_argument, NULL, 'e' },
		{ "password-stdin", no_argument, NULL, 'p' },
		{ NULL, 0, NULL, 0 },
	};
	struct adding x = { 0 };
	struct server *s = NULL;
	bool from_stdin = false, ok;
	int option;

	while ((option = getopt_long(in->argc, in->argv, "", options, NULL)) != -1) {
		if (option == 'p')
			from_stdin = true;
		else if (option != 'e')
			return command_bad_option(e);
		else if (!event_number(str_of(optarg), &x.event, e))
			return err_set(e, ERR_USAGE, "--event is an event's number");
	}
	if (!command_argument(in, 0, true, &x.email, e))
		return false;
	ok = command_open(&s, in, STORE_COMMAND, e) &&
	     add_with_password(s, &x, from_stdin, in->arena, e);
	server_close(s);
	return ok;
}
