/* kith-badge erase: make a chip empty again, and take a password away that we know. */
#include <stdio.h>
#include <sysexits.h>

#include "firmware-tools/command.h"
#include "firmware-tools/commands/bench_tag.h"
#include "firmware-tools/commands/password.h"
#include "firmware-tools/options.h"

struct job {
	const char *reader, *password, *key_file, *wait;
	struct event_key key;
	struct nfc_port *port;
	uint64_t until_ns;
};

static const struct option_row rows[] = {
	{ "reader", "CONN", "the reader", offsetof(struct job, reader), true },
	{ "password", "key|HEX", "the password that closes it; it is taken away",
		offsetof(struct job, password), false },
	{ "key", "FILE", "the event key, for --password key", offsetof(struct job, key_file),
		false },
	{ "wait", "SECONDS", "how long to wait for a chip (10)", offsetof(struct job, wait),
		false },
};

static bool prepare(struct job *j, struct arena *a, struct err *e)
{
	struct chip_password ignored;

	if (!bench_wait_until(&j->until_ns, j->wait, e) ||
		(j->key_file && !event_key_read_file(&j->key, j->key_file, a, e)))
		return false;
	return !j->password || chip_password_read(&ignored, j->password,
				       j->key_file ? &j->key : NULL, BYTES(""), e);
}

static bool open_chip(const struct job *j, const struct bench_tag *t, struct err *e)
{
	uint8_t pack[NTAG_PACK_LEN];
	struct chip_password p;

	if (!j->password)
		return err_set(
			e, ERR_FORBIDDEN, "a password closes this chip; --password opens it");
	return chip_password_read(
		       &p, j->password, j->key_file ? &j->key : NULL, nfc_tag_uid(&t->tag), e) &&
	       nfc_type2_password(j->port, &t->tag, p.password, pack, e);
}

static bool erase_once(void *work, struct err *e)
{
	static struct ntag_plan plan;
	struct job *j = work;
	uint8_t memory[LIMIT_TAG_BYTES];
	struct buf blank = BUF_ON(memory);
	struct ntag_state state;
	struct bench_tag t;
	size_t pages;

	if (!bench_ntag_get(j->port, j->until_ns, &t, e))
		return false;
	state = ntag_state_of(t.type, bytes_of(t.mem, t.len));
	ntag_blank_area(&blank, t.type);
	if (!ntag_write_area(&plan, t.type, bytes_of(t.mem, t.len), buf_bytes(&blank), e))
		return false;
	if (state.protected && !open_chip(j, &t, e))
		return false;
	pages = plan.count;
	if (!bench_tag_write(j->port, &t, &plan, e))
		return false;
	if (j->password && (!ntag_unprotect_plan(&plan, t.type, bytes_of(t.mem, t.len), e) ||
				   !bench_tag_write(j->port, &t, &plan, e)))
		return false;
	printf("erased %s %s: %zu pages%s\n", bench_tag_name(&t),
		bench_uid_text(nfc_tag_uid(&t.tag)).s, pages, j->password ? ", no password" : "");
	return true;
}

static int run_erase(int argc, char **argv, struct arena *a, struct err *e)
{
	const struct option_table table = OPTION_TABLE("erase", rows, "", 0, 0);
	struct job j = { 0 };
	bool helped;

	if (options_read(&j, &table, argc, argv, &helped, e) && !helped && prepare(&j, a, e) &&
		nfc_port_open(&j.port, j.reader, e) &&
		bench_until_done(erase_once, &j, j.until_ns, e))
		*e = (struct err){ 0 };
	nfc_port_close(j.port);
	crypto_wipe(&j.key, sizeof(j.key));
	return err_exit_status(e->code);
}

const struct command command_erase = {
	.name = "erase",
	.usage = "--reader CONN [--password key|HEX [--key FILE]]",
	.help = "make a chip empty again",
	.run = run_erase,
};
