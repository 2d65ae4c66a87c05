#include "firmware-tools/chipsim/control.h"

#include "core/base/config.h"
#include "core/base/crypto.h"
#include "core/base/text.h"
#include "firmware-tools/chipsim/card.h"

enum { ARGS_MAX = 3, DUMP_MAX = 4096 };

struct call {
	struct sim *sim;
	struct str args[ARGS_MAX];
	size_t count;
	uint64_t world_ns;
	struct buf *reply;
	struct sim_wait *wait;
};

static bool find_tag(struct call *c, struct sim_named **out, struct err *e)
{
	*out = sim_field_find(&c->sim->field, c->args[0]);
	return *out || err_set(e, ERR_NOT_FOUND, "no tag " STR_FMT, STR_ARG(c->args[0]));
}

static void add_uid(struct buf *reply, const struct sim_tag *tag)
{
	uint8_t uid[SIM_UID_LEN];
	size_t len = sim_tag_uid(tag, uid);

	hex_write(reply, bytes_of(uid, len));
}

static const char *place(const struct sim_named *tag)
{
	return tag->present ? "in" : "out";
}

/* ---- tags ---- */

static bool take_uid(
	struct call *c, const struct sim_kind *kind, uint8_t uid[SIM_UID_LEN], struct err *e)
{
	struct buf out = BUF_OVER(uid, SIM_UID_LEN);

	if (c->count < 3) {
		crypto_random(uid, SIM_UID_LEN);
		uid[0] = 0x04; /* NXP, ISO/IEC 7816-6 */
		if (uid[3] == 0x88)
			uid[3] = 0x89;
		return true;
	}
	if (!hex_read(&out, c->args[2]) || out.len != kind->uid_len)
		return err_set(e, ERR_USAGE, "a UID is %u hexadecimal digits", 2u * kind->uid_len);
	if (kind->uid_len == SIM_UID_LEN && uid[3] == 0x88)
		return err_set(e, ERR_USAGE, "byte 3 of a UID cannot be 88, the cascade tag");
	return true;
}

static bool run_tag_new(struct call *c, struct err *e)
{
	const struct sim_kind *kind = sim_kind_named(c->args[1]);
	uint8_t uid[SIM_UID_LEN];
	struct sim_named *tag;

	if (!kind)
		return err_set(e, ERR_USAGE,
			"a tag is ntag213, ntag215, ntag216, classic1k, classic4k, desfire, "
			"ntag424 "
			"or phone");
	if (!take_uid(c, kind, uid, e) || !sim_field_add(&c->sim->field, c->args[0], &tag, e))
		return false;
	sim_tag_make(&tag->tag, kind, uid, c->sim->arena);
	buf_lit(c->reply, " ");
	add_uid(c->reply, &tag->tag);
	return true;
}

static bool run_tag_load(struct call *c, struct err *e)
{
	struct sim_named *tag = sim_field_find(&c->sim->field, c->args[0]);
	struct arena a = { 0 };
	struct sim_tag *loaded = ARENA_NEW(&a, struct sim_tag);
	struct bytes dump;
	bool ok = false;

	if (tag && tag->present) {
		err_set(e, ERR_CONFLICT, "%s lies in the field: take it first", tag->name);
		goto out;
	}
	if (!file_read(&dump, arena_cstr(&a, c->args[1]), DUMP_MAX, &a, e) ||
		!sim_tag_load_any(loaded, dump, c->sim->arena, e) ||
		(!tag && !sim_field_add(&c->sim->field, c->args[0], &tag, e)))
		goto out;
	tag->tag = *loaded;
	buf_printf(c->reply, " %s ", tag->tag.kind->name);
	add_uid(c->reply, &tag->tag);
	ok = true;
out:
	arena_finish(&a);
	return ok;
}

static bool run_tag_save(struct call *c, struct err *e)
{
	struct arena a = { 0 };
	struct sim_named *tag;
	struct bytes dump;
	bool ok = find_tag(c, &tag, e);

	if (ok) {
		dump = sim_tag_dump(&tag->tag);
		ok = dump.len || err_set(e, ERR_UNSUPPORTED, "a card is more than its bytes");
	}
	if (ok) {
		ok = file_replace(arena_cstr(&a, c->args[1]), dump, 0644, e);
	}
	if (ok)
		buf_printf(c->reply, " %zu", dump.len);
	arena_finish(&a);
	return ok;
}

/* A card with this NDEF message; see card_set_ndef for what an ntag424 mirrors. */
static bool run_tag_ndef(struct call *c, struct err *e)
{
	uint8_t memory[2048];
	struct buf message = BUF_ON(memory);
	struct sim_named *tag;

	if (!find_tag(c, &tag, e))
		return false;
	if (!tag->tag.card)
		return err_set(e, ERR_UNSUPPORTED, "only desfire, ntag424 and phone take this");
	if (!hex_read(&message, c->args[1]) || !buf_ok(&message))
		return err_set(e, ERR_USAGE, "an NDEF message is up to 4096 hexadecimal digits");
	return card_set_ndef(tag->tag.card, buf_bytes(&message), e);
}

/* The maker's signature, as READ_SIG gives it from now on. */
static bool run_tag_sign(struct call *c, struct err *e)
{
	uint8_t signature[SIM_SIGNATURE_LEN];
	struct buf to = BUF_ON(signature);
	struct sim_named *tag;

	if (!find_tag(c, &tag, e))
		return false;
	if (!hex_read(&to, c->args[1]) || to.len != sizeof(signature))
		return err_set(e, ERR_USAGE, "a signature is 64 hexadecimal digits");
	memcpy(tag->tag.signature, signature, sizeof(signature));
	return true;
}

static bool run_tag_info(struct call *c, struct err *e)
{
	struct sim_named *tag;

	if (!find_tag(c, &tag, e))
		return false;
	buf_printf(c->reply, " %s ", tag->tag.kind->name);
	add_uid(c->reply, &tag->tag);
	buf_printf(c->reply, " %s reads=%llu writes=%llu counter=%lu", place(tag),
		(unsigned long long)tag->tag.reads, (unsigned long long)tag->tag.writes,
		(unsigned long)tag->tag.counter);
	return true;
}

static bool run_put(struct call *c, struct err *e)
{
	struct sim_named *tag;

	if (!find_tag(c, &tag, e) || !sim_field_put(&c->sim->field, tag, e))
		return false;
	chip_run(&c->sim->chip, c->world_ns);
	return true;
}

static bool run_take(struct call *c, struct err *e)
{
	struct sim_named *tag;

	if (!find_tag(c, &tag, e))
		return false;
	sim_field_take(&c->sim->field, tag);
	return true;
}

static bool run_list(struct call *c, struct err *e)
{
	(void)e;
	for (size_t i = 0; i < c->sim->field.count; i++) {
		const struct sim_named *tag = c->sim->field.tags[i];

		buf_printf(c->reply, " %s:%s:", tag->name, tag->tag.kind->name);
		add_uid(c->reply, &tag->tag);
		buf_printf(c->reply, ":%s", place(tag));
	}
	return true;
}

/* ---- time ---- */

static bool run_clock(struct call *c, struct err *e)
{
	struct sim_clock *clock = &c->sim->chip.clock;

	(void)e;
	sim_clock_sync(clock, c->world_ns);
	buf_printf(c->reply, " %llu", (unsigned long long)(clock->now_ns / 1000));
	return true;
}

static bool run_sent(struct call *c, struct err *e)
{
	bool read = c->count == 1;

	if (read && !str_equal(c->args[0], STR("read")))
		return err_set(e, ERR_USAGE, "sent, or sent read");
	buf_printf(c->reply, " %llu",
		(unsigned long long)(read ? c->sim->sent_read_ns : c->sim->sent_ns));
	return true;
}

static bool run_wait(struct call *c, struct err *e)
{
	bool polls = c->count == 2 && str_equal(c->args[0], STR("polls"));
	struct str what = c->count == 3 ? c->args[1] : STR("");
	struct sim_named *tag = NULL;
	uint64_t n;

	if (!polls && !str_equal(what, STR("reads")) && !str_equal(what, STR("writes")))
		return err_set(
			e, ERR_USAGE, "wait NAME reads N, wait NAME writes N or wait polls N");
	if (!str_u64(c->args[c->count - 1], &n) || n > UINT32_MAX)
		return err_set(e, ERR_USAGE, "N is a number");
	if (!polls && !find_tag(c, &tag, e))
		return false;
	*c->wait = (struct sim_wait){
		.kind = polls				? WAIT_POLLS
			: str_equal(what, STR("reads")) ? WAIT_READS
							: WAIT_WRITES,
		.tag = tag,
		.until = polls ? c->sim->chip.polls + n : n,
	};
	return true;
}

static uint64_t wait_count(const struct sim *s, const struct sim_wait *wait)
{
	switch (wait->kind) {
	case WAIT_READS:
		return wait->tag->tag.reads;
	case WAIT_WRITES:
		return wait->tag->tag.writes;
	case WAIT_POLLS:
		return s->chip.polls;
	case WAIT_NOTHING:
		break;
	}
	return 0;
}

bool sim_wait_over(const struct sim *s, const struct sim_wait *wait)
{
	return wait_count(s, wait) >= wait->until;
}

void sim_wait_answer(const struct sim *s, const struct sim_wait *wait, struct buf *reply)
{
	buf_printf(reply, "ok %llu", (unsigned long long)wait_count(s, wait));
}

/* ---- faults ---- */

static bool replug(struct sim *s, struct err *e)
{
	return !s->replug || s->replug(s, e);
}

static bool fault_off(struct call *c, struct err *e)
{
	bool unplugged = c->sim->unplugged;

	c->sim->chip.faults = (struct chip_faults){ 0 };
	c->sim->field.pull = -1;
	c->sim->field.slow_ns = 0;
	c->sim->unplugged = false;
	return !unplugged || replug(c->sim, e);
}

static bool fault_hangup(struct call *c, struct err *e)
{
	c->sim->unplugged = false;
	if (replug(c->sim, e))
		return true;
	c->sim->unplugged = true; /* "fault off" tries again */
	return false;
}

static bool fault_unplug(struct call *c, struct err *e)
{
	c->sim->unplugged = true;
	return replug(c->sim, e);
}

static bool fault_pull(struct call *c, struct err *e)
{
	uint64_t n;

	if (c->count != 2 || !str_u64(c->args[1], &n) || n > UINT32_MAX)
		return err_set(e, ERR_USAGE, "fault pull N: N more commands or pages");
	c->sim->field.pull = (int64_t)n;
	return true;
}

static bool take_ms(struct call *c, uint64_t *ns, struct err *e)
{
	uint64_t ms;

	if (c->count != 2 || !str_u64(c->args[1], &ms) || ms > 10000)
		return err_set(e, ERR_USAGE, "this fault takes milliseconds, up to 10000");
	*ns = ms * 1000000;
	return true;
}

static bool fault_latency(struct call *c, struct err *e)
{
	return take_ms(c, &c->sim->chip.faults.latency_ns, e);
}

static bool fault_slow(struct call *c, struct err *e)
{
	return take_ms(c, &c->sim->field.slow_ns, e);
}

static bool fault_noise(struct call *c, struct err *e)
{
	(void)e;
	c->sim->chip.faults.noise = true;
	chip_noise(&c->sim->chip);
	return true;
}

static bool run_fault(struct call *c, struct err *e)
{
	struct chip_faults *f = &c->sim->chip.faults;
	const struct {
		const char *name;
		bool *flag;
		bool (*run)(struct call *, struct err *);
	} faults[] = {
		{ "console", &f->console, NULL },
		{ "corrupt", &f->corrupt, NULL },
		{ "dead", &f->dead, NULL },
		{ "drop", &f->drop, NULL },
		{ "echo", &f->echo, NULL },
		{ "hang", &f->hang, NULL },
		{ "hangup", NULL, fault_hangup },
		{ "latency", NULL, fault_latency },
		{ "nad", &f->nad, NULL },
		{ "noise", NULL, fault_noise },
		{ "off", NULL, fault_off },
		{ "pull", NULL, fault_pull },
		{ "slow", NULL, fault_slow },
		{ "unplug", NULL, fault_unplug },
	};

	for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
		if (!str_equal(c->args[0], str_of(faults[i].name)))
			continue;
		if (faults[i].run)
			return faults[i].run(c, e);
		*faults[i].flag = true;
		return true;
	}
	return err_set(e, ERR_USAGE,
		"a fault is console, corrupt, dead, drop, echo, hang, hangup, latency MS, nad, "
		"noise, off, pull N, slow MS or unplug");
}

/* ---- the table, sorted by name ---- */

static const struct control {
	const char *name, *usage;
	uint8_t min, max; /* arguments; the last one takes the rest of the line */
	bool (*run)(struct call *c, struct err *e);
} controls[] = {
	{ "clock", "", 0, 0, run_clock },
	{ "fault", "NAME [N]", 1, 2, run_fault },
	{ "list", "", 0, 0, run_list },
	{ "put", "NAME", 1, 1, run_put },
	{ "sent", "[read]", 0, 1, run_sent },
	{ "tag info", "NAME", 1, 1, run_tag_info },
	{ "tag load", "NAME FILE", 2, 2, run_tag_load },
	{ "tag ndef", "NAME HEX", 2, 2, run_tag_ndef },
	{ "tag new", "NAME KIND [UID]", 2, 3, run_tag_new },
	{ "tag save", "NAME FILE", 2, 2, run_tag_save },
	{ "tag sign", "NAME HEX", 2, 2, run_tag_sign },
	{ "take", "NAME", 1, 1, run_take },
	{ "wait", "NAME reads|writes N, or polls N", 2, 3, run_wait },
};

static const struct control *control_find(struct str line, struct str *rest)
{
	for (size_t i = 0; i < ARRAY_LEN(controls); i++) {
		struct str name = str_of(controls[i].name);

		if (!str_starts(line, name) || (line.len > name.len && line.p[name.len] != ' '))
			continue;
		*rest = str_trim(str_sub(line, name.len, line.len));
		return &controls[i];
	}
	return NULL;
}

static void split_args(struct call *c, struct str rest, size_t max)
{
	struct str word;

	while (rest.len > 0 && c->count + 1 < max && str_split(&rest, ' ', &word)) {
		c->args[c->count++] = word;
		rest = str_trim(rest);
	}
	if (rest.len > 0)
		c->args[c->count++] = rest;
}

static bool run_line(struct call *c, struct str line, struct err *e)
{
	const struct control *control;
	struct str rest;

	control = control_find(line, &rest);
	if (!control)
		return err_set(e, ERR_USAGE,
			"no such command; there are clock fault list put sent tag take wait");
	if (control->max > 0)
		split_args(c, rest, control->max);
	if (c->count < control->min || (control->max == 0 && rest.len > 0))
		return err_set(e, ERR_USAGE, "usage: %s %s", control->name, control->usage);
	return control->run(c, e);
}

void sim_control_line(
	struct sim *s, struct str line, uint64_t world_ns, struct buf *reply, struct sim_wait *wait)
{
	struct arena a = { 0 };
	struct buf answer = BUF_IN(&a);
	struct call c = { .sim = s, .world_ns = world_ns, .reply = &answer, .wait = wait };
	struct err e = { 0 };

	wait->kind = WAIT_NOTHING;
	if (!run_line(&c, str_trim(line), &e)) {
		buf_lit(reply, "err ");
		escape_write(reply, str_bytes(str_of(e.text)));
	} else if (wait->kind == WAIT_NOTHING) {
		buf_lit(reply, "ok");
		buf_add_str(reply, buf_str(&answer));
	}
	arena_finish(&a);
}
