/* kith-badge lock: close a badge against change, by a password or for ever, once it is verified. */
#include <stdio.h>
#include <sysexits.h>

#include "core/base/clock.h"
#include "firmware-tools/command.h"
#include "firmware-tools/commands/bench_tag.h"
#include "firmware-tools/commands/judge.h"
#include "firmware-tools/commands/password.h"
#include "firmware-tools/options.h"

struct job {
	const char *reader, *password, *wait;
	bool forever;
	struct judge_options by;
	struct judge judge;
	struct event_key key;
	bool has_key;
	struct nfc_port *port;
	uint64_t until_ns;
};

static const struct option_row rows[] = {
	{ "reader", "CONN", "the reader", offsetof(struct job, reader), true },
	JUDGE_OPTION_ROWS(struct job, by),
	{ "password", "key|HEX", "close it by a password: the key's own for this chip, or this one",
		offsetof(struct job, password), false },
	{ "forever", NULL, "close it by its lock bits, which nobody can undo",
		offsetof(struct job, forever), false },
	{ "wait", "SECONDS", "how long to wait for a badge (10)", offsetof(struct job, wait),
		false },
};

static bool prepare(struct job *j, struct arena *a, struct err *e)
{
	struct chip_password ignored;

	if (!bench_wait_until(&j->until_ns, j->wait, e))
		return false;
	if (!j->forever == !j->password)
		return err_set(e, ERR_USAGE, "either --password or --forever");
	if (j->by.key_file && !event_key_read_file(&j->key, j->by.key_file, a, e))
		return false;
	j->has_key = j->by.key_file;
	if (j->password && !chip_password_read(&ignored, j->password, j->has_key ? &j->key : NULL,
				   BYTES(""), e))
		return false;
	return judge_open(&j->judge, &j->by, a, e);
}

/* Nothing is closed that does not verify. */
static bool check(const struct job *j, const struct bench_tag *t, struct badge *b, struct err *e)
{
	struct judgement verdict;

	if (!bench_tag_badge(t, b, e))
		return false;
	verdict = judge_badge(&j->judge, b, nfc_tag_uid(&t->tag), clock_wall_ms());
	return verdict.ok || err_set(e, ERR_FORBIDDEN, "not locked: %s", verdict.words);
}

static bool lock_forever(const struct job *j, struct bench_tag *t, bool *did, struct err *e)
{
	static struct ntag_plan plan;

	if (!ntag_lock_plan(&plan, t->type, bytes_of(t->mem, t->len), e))
		return false;
	*did = plan.count > 0;
	if (*did && !bench_tag_write(j->port, t, &plan, e))
		return false;
	return ntag_lock_done(t->type, bytes_of(t->mem, t->len)) ||
	       err_set(e, ERR_IO, "its lock bits do not stay set; take another chip");
}

static bool open_by(const struct job *j, const struct bench_tag *t, const struct chip_password *p,
	struct err *e)
{
	uint8_t pack[NTAG_PACK_LEN];

	if (!nfc_type2_password(j->port, &t->tag, p->password, pack, e))
		return false;
	return memcmp(pack, p->pack, sizeof(pack)) == 0 ||
	       err_set(e, ERR_FORBIDDEN, "the chip answers the password wrongly");
}

/* The password is tried before AUTH0 makes it count. */
static bool lock_by_password(const struct job *j, struct bench_tag *t, bool *did, struct err *e)
{
	const struct ntag_state state = ntag_state_of(t->type, bytes_of(t->mem, t->len));
	struct chip_password p;
	struct ntag_plan *plan = &(struct ntag_plan){ 0 }, last = { .count = 1 };

	if (!chip_password_read(
		    &p, j->password, j->has_key ? &j->key : NULL, nfc_tag_uid(&t->tag), e))
		return false;
	*did = !state.protected || state.auth0 > NTAG_DATA_PAGE || state.read_protected;
	if (!*did)
		return open_by(j, t, &p, e) || err_in(e, "it is closed already");
	if (state.protected && !open_by(j, t, &p, e))
		return err_in(e, "it is closed already");
	if (!ntag_protect_plan(plan, t->type, bytes_of(t->mem, t->len), p.password, p.pack, e))
		return false;
	last.pages[0] = plan->pages[--plan->count];
	return nfc_type2_write(j->port, &t->tag, plan, e) && open_by(j, t, &p, e) &&
	       bench_tag_write(j->port, t, &last, e) && open_by(j, t, &p, e);
}

static bool lock_once(void *work, struct err *e)
{
	struct job *j = work;
	struct bench_tag t;
	struct badge b;
	bool did = false;

	if (!bench_ntag_get(j->port, j->until_ns, &t, e) || !check(j, &t, &b, e))
		return false;
	if (!(j->forever ? lock_forever : lock_by_password)(j, &t, &did, e))
		return false;
	/* and once more, as a station will see it */
	if (!bench_tag_read(j->port, &t, e) || !check(j, &t, &b, e))
		return err_in(e, "reading it back");
	printf("%s %s on %s %s %s\n", did ? "locked" : "was locked already", id_text(b.id).s,
		bench_tag_name(&t), bench_uid_text(nfc_tag_uid(&t.tag)).s,
		j->forever ? "for ever" : "by its password");
	return true;
}

static int run_lock(int argc, char **argv, struct arena *a, struct err *e)
{
	const struct option_table table = OPTION_TABLE("lock", rows, "", 0, 0);
	struct job *j = ARENA_NEW(a, struct job);
	bool helped;

	if (options_read(j, &table, argc, argv, &helped, e) && !helped && prepare(j, a, e) &&
		nfc_port_open(&j->port, j->reader, e) &&
		bench_until_done(lock_once, j, j->until_ns, e))
		*e = (struct err){ 0 };
	nfc_port_close(j->port);
	crypto_wipe(&j->key, sizeof(j->key));
	return err_exit_status(e->code);
}

const struct command command_lock = {
	.name = "lock",
	.usage = "--reader CONN --key FILE --password key|HEX | --forever",
	.help = "close a verified badge against change",
	.run = run_lock,
};
