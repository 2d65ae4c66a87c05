#include "core/release/handover.h"

#include "core/base/json.h"
#include "core/release/version.h"

enum { WORD_MAX = 16 };

void alive_write(struct buf *out, const struct alive *x)
{
	struct json_writer w = JSON_TO(out);

	json_open(&w, NULL, '{');
	json_str(&w, "version", x->version);
	json_u64(&w, "pid", x->pid);
	json_bool(&w, "store", x->store);
	json_bool(&w, "readers", x->readers);
	json_bool(&w, "online", x->online);
	json_bool(&w, "busy", x->busy);
	json_close(&w, '}');
}

bool alive_read(struct alive *out, struct bytes text, struct arena *a, struct err *e)
{
	struct json *root;

	*out = (struct alive){ .version = STR("") };
	if (!json_read(&root, text, a, e))
		return err_in(e, "alive");
	if (!json_get_str(root, "version", &out->version) || !version_ok(out->version) ||
		!json_get_u64(root, "pid", &out->pid) || out->pid == 0 || out->pid > INT32_MAX ||
		!json_get_bool(root, "store", &out->store) ||
		!json_get_bool(root, "readers", &out->readers) ||
		!json_get_bool(root, "online", &out->online) ||
		!json_get_bool(root, "busy", &out->busy))
		return err_set(e, ERR_MALFORMED, "alive: a field is missing or wrong");
	return true;
}

static bool is_word(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((s.p[i] < 'a' || s.p[i] > 'z') && s.p[i] != '-')
			return false;
	return s.len > 0 && s.len <= WORD_MAX;
}

bool outcome_words_ok(struct str state, struct str version, struct str reason)
{
	return is_word(state) && (version.len == 0 || version_ok(version)) &&
	       (reason.len == 0 || is_word(reason));
}

bool outcome_is_bad(const struct outcome *x, const struct hash *digest)
{
	for (size_t i = 0; i < x->bad_count; i++)
		if (hash_equal(&x->bad[i], digest))
			return true;
	return false;
}

void outcome_add_bad(struct outcome *x, const struct hash *digest)
{
	if (outcome_is_bad(x, digest))
		return;
	if (x->bad_count == OUTCOME_BAD_MAX) {
		memmove(x->bad, x->bad + 1, sizeof(x->bad) - sizeof(x->bad[0]));
		x->bad_count--;
	}
	x->bad[x->bad_count++] = *digest;
}

void outcome_write(struct buf *out, const struct outcome *x)
{
	struct json_writer w = JSON_TO(out);

	json_open(&w, NULL, '{');
	if (x->state.len > 0) {
		json_str(&w, "state", x->state);
		json_str(&w, "version", x->version);
		json_str(&w, "reason", x->reason);
		json_blob(&w, "digest", hash_bytes(&x->digest));
	}
	json_open(&w, "bad", '[');
	for (size_t i = 0; i < x->bad_count; i++) {
		json_open(&w, NULL, '{');
		json_blob(&w, "digest", hash_bytes(&x->bad[i]));
		json_close(&w, '}');
	}
	json_close(&w, ']');
	json_close(&w, '}');
}

bool outcome_read(struct outcome *out, struct bytes text, struct arena *a, struct err *e)
{
	const struct json *list;
	struct json *root;

	*out = (struct outcome){ .state = STR(""), .version = STR(""), .reason = STR("") };
	if (!json_read(&root, text, a, e))
		return err_in(e, "outcome");
	if (json_get(root, "state") &&
		(!json_get_str(root, "state", &out->state) ||
			!json_get_str(root, "version", &out->version) ||
			!json_get_str(root, "reason", &out->reason) ||
			!outcome_words_ok(out->state, out->version, out->reason) ||
			!json_get_blob(root, "digest", out->digest.b, HASH_LEN)))
		return err_set(e, ERR_MALFORMED, "outcome: a field is missing or wrong");
	list = json_get(root, "bad");
	for (const struct json *o = list ? list->first : NULL; o; o = o->next) {
		struct hash h;

		if (!json_get_blob(o, "digest", h.b, HASH_LEN))
			return err_set(e, ERR_MALFORMED, "outcome: a bad one has no digest");
		outcome_add_bad(out, &h);
	}
	return true;
}
