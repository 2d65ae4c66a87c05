#include "core/entry/wire/batch.h"

#include "core/base/text.h"
#include "core/release/release.h"

enum { WORD_MAX = 16 };

static const char *const status_names[] = {
	[BATCH_OK] = "ok", [BATCH_GAP] = "gap", [BATCH_FORK] = "fork"
};
static const char *const quality_names[] = {
	[CLOCK_UNSET] = "unset",
	[CLOCK_RESTORED] = "restored",
	[CLOCK_NTP] = "ntp",
	[CLOCK_SERVER] = "server",
};

static bool find_name(const char *const *names, size_t n, struct str s, unsigned *out)
{
	for (size_t i = 0; i < n; i++) {
		if (str_equal(str_of(names[i]), s)) {
			*out = (unsigned)i;
			return true;
		}
	}
	return false;
}

static void write_time(struct json_writer *w, const struct clock_time *t)
{
	json_uuid(w, "boot_id", t->boot_id);
	json_u64(w, "boot_ms", t->boot_ms);
	json_i64(w, "wall_ms", t->wall_ms);
	json_str(w, "quality", str_of(quality_names[t->quality]));
}

static bool read_time(struct clock_time *t, const struct json *o)
{
	struct str quality;
	unsigned n;

	if (!json_get_id(o, "boot_id", &t->boot_id) || !json_get_u64(o, "boot_ms", &t->boot_ms) ||
		!json_get_i64(o, "wall_ms", &t->wall_ms) || !json_get_str(o, "quality", &quality) ||
		!find_name(quality_names, ARRAY_LEN(quality_names), quality, &n))
		return false;
	t->quality = (enum clock_quality)n;
	return true;
}

void entry_write_json(struct json_writer *w, const char *key, const struct entry *x)
{
	json_open(w, key, '{');
	json_uuid(w, "id", x->id);
	json_u64(w, "seq", x->seq);
	if (entry_kind_is_known(x->kind)) {
		json_str(w, "kind", str_of(entry_kind_name(x->kind)));
	} else {
		json_str(w, "kind", x->kind_name);
		json_u64(w, "number", (uint64_t)x->kind);
	}
	write_time(w, &x->time);
	if (x->sealed)
		json_blob(w, "sealed", x->payload);
	else
		json_str(w, "payload", (struct str){ (const char *)x->payload.p, x->payload.len });
	json_blob(w, "hash", bytes_of(x->hash, ENTRY_HASH_LEN));
	json_close(w, '}');
}

static void write_signs(struct json_writer *w, const struct batch *b)
{
	json_open(w, "signs", '[');
	for (size_t i = 0; i < b->sign_count; i++) {
		const struct batch_sign *s = &b->signs[i];

		json_open(w, NULL, '{');
		json_str(w, "sign", s->name);
		json_u64(w, "for_ms", s->for_ms);
		if (s->has_value)
			json_i64(w, "value", s->value);
		json_close(w, '}');
	}
	json_close(w, ']');
}

static void write_program(struct json_writer *w, const struct batch_program *p)
{
	json_str(w, "version", p->version);
	json_str(w, "architecture", p->architecture);
	if (p->update.len == 0)
		return;
	json_open(w, "update", '{');
	json_str(w, "state", p->update);
	json_str(w, "version", p->update_version);
	json_str(w, "reason", p->update_reason);
	json_close(w, '}');
}

void batch_write(struct buf *out, const struct batch *b)
{
	struct json_writer w = JSON_TO(out);

	json_open(&w, NULL, '{');
	json_uuid(&w, "store_id", b->store_id);
	json_u64(&w, "event", b->event);
	json_u64(&w, "from_seq", b->from_seq);
	json_blob(&w, "prev_hash", bytes_of(b->prev_hash, ENTRY_HASH_LEN));
	write_time(&w, &b->now);
	json_u64(&w, "pending", b->pending);
	if (b->role.len > 0)
		json_str(&w, "role", b->role);
	if (b->refusal_seq > 0)
		json_u64(&w, "refusal_seq", b->refusal_seq);
	if (b->has_signs)
		write_signs(&w, b);
	if (b->program.version.len > 0)
		write_program(&w, &b->program);
	json_open(&w, "entries", '[');
	for (size_t i = 0; i < b->count; i++)
		entry_write_json(&w, NULL, &b->entries[i]);
	json_close(&w, ']');
	json_close(&w, '}');
}

static bool is_word(struct str s, size_t max)
{
	for (size_t i = 0; i < s.len; i++)
		if ((s.p[i] < 'a' || s.p[i] > 'z') && (s.p[i] < '0' || s.p[i] > '9') &&
			s.p[i] != '-')
			return false;
	return s.len > 0 && s.len <= max;
}

/* A newer station says the number of what this program may not know. */
static bool read_kind(struct entry *x, const struct json *o)
{
	struct str name;
	uint64_t number;

	if (!json_get_str(o, "kind", &name))
		return false;
	if (entry_kind_read(name, &x->kind))
		return true;
	if (!is_word(name, ENTRY_KIND_NAME_MAX) || !json_get_u64(o, "number", &number) ||
		number < ENTRY_KIND_END || number > UINT16_MAX)
		return false;
	x->kind = (enum entry_kind)number;
	x->kind_name = name;
	return true;
}

static bool read_entry(struct entry *x, const struct json *o, struct arena *a, struct err *e)
{
	struct str payload;
	uint64_t seq;

	if (!json_get_id(o, "id", &x->id))
		return err_set(e, ERR_MALFORMED, "id is no UUID");
	if (!json_get_u64(o, "seq", &seq) || seq != x->seq)
		return err_set(e, ERR_MALFORMED, "seq must be %llu", (unsigned long long)x->seq);
	if (!read_kind(x, o))
		return err_set(e, ERR_MALFORMED, "kind is unknown");
	if (!read_time(&x->time, o))
		return err_set(e, ERR_MALFORMED,
			"boot_id, boot_ms, wall_ms or quality is missing or wrong");
	if (json_get_str(o, "sealed", &payload)) {
		struct buf b = BUF_IN(a);

		if (!base64_read(&b, payload))
			return err_set(e, ERR_MALFORMED, "sealed is not base64");
		x->payload = buf_bytes(&b);
		x->sealed = true;
	} else if (json_get_str(o, "payload", &payload)) {
		x->payload = str_bytes(payload);
	} else {
		return err_set(e, ERR_MALFORMED, "neither payload nor sealed");
	}
	if (x->payload.len > LIMIT_PAYLOAD_BYTES)
		return err_set(e, ERR_TOO_LARGE, "payload is over %d bytes", LIMIT_PAYLOAD_BYTES);
	if (!json_get_blob(o, "hash", x->hash, ENTRY_HASH_LEN) || !entry_hash_ok(x))
		return err_set(e, ERR_MALFORMED, "hash does not match the entry");
	return true;
}

static bool is_plain_word(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] < 'a' || s.p[i] > 'z')
			return false;
	return s.len > 0 && s.len <= WORD_MAX;
}

static bool read_role(struct str *out, const struct json *root)
{
	return !json_get(root, "role") || (json_get_str(root, "role", out) && is_plain_word(*out));
}

static bool read_sign(struct batch_sign *out, const struct json *o)
{
	const struct json *value = json_get(o, "value");

	*out = (struct batch_sign){ .has_value = value != NULL };
	return json_get_str(o, "sign", &out->name) && is_plain_word(out->name) &&
	       json_get_u64(o, "for_ms", &out->for_ms) && out->for_ms <= INT64_MAX / 2 &&
	       (!value || json_get_i64(o, "value", &out->value));
}

static bool read_signs(struct batch *out, const struct json *root, struct arena *a)
{
	const struct json *list = json_get(root, "signs");

	if (!list)
		return true;
	if (list->type != JSON_ARRAY || list->count > BATCH_SIGNS_MAX)
		return false;
	out->has_signs = true;
	out->signs = ARENA_ARRAY(a, list->count, struct batch_sign);
	for (const struct json *o = list->first; o; o = o->next)
		if (!read_sign(&out->signs[out->sign_count++], o))
			return false;
	return true;
}

static bool read_program(struct batch_program *out, const struct json *root)
{
	const struct json *update = json_get(root, "update");

	if (!json_get(root, "version"))
		return true;
	if (!json_get_str(root, "version", &out->version) || !version_ok(out->version) ||
		!json_get_str(root, "architecture", &out->architecture) ||
		!release_architecture_ok(out->architecture))
		return false;
	if (!update)
		return true;
	return json_get_str(update, "state", &out->update) &&
	       json_get_str(update, "version", &out->update_version) &&
	       json_get_str(update, "reason", &out->update_reason) &&
	       outcome_words_ok(out->update, out->update_version, out->update_reason);
}

bool batch_read(struct batch *out, struct bytes text, struct arena *a, struct err *e)
{
	const struct json *list;
	struct json *root;
	uint64_t event;
	size_t i = 0;

	*out = (struct batch){ 0 };
	if (text.len > LIMIT_BATCH_BYTES)
		return err_set(e, ERR_TOO_LARGE,
			"a batch holds at most %d bytes: send fewer entries", LIMIT_BATCH_BYTES);
	if (!json_read(&root, text, a, e))
		return err_in(e, "batch");
	if (!json_get_id(root, "store_id", &out->store_id))
		return err_set(e, ERR_MALFORMED, "batch: store_id is no UUID");
	if (!json_get_u64(root, "event", &event) || event == 0 || event > UINT32_MAX)
		return err_set(e, ERR_MALFORMED, "batch: event is no event number");
	out->event = (uint32_t)event;
	if (!json_get_u64(root, "from_seq", &out->from_seq) || out->from_seq == 0 ||
		out->from_seq > INT64_MAX / 2)
		return err_set(e, ERR_MALFORMED, "batch: from_seq begins at 1");
	if (!json_get_blob(root, "prev_hash", out->prev_hash, ENTRY_HASH_LEN))
		return err_set(e, ERR_MALFORMED, "batch: prev_hash must be 32 bytes");
	if (!read_time(&out->now, root))
		return err_set(e, ERR_MALFORMED,
			"batch: boot_id, boot_ms, wall_ms or quality is missing or wrong");
	if (json_get(root, "pending") && !json_get_u64(root, "pending", &out->pending))
		return err_set(e, ERR_MALFORMED, "batch: pending is no number");
	if (json_get(root, "refusal_seq") && !json_get_u64(root, "refusal_seq", &out->refusal_seq))
		return err_set(e, ERR_MALFORMED, "batch: refusal_seq is no number");
	if (!read_role(&out->role, root))
		return err_set(e, ERR_MALFORMED, "batch: role is no word");
	if (!read_program(&out->program, root))
		return err_set(e, ERR_MALFORMED,
			"batch: version, architecture or update is no version or word");
	if (!read_signs(out, root, a))
		return err_set(e, ERR_MALFORMED, "batch: signs are at most %d words with for_ms",
			BATCH_SIGNS_MAX);
	list = json_get(root, "entries");
	if (!list || list->type != JSON_ARRAY)
		return err_set(e, ERR_MALFORMED, "batch: entries is missing");
	if (list->count > LIMIT_BATCH_ENTRIES)
		return err_set(
			e, ERR_TOO_LARGE, "a batch holds at most %d entries", LIMIT_BATCH_ENTRIES);
	out->count = list->count;
	out->entries = ARENA_ARRAY(a, list->count, struct entry);
	for (const struct json *o = list->first; o; o = o->next, i++) {
		struct entry *x = &out->entries[i];

		x->store_id = out->store_id;
		x->event = out->event;
		x->seq = out->from_seq + i;
		memcpy(x->prev_hash, i ? out->entries[i - 1].hash : out->prev_hash, ENTRY_HASH_LEN);
		if (!read_entry(x, o, a, e))
			return err_in(e, "batch: entry %zu", i + 1);
	}
	return true;
}

void batch_reply_write(struct buf *out, const struct batch_reply *r)
{
	struct json_writer w = JSON_TO(out);

	json_open(&w, NULL, '{');
	json_uuid(&w, "store_id", r->store_id);
	json_str(&w, "status", str_of(status_names[r->status]));
	json_u64(&w, "durable_seq", r->durable_seq);
	json_blob(&w, "durable_hash", bytes_of(r->durable_hash, ENTRY_HASH_LEN));
	json_u64(&w, "safe_seq", r->safe_seq);
	json_uuid(&w, "timeline", r->timeline);
	json_i64(&w, "server_ms", r->server_ms);
	json_u64(&w, "roster_rev", r->roster_rev);
	json_bool(&w, "wipe", r->wipe);
	json_open(&w, "refusals", '[');
	for (size_t i = 0; i < r->refusal_count; i++) {
		json_open(&w, NULL, '{');
		json_uuid(&w, "id", r->refusals[i].id);
		json_str(&w, "reason", r->refusals[i].reason);
		json_close(&w, '}');
	}
	json_close(&w, ']');
	json_u64(&w, "refusal_seq", r->refusal_seq);
	if (r->has_release)
		json_blob(&w, "release", hash_bytes(&r->release));
	json_close(&w, '}');
}

bool batch_reply_read(struct batch_reply *out, struct bytes text, struct arena *a, struct err *e)
{
	const struct json *list;
	struct json *root;
	struct str status;
	unsigned n;

	*out = (struct batch_reply){ 0 };
	if (!json_read(&root, text, a, e))
		return err_in(e, "sync reply");
	if (!json_get_id(root, "store_id", &out->store_id) ||
		!json_get_str(root, "status", &status) ||
		!find_name(status_names, ARRAY_LEN(status_names), status, &n) ||
		!json_get_u64(root, "durable_seq", &out->durable_seq) ||
		!json_get_blob(root, "durable_hash", out->durable_hash, ENTRY_HASH_LEN) ||
		!json_get_u64(root, "safe_seq", &out->safe_seq) ||
		!json_get_id(root, "timeline", &out->timeline) ||
		!json_get_i64(root, "server_ms", &out->server_ms) ||
		!json_get_u64(root, "roster_rev", &out->roster_rev) ||
		!json_get_bool(root, "wipe", &out->wipe))
		return err_set(e, ERR_MALFORMED, "sync reply: a field is missing or wrong");
	out->status = (enum batch_status)n;
	/* an older server does not number them */
	if (json_get(root, "refusal_seq") && !json_get_u64(root, "refusal_seq", &out->refusal_seq))
		return err_set(e, ERR_MALFORMED, "sync reply: refusal_seq is no number");
	out->has_release = json_get(root, "release") != NULL;
	if (out->has_release && !json_get_blob(root, "release", out->release.b, HASH_LEN))
		return err_set(e, ERR_MALFORMED, "sync reply: release must be 32 bytes");
	list = json_get(root, "refusals");
	out->refusals = ARENA_ARRAY(a, list ? list->count : 0, struct batch_refusal);
	for (const struct json *o = list ? list->first : NULL; o; o = o->next) {
		struct batch_refusal *r = &out->refusals[out->refusal_count];

		if (!json_get_id(o, "id", &r->id) || !json_get_str(o, "reason", &r->reason))
			return err_set(e, ERR_MALFORMED, "sync reply: a refusal is wrong");
		out->refusal_count++;
	}
	return true;
}
