/* What the updater keeps on the disk: state.json, outcome.json, its configuration. */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

#include "core/base/config.h"
#include "core/base/json.h"
#include "core/base/limits.h"
#include "core/base/log.h"
#include "kiosk/update/update.h"

#define KEY(...) CONFIG_KEY(struct update_config, __VA_ARGS__)

static const struct config_key keys[] = {
	KEY(state_dir, CONFIG_TEXT, "/var/lib/kith-update",
		"where packages are kept to go back to; on a disk that stays"),
	KEY(inbox, CONFIG_TEXT, "/var/lib/kith-kiosk/update/install.kithup",
		"the file by which the kiosk asks"),
	KEY(alive, CONFIG_TEXT, "/run/kith-kiosk/alive.json", "how the kiosk says how it is"),
	KEY(keys, CONFIG_TEXT, "/etc/kith/release.keys",
		"public keys of releases, one a line; of root's alone"),
	KEY(root, CONFIG_TEXT, "", "the folder that dpkg works on; empty: this system"),
	KEY(restart, CONFIG_TEXT, "systemctl restart kith-kiosk.service",
		"starts the kiosk again; words without quotes"),
	KEY(prove_s, CONFIG_U64, "60", "for so long the new version must be well, in one piece"),
	KEY(patience_s, CONFIG_U64, "240", "if it is not by then, the former one comes back"),
	KEY(quiet_s, CONFIG_U64, "5", "nobody must have been there for so long"),
};

void update_config_help(FILE *to)
{
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		fprintf(to, "  %-11s %s%s%s%s\n", keys[i].name, keys[i].help,
			keys[i].fallback[0] ? " [" : "", keys[i].fallback,
			keys[i].fallback[0] ? "]" : "");
}

bool update_config_read(struct update_config *out, const char *path, struct arena *a, struct err *e)
{
	*out = (struct update_config){ .prove_s = 0 };
	return config_read(out, path, keys, ARRAY_LEN(keys), a, e);
}

static const char *const phase_names[] = { [PHASE_NONE] = "none",
	[PHASE_INSTALL] = "install",
	[PHASE_PROVE] = "prove",
	[PHASE_KEEP] = "keep",
	[PHASE_BACK] = "back" };

void update_state_write(struct buf *out, const struct update_state *s)
{
	struct json_writer w = JSON_TO(out);

	json_open(&w, NULL, '{');
	json_str(&w, "phase", str_of(phase_names[s->phase]));
	json_u64(&w, "tries", s->tries);
	json_str(&w, "version", s->version);
	json_str(&w, "from", s->from);
	json_blob(&w, "digest", hash_bytes(&s->digest));
	json_str(&w, "reason", s->reason);
	json_bool(&w, "was_readers", s->was_readers);
	json_bool(&w, "was_online", s->was_online);
	json_bool(&w, "updater", s->updater);
	json_open(&w, "packages", '[');
	for (size_t i = 0; i < s->package_count; i++)
		json_str(&w, NULL, s->packages[i]);
	json_close(&w, ']');
	json_close(&w, '}');
}

static bool read_phase(enum update_phase *out, const struct json *root)
{
	struct str word;

	if (!json_get_str(root, "phase", &word))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(phase_names); i++) {
		if (!str_equal(word, str_of(phase_names[i])))
			continue;
		*out = (enum update_phase)i;
		return true;
	}
	return false;
}

bool update_state_read(struct update_state *out, struct bytes text, struct arena *a, struct err *e)
{
	const struct json *list;
	struct json *root;
	uint64_t tries = 0;

	*out = (struct update_state){ .phase = PHASE_NONE };
	if (!json_read(&root, text, a, e))
		return err_in(e, "state");
	list = json_get(root, "packages");
	if (!read_phase(&out->phase, root) || !json_get_u64(root, "tries", &tries) ||
		tries > 1000 || !json_get_str(root, "version", &out->version) ||
		!json_get_str(root, "from", &out->from) ||
		!json_get_blob(root, "digest", out->digest.b, HASH_LEN) ||
		!json_get_str(root, "reason", &out->reason) ||
		!json_get_bool(root, "was_readers", &out->was_readers) ||
		!json_get_bool(root, "was_online", &out->was_online) ||
		!json_get_bool(root, "updater", &out->updater) || !list ||
		list->count > RELEASE_PACKAGES_MAX)
		return err_set(e, ERR_MALFORMED, "state: a field is missing or wrong");
	out->tries = (unsigned)tries;
	for (const struct json *o = list->first; o; o = o->next)
		if (o->type == JSON_STRING)
			out->packages[out->package_count++] = o->text;
	return true;
}

const char *update_path(const struct update *u, const char *name)
{
	return arena_printf(u->arena, STR_FMT "/%s", STR_ARG(u->config->state_dir), name).p;
}

static bool read_if_there(struct bytes *out, const char *path, struct arena *a, struct err *e)
{
	*out = (struct bytes){ NULL, 0 };
	return file_read(out, path, LIMIT_CONFIG_BYTES, a, e) || e->code == ERR_NOT_FOUND;
}

bool update_load(struct update *u, struct err *e)
{
	struct bytes text;

	u->state = (struct update_state){ .phase = PHASE_NONE, .reason = STR("") };
	u->outcome = (struct outcome){ .state = STR(""), .version = STR(""), .reason = STR("") };
	if (!read_if_there(&text, update_path(u, "outcome.json"), u->arena, e))
		return false;
	/* each file is replaced as a whole, so one that cannot be read was not written by us: what
	 * it says of the past is not worth a kiosk that is never updated again */
	if (text.len > 0 && !outcome_read(&u->outcome, text, u->arena, e))
		log_warn("outcome.json is left: %s", e->text);
	if (!read_if_there(&text, update_path(u, "state.json"), u->arena, e))
		return false;
	return text.len == 0 || update_state_read(&u->state, text, u->arena, e);
}

bool update_enter(struct update *u, enum update_phase phase, struct err *e)
{
	const char *path = update_path(u, "state.json");
	struct buf text = BUF_IN(u->arena);

	if (phase != u->state.phase)
		u->state.tries = 0;
	u->state.phase = phase;
	log_info("update phase=%s version=" STR_FMT " tries=%u", phase_names[phase],
		STR_ARG(u->state.version), u->state.tries);
	if (phase == PHASE_NONE) {
		if (unlink(path) != 0 && errno != ENOENT)
			return err_errno(e, "%s", path);
		return true;
	}
	update_state_write(&text, &u->state);
	return file_replace(path, buf_bytes(&text), 0644, e);
}

bool update_tell(struct update *u, const char *state, const char *reason, struct err *e)
{
	struct buf text = BUF_IN(u->arena);

	u->outcome.state = str_of(state);
	u->outcome.reason = str_of(reason);
	u->outcome.version = u->state.version;
	u->outcome.digest = u->state.digest;
	log_info("update %s version=" STR_FMT " %s", state, STR_ARG(u->state.version), reason);
	outcome_write(&text, &u->outcome);
	return file_replace(update_path(u, "outcome.json"), buf_bytes(&text), 0644, e);
}
