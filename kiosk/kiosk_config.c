/* The configuration of kith-kiosk: docs/man/kith-kiosk.conf.5. */
#include "kiosk/kiosk.h"

#include <errno.h>
#include <stddef.h>
#include <sys/stat.h>

#include "core/base/text.h"
#include "core/http/http.h"
#include "kiosk/desk.h"
#include "kiosk/readers.h"
#include "kiosk/staff_pin.h"
#include "kiosk/updates.h"

#define KEY(...) CONFIG_KEY(struct kiosk_config, __VA_ARGS__)

static const struct config_key keys[] = {
	KEY(state_dir, CONFIG_TEXT, "/var/lib/kith-kiosk",
		"folder of the local store and the identity"),
	KEY(screen_listen, CONFIG_TEXT, "127.0.0.1:8310",
		"where the screen is served; loopback only"),
	KEY(screen_root, CONFIG_TEXT, "", "folder of pages that go before the built-in ones"),
	KEY(role, CONFIG_TEXT, "mixed", "door, lounge, mixed or booth"),
	{ "reader", CONFIG_LIST, offsetof(struct kiosk_config, readers), NULL,
		"KIND ARGUMENT, any number: nfc CONNSTRING, camera auto, frames PATH, scanner "
		"DEVICE" },
	KEY(languages, CONFIG_TEXT, "en de", "languages of the screen, the default first"),
	KEY(help_desk, CONFIG_TEXT, "", "number or word that a guest says at the desk"),
	KEY(booth_host, CONFIG_TEXT, "", "role booth: the host's badge or attendee id"),
	KEY(staff_pin, CONFIG_TEXT, "",
		"PIN of the desk staff, 4 to 8 digits; empty: no staff screen"),
	KEY(staff_pin_hash, CONFIG_TEXT, "",
		"the same as argon2id, in staff_pin's place: kith-kiosk staff-pin"),
	{ "staff_badge", CONFIG_LIST, offsetof(struct kiosk_config, staff_badges), NULL,
		"a badge or attendee whose badge is asked for before the PIN, any number" },
	KEY(control_dir, CONFIG_TEXT, "/run/kith-kiosk",
		"where requests to the system are written: shut down, Wi-Fi and time zone"),
	KEY(setup_dir, CONFIG_TEXT, "/run/kith-setup",
		"where the service that applies Wi-Fi and time zone says how far it is"),
	KEY(show_names, CONFIG_BOOL, "yes", "greet by first name and initial"),
	KEY(name_cache, CONFIG_BOOL, "no",
		"keep names on the disk: greets and finds by name after an offline restart, and so "
		"does a thief"),
	KEY(update, CONFIG_TEXT, "idle",
		"when an update may be installed: idle, night (between 2 and 5), or never"),
	KEY(update_quiet_s, CONFIG_U64, "600", "and nobody was there for so long"),
	KEY(release_keys, CONFIG_TEXT, "/etc/kith/release.keys",
		"whose releases are fetched; kith-update has its own word on it"),
	KEY(update_outcome, CONFIG_TEXT, "/var/lib/kith-update/outcome.json",
		"where kith-update says what became of one"),
	KEY(disk_reserve_mib, CONFIG_U64, "8",
		"with less free space the station says that it is closed"),
	KEY(disk_warn_mib, CONFIG_U64, "64",
		"with less free space it says that its disk is nearly full"),
	KEY(sys_root, CONFIG_TEXT, "",
		"the folder that sys and lib are in, for voltage, heat and units; empty: the "
		"system's own"),
};

void kiosk_config_help(FILE *to)
{
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		fprintf(to, "  %-17s %s", keys[i].name, keys[i].help);
		if (keys[i].fallback && keys[i].fallback[0])
			fprintf(to, " [%s]", keys[i].fallback);
		fprintf(to, "\n");
	}
}

static bool check_pin(const struct kiosk_config *c, struct err *e)
{
	if (c->staff_pin_hash.len > 0 && !str_starts(c->staff_pin_hash, STR("$argon2id$")))
		return err_set(e, ERR_MALFORMED,
			"staff_pin_hash is no argon2id hash: kith-kiosk staff-pin makes one");
	if (c->staff_pin.len == 0)
		return true;
	if (c->staff_pin_hash.len > 0)
		return err_set(e, ERR_MALFORMED, "staff_pin and staff_pin_hash: give one of them");
	return staff_pin_check(c->staff_pin, e) ? true : err_in(e, "staff_pin");
}

static bool check_languages(struct str list, struct err *e)
{
	struct str word;
	size_t n = 0;

	while (str_split(&list, ' ', &word)) {
		if (word.len == 0)
			continue;
		if (word.len < 2 || word.len > 11 || ++n > DESK_LANGS_MAX)
			return err_set(e, ERR_MALFORMED, "languages: at most %d, as in \"en de\"",
				DESK_LANGS_MAX);
	}
	return n > 0 ? true : err_set(e, ERR_MALFORMED, "languages: at least one");
}

/* Whoever reaches the screen is the desk. */
static bool check_listen(struct str where, struct err *e)
{
	char text[80];

	if (where.len >= sizeof(text))
		return err_set(e, ERR_MALFORMED, "screen_listen is no ADDR:PORT");
	memcpy(text, where.p, where.len);
	text[where.len] = '\0';
	if (http_listen_check(text, true, e))
		return true;
	e->code = ERR_MALFORMED;
	return err_in(e, "screen_listen");
}

static bool check(const struct kiosk_config *c, struct err *e)
{
	enum updates_when when;
	enum desk_role role;
	struct id host;

	if (!updates_when_read(c->update, &when))
		return err_set(e, ERR_MALFORMED, "update must be idle, night or never");
	if (c->state_dir.len == 0)
		return err_set(e, ERR_MALFORMED, "state_dir is empty");
	if (!desk_role_read(c->role, &role))
		return err_set(e, ERR_MALFORMED, "role must be door, lounge, mixed or booth");
	if (role == DESK_BOOTH && !id_read(c->booth_host, &host))
		return err_set(e, ERR_MALFORMED,
			"role booth needs booth_host, the host's badge or attendee id");
	for (size_t i = 0; i < c->readers.count; i++)
		if (!readers_check(c->readers.items[i], reader_types, reader_type_count, e))
			return err_in(e, "reader");
	for (size_t i = 0; i < c->staff_badges.count; i++)
		if (!id_read(c->staff_badges.items[i], &host))
			return err_set(e, ERR_MALFORMED,
				"staff_badge is no badge's or attendee's id of 22 characters");
	return check_listen(c->screen_listen, e) && check_languages(c->languages, e) &&
	       check_pin(c, e);
}

bool kiosk_config_read(struct kiosk_config *out, const char *path, struct arena *a, struct err *e)
{
	*out = (struct kiosk_config){ 0 };
	if (!config_read(out, path, keys, ARRAY_LEN(keys), a, e))
		return false;
	return check(out, e) ? true : err_in(e, "%s", path);
}

bool kiosk_make_folder(const struct kiosk_config *c, struct arena *a, struct err *e)
{
	const char *path = arena_cstr(a, c->state_dir);

	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return err_errno(e, "%s", path);
	return true;
}

const char *kiosk_path(const struct kiosk_config *c, const char *name, struct arena *a)
{
	return arena_printf(a, STR_FMT "/%s", STR_ARG(c->state_dir), name).p;
}
