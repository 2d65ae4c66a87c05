/* kith-badge write: put a signed badge on a chip, and read it back. */
#include <stdio.h>
#include <sysexits.h>

#include "core/base/clock.h"
#include "core/base/config.h"
#include "core/base/text.h"
#include "core/tag/event_key.h"
#include "firmware-tools/command.h"
#include "firmware-tools/commands/badge_job.h"
#include "firmware-tools/options.h"

struct job {
	const char *reader, *key_file, *event, *id, *host, *vcard_file, *wait;
	struct event_key key;
	struct badge_job badge;
	struct nfc_port *port;
	uint64_t until_ns;
};

static const struct option_row rows[] = {
	{ "reader", "CONN", "the reader", offsetof(struct job, reader), true },
	{ "key", "FILE", "the event key that signs", offsetof(struct job, key_file), true },
	{ "event", "N", "the event's number", offsetof(struct job, event), true },
	{ "id", "ID", "the badge id", offsetof(struct job, id), true },
	{ "host", "HOST", "the host of the badge's link", offsetof(struct job, host), true },
	{ "vcard", "FILE", "a vCard behind it, on 215 and 216", offsetof(struct job, vcard_file),
		false },
	{ "wait", "SECONDS", "how long to wait for a chip (10)", offsetof(struct job, wait),
		false },
};

/* Everything that can be wrong is found before the reader is touched. */
static bool prepare(struct job *j, struct arena *a, struct err *e)
{
	struct badge *badge = &j->badge.badge;
	uint64_t event;

	if (!bench_wait_until(&j->until_ns, j->wait, e))
		return false;
	if (!str_u64(str_of(j->event), &event))
		return err_set(e, ERR_USAGE, "--event takes the event's number");
	if (!id_read(str_of(j->id), &badge->id))
		return err_set(e, ERR_USAGE,
			"--id takes 22 characters of base64url, a UUID or 32 hexadecimal digits");
	if (!event_key_read_file(&j->key, j->key_file, a, e))
		return false;
	if (event != j->key.event)
		return err_set(e, ERR_USAGE, "%s is the key of event %lu, not %s", j->key_file,
			(unsigned long)j->key.event, j->event);
	if (j->vcard_file && !file_read(&badge->vcard, j->vcard_file, LIMIT_TAG_BYTES, a, e))
		return false;
	if (j->vcard_file && !badge_vcard_check(badge->vcard, e))
		return err_in(e, "%s", j->vcard_file);
	badge->host = str_of(j->host);
	j->badge.key = &j->key;
	return badge_job_try(&j->badge, NULL, e);
}

static bool write_once(void *work, struct err *e)
{
	static struct ntag_plan plan;
	struct job *j = work;
	struct bench_tag t;
	size_t len;

	if (!bench_tag_wait(j->port, j->until_ns, &t.tag, e) || !bench_tag_read(j->port, &t, e) ||
		!badge_job_plan(&plan, &len, &j->badge, &t, e) ||
		!badge_job_write(j->port, &t, &plan, &j->badge, e))
		return false;
	printf("wrote %s on %s %s: %zu of %u bytes, %zu pages\n", id_text(j->badge.badge.id).s,
		bench_tag_name(&t), bench_uid_text(nfc_tag_uid(&t.tag)).s, len,
		ntag_layout(t.type)->ndef_max, plan.count);
	return true;
}

static int run_write(int argc, char **argv, struct arena *a, struct err *e)
{
	const struct option_table table = OPTION_TABLE("write", rows, "", 0, 0);
	struct job j = { 0 };
	bool helped;

	/* taken away in between, the plan goes on where it was when the badge is back */
	if (options_read(&j, &table, argc, argv, &helped, e) && !helped && prepare(&j, a, e) &&
		nfc_port_open(&j.port, j.reader, e) &&
		bench_until_done(write_once, &j, j.until_ns, e))
		*e = (struct err){ 0 };
	nfc_port_close(j.port);
	crypto_wipe(&j.key, sizeof(j.key));
	return err_exit_status(e->code);
}

const struct command command_write = {
	.name = "write",
	.usage = "--reader CONN --key FILE --event N --id ID --host HOST",
	.help = "write a signed badge and read it back",
	.run = run_write,
};
