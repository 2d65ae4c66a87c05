#include "core/base/json.h"

#include <yajl/yajl_parse.h>

#include "core/base/limits.h"
#include "core/base/text.h"

struct reader {
	struct arena *arena;
	struct json *root, *open[LIMIT_JSON_DEPTH], *last[LIMIT_JSON_DEPTH];
	struct str key;
	unsigned depth;
	size_t nodes;
	const char *why; /* set when a callback stops the parser */
	bool too_large;
};

static struct json *add(struct reader *r, enum json_type type)
{
	struct json *node;

	if (++r->nodes > LIMIT_JSON_NODES) {
		r->why = "more values than a document may have";
		r->too_large = true;
		return NULL;
	}
	node = ARENA_NEW(r->arena, struct json);
	node->type = type;
	node->key = r->key;
	r->key = (struct str){ NULL, 0 };
	if (r->depth == 0) {
		r->root = node;
		return node;
	}
	if (r->last[r->depth - 1])
		r->last[r->depth - 1]->next = node;
	else
		r->open[r->depth - 1]->first = node;
	r->last[r->depth - 1] = node;
	r->open[r->depth - 1]->count++;
	return node;
}

static int on_null(void *ctx)
{
	return add(ctx, JSON_NULL) != NULL;
}

static int on_bool(void *ctx, int truth)
{
	struct json *node = add(ctx, JSON_BOOL);

	if (node)
		node->truth = truth != 0;
	return node != NULL;
}

static int on_number(void *ctx, const char *digits, size_t len)
{
	struct reader *r = ctx;
	struct json *node = add(r, JSON_NUMBER);

	if (node)
		node->text = arena_str(r->arena, (struct str){ digits, len });
	return node != NULL;
}

static int on_string(void *ctx, const unsigned char *text, size_t len)
{
	struct reader *r = ctx;
	struct json *node = add(r, JSON_STRING);

	if (node)
		node->text = arena_str(r->arena, (struct str){ (const char *)text, len });
	return node != NULL;
}

static int on_key(void *ctx, const unsigned char *text, size_t len)
{
	struct reader *r = ctx;
	struct str key = { (const char *)text, len };

	for (struct json *n = r->open[r->depth - 1]->first; n; n = n->next) {
		if (str_equal(n->key, key)) {
			r->why = "the same key twice in one object";
			return 0;
		}
	}
	r->key = arena_str(r->arena, key);
	return 1;
}

static int on_open(struct reader *r, enum json_type type)
{
	struct json *node;

	if (r->depth == LIMIT_JSON_DEPTH) {
		r->why = "nested too deeply";
		r->too_large = true;
		return 0;
	}
	node = add(r, type);
	if (!node)
		return 0;
	r->open[r->depth] = node;
	r->last[r->depth] = NULL;
	r->depth++;
	return 1;
}

static int on_map(void *ctx)
{
	return on_open(ctx, JSON_OBJECT);
}

static int on_array(void *ctx)
{
	return on_open(ctx, JSON_ARRAY);
}

static int on_end(void *ctx)
{
	struct reader *r = ctx;

	r->depth--;
	return 1;
}

bool json_read(struct json **out, struct bytes text, struct arena *a, struct err *e)
{
	static const yajl_callbacks callbacks = {
		.yajl_null = on_null,
		.yajl_boolean = on_bool,
		.yajl_number = on_number,
		.yajl_string = on_string,
		.yajl_start_map = on_map,
		.yajl_map_key = on_key,
		.yajl_end_map = on_end,
		.yajl_start_array = on_array,
		.yajl_end_array = on_end,
	};
	struct reader r = { .arena = a };
	yajl_handle parser = yajl_alloc(&callbacks, NULL, &r);
	yajl_status status;
	size_t at;

	if (!parser)
		return err_set(e, ERR_INTERNAL, "no memory for a JSON reader");
	status = yajl_parse(parser, text.p, text.len);
	at = yajl_get_bytes_consumed(parser);
	if (status == yajl_status_ok)
		status = yajl_complete_parse(parser);
	yajl_free(parser);
	if (r.why)
		return err_set(e, r.too_large ? ERR_TOO_LARGE : ERR_MALFORMED,
			"JSON, near byte %zu: %s", at, r.why);
	if (status != yajl_status_ok || !r.root)
		return err_set(e, ERR_MALFORMED, "not valid JSON near byte %zu", at);
	*out = r.root;
	return true;
}

const struct json *json_get(const struct json *object, const char *key)
{
	struct str want = str_of(key);

	if (!object || object->type != JSON_OBJECT)
		return NULL;
	for (const struct json *n = object->first; n; n = n->next)
		if (str_equal(n->key, want))
			return n;
	return NULL;
}

static const struct json *get_typed(const struct json *object, const char *key, enum json_type type)
{
	const struct json *n = json_get(object, key);

	return n && n->type == type ? n : NULL;
}

bool json_get_str(const struct json *object, const char *key, struct str *out)
{
	const struct json *n = get_typed(object, key, JSON_STRING);

	if (n)
		*out = n->text;
	return n != NULL;
}

bool json_get_i64(const struct json *object, const char *key, int64_t *out)
{
	const struct json *n = get_typed(object, key, JSON_NUMBER);

	return n && str_i64(n->text, out);
}

bool json_get_u64(const struct json *object, const char *key, uint64_t *out)
{
	const struct json *n = get_typed(object, key, JSON_NUMBER);

	return n && str_u64(n->text, out);
}

bool json_get_bool(const struct json *object, const char *key, bool *out)
{
	const struct json *n = get_typed(object, key, JSON_BOOL);

	if (n)
		*out = n->truth;
	return n != NULL;
}

bool json_get_id(const struct json *object, const char *key, struct id *out)
{
	const struct json *n = get_typed(object, key, JSON_STRING);

	return n && id_read(n->text, out);
}

bool json_get_blob(const struct json *object, const char *key, void *out, size_t n)
{
	const struct json *node = get_typed(object, key, JSON_STRING);
	struct buf b = BUF_OVER(out, n);

	return node && base64_read(&b, node->text) && b.len == n;
}
