/* kith-badge write: put a signed badge on a chip, and read it back. */
#include <getopt.h>
#include <stdio.h>
#include <sysexits.h>

#include "core/base/clock.h"
#include "core/base/config.h"
#include "core/base/text.h"
#include "core/tag/event_key.h"
#include "firmware-tools/command.h"
#include "firmware-tools/commands/bench_tag.h"

#define USAGE                                                                                      \
	"--reader CONN --key FILE --event N --id ID --host HOST [--vcard FILE] "                   \
	"[--wait SECONDS]"

struct job {
	const char *reader, *key_file, *event, *id, *host, *vcard_file, *wait;
	struct event_key key;
	struct badge badge;
	uint64_t until_ns;
};

struct job_option {
	struct option option;
	size_t offset; /* of its const char * in struct job */
	bool required;
};

static const struct job_option job_options[] = {
	{ { "reader", required_argument, NULL, 'o' }, offsetof(struct job, reader), true },
	{ { "key", required_argument, NULL, 'o' }, offsetof(struct job, key_file), true },
	{ { "event", required_argument, NULL, 'o' }, offsetof(struct job, event), true },
	{ { "id", required_argument, NULL, 'o' }, offsetof(struct job, id), true },
	{ { "host", required_argument, NULL, 'o' }, offsetof(struct job, host), true },
	{ { "vcard", required_argument, NULL, 'o' }, offsetof(struct job, vcard_file), false },
	{ { "wait", required_argument, NULL, 'o' }, offsetof(struct job, wait), false },
};

static const char **job_field(struct job *j, size_t i)
{
	return (const char **)(void *)((char *)j + job_options[i].offset);
}

static bool read_options(struct job *j, int argc, char **argv, struct err *e)
{
	struct option options[ARRAY_LEN(job_options) + 1] = { 0 };
	int index = 0, c;

	for (size_t i = 0; i < ARRAY_LEN(job_options); i++)
		options[i] = job_options[i].option;
	while ((c = getopt_long(argc, argv, "", options, &index)) != -1) {
		if (c == '?')
			return err_set(e, ERR_USAGE, "usage: kith-badge write " USAGE);
		*job_field(j, (size_t)index) = optarg;
	}
	if (optind < argc)
		return err_set(e, ERR_USAGE,
			"\"%s\" is not understood; usage: kith-badge write " USAGE, argv[optind]);
	for (size_t i = 0; i < ARRAY_LEN(job_options); i++)
		if (job_options[i].required && !*job_field(j, i))
			return err_set(e, ERR_USAGE,
				"--%s is missing; usage: kith-badge write " USAGE,
				job_options[i].option.name);
	return true;
}

/* Everything that can be wrong is found before the reader is touched. */
static bool prepare(struct job *j, struct arena *a, struct err *e)
{
	uint64_t event, wait_s = BENCH_WAIT_S;
	struct str text;

	if (j->wait && !bench_wait_read(&wait_s, j->wait, e))
		return false;
	if (!str_u64(str_of(j->event), &event))
		return err_set(e, ERR_USAGE, "--event takes the event's number");
	if (!id_read(str_of(j->id), &j->badge.id))
		return err_set(e, ERR_USAGE,
			"--id takes 22 characters of base64url, a UUID or 32 hexadecimal digits");
	if (!event_key_read_file(&j->key, j->key_file, a, e))
		return false;
	if (event != j->key.event)
		return err_set(e, ERR_USAGE, "%s is the key of event %lu, not %s", j->key_file,
			(unsigned long)j->key.event, j->event);
	if (j->vcard_file && !file_read(&j->badge.vcard, j->vcard_file, LIMIT_TAG_BYTES, a, e))
		return false;
	if (j->vcard_file && (!utf8_check(j->badge.vcard, &text) ||
				     !str_starts_nocase(str_trim(text), STR("BEGIN:VCARD"))))
		return err_set(e, ERR_MALFORMED, "%s is no vCard in UTF-8", j->vcard_file);
	j->badge.host = str_of(j->host);
	j->until_ns = clock_monotonic_ns() + wait_s * 1000000000u;
	return true;
}

/* Would it be written? Asked before the reader is opened, for a host that is too long. */
static bool try_badge(const struct job *j, struct err *e)
{
	uint8_t ndef[2 * LIMIT_TAG_BYTES];
	struct buf to = BUF_ON(ndef);

	return badge_write(&to, &j->badge, BYTES("\x04\x00\x00\x00\x00\x00\x00"), &j->key, e);
}

static bool check_written(
	struct nfc_port *p, struct bench_tag *t, const struct job *j, struct err *e)
{
	const struct badge_key key = event_key_public(&j->key);
	enum badge_verdict verdict;
	struct bytes ndef;
	struct badge b;

	if (!bench_tag_read(p, t, e))
		return false;
	if (!bench_tag_ndef(t, &ndef, e) || !badge_read(&b, ndef, e))
		return err_in(e, "reading it back");
	verdict = badge_verify(&b, &key, 1, j->key.event, nfc_tag_uid(&t->tag));
	if (verdict != BADGE_OK || !id_equal(b.id, j->badge.id))
		return err_set(e, ERR_IO, "reading it back: %s; take another chip",
			badge_verdict_words(verdict));
	return true;
}

static bool write_once(struct nfc_port *p, const struct job *j, struct err *e)
{
	static struct ntag_plan plan;
	uint8_t ndef[2 * LIMIT_TAG_BYTES], uid[2 * NFC_UID_MAX];
	struct buf to = BUF_ON(ndef), hex = BUF_ON(uid);
	struct bench_tag t;

	if (!bench_tag_wait(p, j->until_ns, &t.tag, e) || !bench_tag_read(p, &t, e))
		return false;
	if (!t.len)
		return err_set(e, ERR_UNSUPPORTED,
			"this is a %s; badges are written on NTAG213, NTAG215 and NTAG216",
			bench_tag_name(&t));
	if (!badge_write(&to, &j->badge, nfc_tag_uid(&t.tag), &j->key, e) ||
		!ntag_write_ndef(&plan, t.type, bytes_of(t.mem, t.len), buf_bytes(&to), e))
		return false;
	if (!nfc_type2_write(p, &t.tag, &plan, e) || !check_written(p, &t, j, e))
		return false;
	hex_write(&hex, nfc_tag_uid(&t.tag));
	printf("wrote %s on %s " STR_FMT ": %zu of %u bytes, %zu pages\n", id_text(j->badge.id).s,
		bench_tag_name(&t), STR_ARG(buf_str(&hex)), to.len, ntag_layout(t.type)->ndef_max,
		plan.count);
	return true;
}

/* Taken away in between: the plan goes on where it was when the badge is back. */
static bool write_badge(struct nfc_port *p, const struct job *j, struct err *e)
{
	while (!write_once(p, j, e)) {
		if (e->code != ERR_GONE || clock_monotonic_ns() >= j->until_ns)
			return false;
		fprintf(stderr, "the badge was taken away too early; put it back on the reader\n");
		*e = (struct err){ 0 };
	}
	return true;
}

static int run_write(int argc, char **argv, struct arena *a, struct err *e)
{
	struct job j = { 0 };
	struct nfc_port *port = NULL;

	if (read_options(&j, argc, argv, e) && prepare(&j, a, e) && try_badge(&j, e) &&
		nfc_port_open(&port, j.reader, e) && write_badge(port, &j, e))
		*e = (struct err){ 0 };
	nfc_port_close(port);
	crypto_wipe(&j.key, sizeof(j.key));
	return err_exit_status(e->code);
}

const struct command command_write = {
	.name = "write",
	.usage = "--reader CONN --key FILE --event N --id ID --host HOST",
	.help = "write a signed badge and read it back",
	.run = run_write,
};
