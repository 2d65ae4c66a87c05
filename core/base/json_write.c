/* The writing half of json.h, and pure: the phone writes its answers with it. */
#include "core/base/json.h"

#include "core/base/text.h"

static void begin(struct json_writer *w, struct str key)
{
	if (w->has_member & (uint64_t)1 << w->depth)
		buf_add_char(w->out, ',');
	w->has_member |= (uint64_t)1 << w->depth;
	if (key.p) {
		json_write_str(w->out, key);
		buf_add_char(w->out, ':');
	}
}

static void begin_member(struct json_writer *w, const char *key)
{
	begin(w, str_of(key));
}

void json_open(struct json_writer *w, const char *key, char bracket)
{
	begin_member(w, key);
	buf_add_char(w->out, bracket);
	w->depth++;
	w->has_member &= ~((uint64_t)1 << w->depth);
}

void json_close(struct json_writer *w, char bracket)
{
	buf_add_char(w->out, bracket);
	w->depth--;
}

void json_str(struct json_writer *w, const char *key, struct str value)
{
	begin_member(w, key);
	json_write_str(w->out, value);
}

void json_i64(struct json_writer *w, const char *key, int64_t value)
{
	begin_member(w, key);
	buf_add_i64(w->out, value);
}

void json_u64(struct json_writer *w, const char *key, uint64_t value)
{
	begin_member(w, key);
	buf_add_u64(w->out, value);
}

void json_bool(struct json_writer *w, const char *key, bool value)
{
	json_raw(w, key, value ? STR("true") : STR("false"));
}

void json_null(struct json_writer *w, const char *key)
{
	json_raw(w, key, STR("null"));
}

static void json_quoted(struct json_writer *w, const char *key,
	void (*write)(struct buf *, struct id), struct id id)
{
	begin_member(w, key);
	buf_add_char(w->out, '"');
	write(w->out, id);
	buf_add_char(w->out, '"');
}

void json_id(struct json_writer *w, const char *key, struct id id)
{
	json_quoted(w, key, id_write, id);
}

void json_uuid(struct json_writer *w, const char *key, struct id id)
{
	json_quoted(w, key, id_write_uuid, id);
}

void json_blob(struct json_writer *w, const char *key, struct bytes b)
{
	begin_member(w, key);
	buf_add_char(w->out, '"');
	base64url_write(w->out, b);
	buf_add_char(w->out, '"');
}

void json_raw(struct json_writer *w, const char *key, struct str text)
{
	begin_member(w, key);
	buf_add_str(w->out, text);
}

static void copy_value(struct json_writer *w, const struct json *v)
{
	bool object = v->type == JSON_OBJECT;

	begin(w, v->key);
	switch (v->type) {
	case JSON_NULL:
		buf_lit(w->out, "null");
		break;
	case JSON_BOOL:
		buf_add_str(w->out, v->truth ? STR("true") : STR("false"));
		break;
	case JSON_NUMBER:
		buf_add_str(w->out, v->text);
		break;
	case JSON_STRING:
		json_write_str(w->out, v->text);
		break;
	case JSON_ARRAY:
	case JSON_OBJECT:
		buf_add_char(w->out, object ? '{' : '[');
		w->depth++;
		w->has_member &= ~((uint64_t)1 << w->depth);
		for (const struct json *n = v->first; n; n = n->next)
			copy_value(w, n);
		json_close(w, object ? '}' : ']');
	}
}

void json_copy(struct buf *out, const struct json *value)
{
	struct json top = *value;
	struct json_writer w = JSON_TO(out);

	top.key = (struct str){ NULL, 0 };
	copy_value(&w, &top);
}
