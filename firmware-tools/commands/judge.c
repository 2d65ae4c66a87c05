#include "firmware-tools/commands/judge.h"

#include "core/base/config.h"
#include "core/tag/event_key.h"

static bool add_own(struct judge *j, const char *path, struct arena *a, struct err *e)
{
	struct event_key secret;
	struct badge_key key;

	if (!event_key_read_file(&secret, path, a, e))
		return false;
	key = event_key_public(&secret);
	crypto_wipe(&secret, sizeof(secret));
	return badge_keys_add(&j->keys, key, e);
}

static bool add_word(struct judge *j, const char *word, struct err *e)
{
	struct badge_key key;

	return badge_key_read(&key, str_of(word), e) && badge_keys_add(&j->keys, key, e);
}

static bool add_list(struct judge *j, const char *path, struct arena *a, struct err *e)
{
	struct bytes text;

	if (!file_read(&text, path, BADGE_LIST_MAX, a, e))
		return false;
	if (!badge_keys_read(&j->keys, text, e))
		return err_in(e, "%s", path);
	return j->keys.count > 0 || err_set(e, ERR_MALFORMED, "%s holds no key", path);
}

static bool read_revoked(struct judge *j, const char *path, struct arena *a, struct err *e)
{
	struct bytes text;

	return file_read(&text, path, BADGE_LIST_MAX, a, e) &&
	       (badge_revoked_read(&j->revoked, text, a, e) || err_in(e, "%s", path));
}

bool judge_open(struct judge *j, const struct judge_options *o, struct arena *a, struct err *e)
{
	j->keys.count = j->revoked.count = 0;
	if (!o->key_file && !o->key_word && !o->keys_file)
		return err_set(e, ERR_USAGE, "give --key, --key-public or --keys to judge by");
	return (!o->key_word || add_word(j, o->key_word, e)) &&
	       (!o->key_file || add_own(j, o->key_file, a, e)) &&
	       (!o->keys_file || add_list(j, o->keys_file, a, e)) &&
	       (!o->revoked_file || read_revoked(j, o->revoked_file, a, e));
}

static bool knows_event(const struct badge_keys *list, uint32_t event)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->keys[i].event == event)
			return true;
	return false;
}

struct judgement judge_badge(
	const struct judge *j, const struct badge *b, struct bytes uid, int64_t now_ms)
{
	enum badge_verdict v = BADGE_FOREIGN_EVENT;

	if (knows_event(&j->keys, b->event))
		v = badge_verify(b, j->keys.keys, j->keys.count, b->event, uid, now_ms);
	if (v == BADGE_OK && badge_revoked_has(&j->revoked, b->id))
		return (struct judgement){ false, "revoked", "this badge was revoked" };
	return (struct judgement){ v == BADGE_OK, badge_verdict_name(v), badge_verdict_words(v) };
}
