/* kith-badge verify: is this badge good, and is it closed against change? */
#include <stdio.h>
#include <sysexits.h>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/tag/ntag_area.h"
#include "firmware-tools/command.h"
#include "firmware-tools/commands/bench_tag.h"
#include "firmware-tools/commands/judge.h"
#include "firmware-tools/options.h"

struct job {
	const char *reader, *id, *wait;
	struct judge_options by;
	struct judge judge;
	struct id wanted;
	struct nfc_port *port;
	uint64_t until_ns;
};

static const struct option_row rows[] = {
	{ "reader", "CONN", "the reader", offsetof(struct job, reader), true },
	JUDGE_OPTION_ROWS(struct job, by),
	{ "id", "ID", "it must be this badge", offsetof(struct job, id), false },
	{ "wait", "SECONDS", "how long to wait for a badge (10)", offsetof(struct job, wait),
		false },
};

static const char *closed_words(const struct ntag_state *s)
{
	if (s->locked)
		return "locked for ever";
	if (s->protected)
		return "closed by a password";
	return s->some_locked ? "partly locked" : "open to writing";
}

static bool verify_once(void *work, struct err *e)
{
	struct job *j = work;
	struct judgement verdict;
	struct ntag_state state;
	struct bench_tag t;
	struct badge b;

	if (!bench_ntag_get(j->port, j->until_ns, &t, e) || !bench_tag_badge(&t, &b, e))
		return false;
	verdict = judge_badge(&j->judge, &b, nfc_tag_uid(&t.tag), clock_wall_ms());
	state = ntag_state_of(t.type, bytes_of(t.mem, t.len));
	printf("%s %s on %s %s, event %lu key %u, %s\n", verdict.name, id_text(b.id).s,
		bench_tag_name(&t), bench_uid_text(nfc_tag_uid(&t.tag)).s, (unsigned long)b.event,
		b.key, closed_words(&state));
	if (!verdict.ok)
		return err_set(e, ERR_FORBIDDEN, "%s", verdict.words);
	if (j->id && !id_equal(b.id, j->wanted))
		return err_set(e, ERR_FORBIDDEN, "this is the badge %s, not %s", id_text(b.id).s,
			id_text(j->wanted).s);
	return true;
}

static int run_verify(int argc, char **argv, struct arena *a, struct err *e)
{
	const struct option_table table = OPTION_TABLE("verify", rows, "", 0, 0);
	struct job *j = ARENA_NEW(a, struct job);
	bool helped;

	if (options_read(j, &table, argc, argv, &helped, e) && !helped &&
		bench_wait_until(&j->until_ns, j->wait, e) && judge_open(&j->judge, &j->by, a, e)) {
		if (j->id && !id_read(str_of(j->id), &j->wanted))
			err_set(e, ERR_USAGE, "--id takes a badge's id");
		else if (nfc_port_open(&j->port, j->reader, e) &&
			 bench_until_done(verify_once, j, j->until_ns, e))
			*e = (struct err){ 0 };
	}
	nfc_port_close(j->port);
	return err_exit_status(e->code);
}

const struct command command_verify = {
	.name = "verify",
	.usage = "--reader CONN --key FILE | --keys FILE [--revoked FILE]",
	.help = "judge a badge: genuine, current, revoked, locked",
	.run = run_verify,
};
