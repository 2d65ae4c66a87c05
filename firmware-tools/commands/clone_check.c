/* kith-badge clone-check: every sign by which a copied badge or a counterfeit chip gives itself
 * away. */
#include <stdio.h>
#include <sysexits.h>

#include "core/base/clock.h"
#include "firmware-tools/command.h"
#include "firmware-tools/commands/bench_tag.h"
#include "firmware-tools/commands/judge.h"
#include "firmware-tools/options.h"
#include "firmware-tools/originality.h"

struct job {
	const char *reader, *maker_key, *wait;
	struct judge_options by;
	struct judge judge;
	uint8_t maker[ORIGINALITY_KEY_LEN];
	struct nfc_port *port;
	uint64_t until_ns;
};

static const struct option_row rows[] = {
	{ "reader", "CONN", "the reader", offsetof(struct job, reader), true },
	JUDGE_OPTION_ROWS(struct job, by),
	{ "maker-key", "HEX", "the maker's public key on secp128r1 (NXP's for NTAG21x)",
		offsetof(struct job, maker_key), false },
	{ "wait", "SECONDS", "how long to wait for a badge (10)", offsetof(struct job, wait),
		false },
};

/* What was looked at, and the first thing that speaks for a copy. */
struct findings {
	size_t bad;
	const char *first;
};

static void find(struct findings *f, bool good, const char *what, const char *words)
{
	printf("%-8s %s: %s\n", good ? "good" : "SUSPECT", what, words);
	if (good)
		return;
	if (f->bad++ == 0)
		f->first = words;
}

/* The UID stands in pages 0 to 2 with two check bytes (ISO/IEC 14443-3 6.5.4). */
static void check_uid(struct findings *f, const struct bench_tag *t)
{
	const uint8_t *p = t->mem, *uid = t->tag.uid;
	bool same = t->tag.uid_len == 7 && memcmp(p, uid, 3) == 0 && memcmp(p + 4, uid + 3, 4) == 0;
	bool checks = p[3] == (0x88 ^ p[0] ^ p[1] ^ p[2]) && p[8] == (p[4] ^ p[5] ^ p[6] ^ p[7]);

	find(f, same, "uid",
		same ? "the one that it answers with stands in its memory"
		     : "it answers with another than stands in its memory");
	find(f, checks, "check bytes", checks ? "they fit the UID" : "they do not fit the UID");
	find(f, uid[0] == 0x04, "maker",
		uid[0] == 0x04 ? "NXP, by the UID" : "not NXP, by the UID");
}

static void check_kind(struct findings *f, const struct bench_tag *t)
{
	bool fits = t->mem[NTAG_CC_PAGE * NTAG_PAGE + 2] <= ntag_layout(t->type)->cc_size;

	find(f, fits, "size",
		fits ? "it claims no more than this kind has"
		     : "it claims more memory than its kind has");
}

static bool check_maker(
	const struct job *j, struct findings *f, const struct bench_tag *t, struct err *e)
{
	uint8_t signature[NFC_SIGNATURE_LEN];
	bool genuine;

	if (!nfc_type2_signature(j->port, &t->tag, signature, e)) {
		if (e->code != ERR_UNSUPPORTED)
			return false;
		*e = (struct err){ 0 };
		find(f, false, "signature", "the chip has none of its maker");
		return true;
	}
	if (!originality_check(&genuine, signature, nfc_tag_uid(&t->tag), j->maker, e))
		return false;
	find(f, genuine, "signature",
		genuine ? "its maker signed this UID" : "it is not its maker's over this UID");
	return true;
}

static void check_badge(const struct job *j, struct findings *f, const struct bench_tag *t)
{
	struct judgement verdict;
	struct err why = { 0 };
	struct badge b;

	if (!bench_tag_badge(t, &b, &why)) {
		printf("%-8s badge: %s\n", "none", why.text);
		return;
	}
	verdict = judge_badge(&j->judge, &b, nfc_tag_uid(&t->tag), clock_wall_ms());
	find(f, verdict.ok, "badge", verdict.words);
}

static bool check_once(void *work, struct err *e)
{
	struct job *j = work;
	struct findings f = { 0 };
	struct bench_tag t;

	if (!bench_ntag_get(j->port, j->until_ns, &t, e))
		return false;
	printf("%s %s\n", bench_tag_name(&t), bench_uid_text(nfc_tag_uid(&t.tag)).s);
	check_uid(&f, &t);
	check_kind(&f, &t);
	if (!check_maker(j, &f, &t, e))
		return false;
	check_badge(j, &f, &t);
	return f.bad == 0 || err_set(e, ERR_FORBIDDEN, "%s", f.first);
}

static int run_clone_check(int argc, char **argv, struct arena *a, struct err *e)
{
	const struct option_table table = OPTION_TABLE("clone-check", rows, "", 0, 0);
	struct job *j = ARENA_NEW(a, struct job);
	bool helped;

	memcpy(j->maker, originality_ntag21x, sizeof(j->maker));
	if (options_read(j, &table, argc, argv, &helped, e) && !helped &&
		bench_wait_until(&j->until_ns, j->wait, e) && judge_open(&j->judge, &j->by, a, e) &&
		(!j->maker_key || originality_key_read(j->maker, j->maker_key, e)) &&
		nfc_port_open(&j->port, j->reader, e) &&
		bench_until_done(check_once, j, j->until_ns, e))
		*e = (struct err){ 0 };
	nfc_port_close(j->port);
	return err_exit_status(e->code);
}

const struct command command_clone_check = {
	.name = "clone-check",
	.usage = "--reader CONN --key FILE [--maker-key HEX]",
	.help = "look for the signs of a copied badge or chip",
	.run = run_clone_check,
};
