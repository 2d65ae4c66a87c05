#include "kiosk/setup_system.h"

#include "core/base/config.h"
#include "core/base/text.h"

enum { FILE_MAX = 16384, CODE_LEN = 16 };

static struct str read_text(const char *folder, const char *name, struct arena *a)
{
	struct bytes b;
	struct str text;
	struct err none;

	return file_read(&b, arena_printf(a, "%s/%s", folder, name).p, FILE_MAX, a, &none) &&
			       utf8_check(b, &text)
		       ? text
		       : STR("");
}

static void set(char *out, size_t size, struct str value)
{
	struct str s = utf8_cut(value, size - 1);

	memset(out, 0, size);
	if (s.len > 0)
		memcpy(out, s.p, s.len);
}

void setup_status_read(struct setup_status *out, const char *status_dir)
{
	const struct {
		struct str key;
		char *to;
		size_t size;
	} keys[] = { { STR("state"), out->state, sizeof(out->state) },
		{ STR("problem"), out->problem, sizeof(out->problem) },
		{ STR("text"), out->text, sizeof(out->text) } };
	struct arena a = { 0 };
	struct str text, line;

	*out = (struct setup_status){ 0 };
	text = read_text(status_dir, "status", &a);
	while (str_split(&text, '\n', &line)) {
		size_t is = str_find_char(line, '=', 0);

		for (size_t i = 0; is != SIZE_MAX && i < ARRAY_LEN(keys); i++)
			if (str_equal(str_trim(str_sub(line, 0, is)), keys[i].key))
				set(keys[i].to, keys[i].size,
					str_trim(str_sub(line, is + 1, line.len)));
	}
	out->there = out->state[0] != '\0';
	arena_finish(&a);
}

size_t setup_networks_read(struct str *out, size_t max, const char *status_dir, struct arena *a)
{
	struct str text = read_text(status_dir, "networks", a), line;
	size_t n = 0;

	while (n < max && str_split(&text, '\n', &line))
		if (str_trim(line).len > 0)
			out[n++] = str_trim(line);
	return n;
}

static bool is_line(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
			return false;
	return true;
}

bool setup_request_write(const struct setup_request *r, const char *control_dir, struct err *e)
{
	const struct {
		const char *key;
		struct str value;
	} lines[] = { { "wifi_name", r->wifi_name }, { "wifi_password", r->wifi_password },
		{ "wifi_country", r->wifi_country }, { "time_zone", r->time_zone } };
	struct arena a = { 0 };
	struct buf text = BUF_IN(&a);
	bool ok;

	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		if (!is_line(lines[i].value)) {
			arena_finish(&a);
			return err_set(
				e, ERR_MALFORMED, "%s holds a control character", lines[i].key);
		}
		if (lines[i].value.len > 0)
			buf_printf(
				&text, "%s = " STR_FMT "\n", lines[i].key, STR_ARG(lines[i].value));
	}
	ok = file_replace(arena_printf(&a, "%s/setup", control_dir).p, buf_bytes(&text), 0600, e);
	if (text.p)
		memset(text.p, 0, text.len);
	arena_finish(&a);
	return ok;
}

static bool is_code(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++) {
		char c = s.p[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			      (c >= '0' && c <= '9');

		if (!letter && c != '-' && c != ' ')
			return false;
		n += letter;
	}
	return n == CODE_LEN;
}

bool setup_code_read(struct str text, struct str *server, struct str *code)
{
	static const struct str between = STR_INIT("/enrol#");
	struct str s = str_trim(text);
	size_t at = str_find(s, between, 0);

	if (at == SIZE_MAX || !(str_starts(s, STR("https://")) || str_starts(s, STR("http://"))))
		return false;
	*server = str_sub(s, 0, at);
	*code = str_sub(s, at + between.len, s.len);
	return is_line(s) && is_code(*code);
}
