#include "server/command.h"

#include <getopt.h>

#include "core/base/text.h"

/* Sorted by name; a test keeps it so. */
const struct command server_commands[] = {
	{ "backup", "DIR [--key FILE] [--keep N]", "make a verified, encrypted backup",
		command_backup },
	{ "badge revoke", "EVENT BADGE|--list FILE",
		"refuse a lost badge, or those of a list, from now on", command_badge_revoke },
	{ "enrol", "EVENT NAME", "a one-time code by which a kiosk joins the event",
		command_enrol },
	{ "event add", "NAME [--host HOST] [--topic TOPIC]...",
		"make an event and its keys; prints its number", command_event_add },
	{ "event key", "EVENT [--out FILE]", "print the key that signs badges, for kith-badge",
		command_event_key },
	{ "event list", "", "list the events", command_event_list },
	{ "event rekey", "EVENT [--days N]",
		"follow the key that signs with the next; the old one's badges hold N days (30)",
		command_event_rekey },
	{ "event set", "EVENT NAME VALUE...",
		"change name, host, topics, starts, ends or badge_checkin", command_event_set },
	{ "export", "EVENT attendees|followups|keys|revoked [--format csv|json]",
		"the attendees, public keys and revoked badges for the bench; the follow-up list",
		command_export },
	{ "import", "EVENT FILE.csv [--preview]",
		"import a list of attendees, all of it or nothing", command_import },
	{ "organizer add", "EMAIL [--event EVENT] [--password-stdin]",
		"add an organizer, of one event or of all; prints a password once",
		command_organizer_add },
	{ "release add", "FILE", "offer a signed release to the kiosks", command_release_add },
	{ "release list", "", "list the releases that are offered", command_release_list },
	{ "release withdraw", "VERSION", "offer a release no more", command_release_withdraw },
	{ "restore", "DIR --key FILE [--name NAME]", "put a backup in the place of the store",
		command_restore },
	{ "run", "--listen ADDR:PORT [OPTION]...", "serve (run --help lists the options)",
		command_run },
	{ "ticket", "EVENT ATTENDEE", "a new ticket code for an attendee", command_ticket },
};
const size_t server_command_count = ARRAY_LEN(server_commands);

bool command_open(
	struct server **out, const struct invocation *in, enum store_use use, struct err *e)
{
	const struct server_config config = { .store = in->store, .use = use };

	return server_open(out, &config, e);
}

bool command_argument(const struct invocation *in, int n, bool last, struct str *out, struct err *e)
{
	struct str text;

	if (optind + n >= in->argc)
		return err_set(e, ERR_USAGE, "an argument is missing");
	if (last && optind + n + 1 < in->argc)
		return err_set(e, ERR_USAGE, "\"%.60s\" is one argument too many",
			in->argv[optind + n + 1]);
	if (!utf8_check(str_bytes(str_of(in->argv[optind + n])), &text))
		return err_set(e, ERR_USAGE, "an argument is not UTF-8");
	*out = text;
	return true;
}

bool command_bad_option(struct err *e)
{
	return err_set(e, ERR_USAGE, "wrong option");
}
