#include "core/card/photo.h"

#include "core/card/value.h"

/* The media type by how the image begins, which is more to be trusted than what the card says. */
static const struct {
	struct bytes magic;
	struct str type;
} images[] = {
	{ { (const uint8_t *)"\xFF\xD8\xFF", 3 }, STR_INIT("image/jpeg") },
	{ { (const uint8_t *)"\x89PNG", 4 }, STR_INIT("image/png") },
	{ { (const uint8_t *)"GIF8", 4 }, STR_INIT("image/gif") },
	{ { (const uint8_t *)"RIFF", 4 }, STR_INIT("image/webp") },
	{ { (const uint8_t *)"BM", 2 }, STR_INIT("image/bmp") },
};

/* One '/' between two names of letters, digits and "+-._": what any card can say of a photo. */
static bool is_media_type(struct str s)
{
	size_t slash = str_find_char(s, '/', 0);

	if (slash == 0 || slash == SIZE_MAX || slash + 1 == s.len)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		char c = s.p[i];

		if (i != slash && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '+' &&
			c != '-' && c != '.' && c != '_')
			return false;
	}
	return true;
}

/* declared is a media type, or a word as in TYPE=JPEG; empty for what is neither. */
static struct str image_type(struct bytes image, struct str declared, struct arena *a)
{
	struct buf lower = BUF_IN(a);

	for (size_t i = 0; i < ARRAY_LEN(images); i++)
		if (image.len >= images[i].magic.len &&
			memcmp(image.p, images[i].magic.p, images[i].magic.len) == 0)
			return images[i].type;
	if (declared.len == 0)
		return STR("");
	if (str_find_char(declared, '/', 0) == SIZE_MAX)
		buf_lit(&lower, "image/");
	for (size_t i = 0; i < declared.len; i++) {
		char c = declared.p[i];

		buf_add_char(&lower, c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c);
	}
	return is_media_type(buf_str(&lower)) ? buf_str(&lower) : STR("");
}

static struct str declared_type(const struct line *l)
{
	struct str type = STR("");

	if (!line_param(l, STR("MEDIATYPE"), &type))
		(void)!line_param(l, STR("TYPE"), &type);
	return type;
}

static bool set_image(struct card *card, struct bytes text, struct str declared, struct arena *a)
{
	if (!value_base64(text, a, &card->photo))
		return false;
	card->photo_type = image_type(card->photo, declared, a);
	return true;
}

/* "data:" [type] [";base64"] "," data */
static bool read_data_uri(struct card *card, struct str uri, struct str declared, struct arena *a)
{
	size_t comma = str_find_char(uri, ',', 0);
	struct str head, type;

	if (comma == SIZE_MAX)
		return false;
	head = str_sub(uri, 5, comma);
	if (!str_ends(head, STR("base64")))
		return false;
	type = str_sub(head, 0, str_find_char(head, ';', 0));
	if (type.len == 0 || str_equal(type, STR("base64")))
		type = declared;
	return set_image(card, str_bytes(str_sub(uri, comma + 1, uri.len)), type, a);
}

static bool is_uri(const struct line *l, struct str value)
{
	struct str kind = STR("");

	(void)!line_param(l, STR("VALUE"), &kind);
	return str_equal_nocase(kind, STR("URI")) || str_equal_nocase(kind, STR("URL")) ||
	       str_starts_nocase(value, STR("http:")) || str_starts_nocase(value, STR("https:"));
}

bool photo_read(struct card *card, const struct line *l, struct arena *a)
{
	struct str value;

	/* decoded from the bytes themselves: a photo is most of what there is to read in a card */
	if (l->encoding == LINE_BASE64)
		return set_image(card, l->value, declared_type(l), a);
	value = value_plain(value_text(l, a), a);
	if (str_starts_nocase(value, STR("data:")))
		return read_data_uri(card, value, declared_type(l), a);
	if (!is_uri(l, value))
		return false;
	card->photo_uri = value;
	return value.len > 0;
}
