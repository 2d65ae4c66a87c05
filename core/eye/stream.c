#include "core/eye/stream.h"

void stream_finish(struct stream *s)
{
	image_store_finish(&s->frame);
	*s = (struct stream){ 0 };
}

bool stream_between(const struct stream *s)
{
	return s->have == 0;
}

bool stream_space(struct stream *s, uint8_t **p, size_t *n, struct err *e)
{
	/* a header ends where it says, so it is taken byte by byte */
	if (s->state == STREAM_HEADER || s->state == STREAM_Y4M_FRAME)
		s->want = s->have + 1;
	if (!image_store_reserve(
		    &s->frame, s->want > STREAM_LINE_MAX ? s->want : STREAM_LINE_MAX, e))
		return false;
	*p = s->frame.pixels + s->have;
	*n = s->want - s->have;
	return true;
}

static struct str stream_text(const struct stream *s)
{
	return (struct str){ (const char *)s->frame.pixels, s->have };
}

static void stream_body(struct stream *s, enum stream_state state, size_t bytes)
{
	s->state = state;
	s->have = 0;
	s->want = bytes;
}

/* Bytes of one frame of a chroma kind "C...", 8 bit a sample. Without one it is 4:2:0. */
static bool y4m_frame_bytes(struct str kind, uint64_t w, uint64_t h, uint64_t *out)
{
	uint64_t cw = (w + 1) / 2, ch = (h + 1) / 2;
	const struct {
		const char *name;
		uint64_t chroma;
	} kinds[] = {
		{ "", 2 * cw * ch },
		{ "420", 2 * cw * ch },
		{ "420jpeg", 2 * cw * ch },
		{ "420mpeg2", 2 * cw * ch },
		{ "420paldv", 2 * cw * ch },
		{ "411", 2 * ((w + 3) / 4) * h },
		{ "422", 2 * cw * h },
		{ "444", 2 * w * h },
		{ "444alpha", 3 * w * h },
		{ "mono", 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (str_equal(kind, str_of(kinds[i].name))) {
			*out = w * h + kinds[i].chroma;
			return true;
		}
	return false;
}

static bool y4m_header(struct stream *s, struct err *e)
{
	struct str line = stream_text(s), word, kind = STR("");
	uint64_t w = 0, h = 0, body;

	line.len--;
	str_split(&line, ' ', &word);
	while (str_split(&line, ' ', &word)) {
		struct str value = str_sub(word, 1, word.len);
		char tag = word.len > 0 ? word.p[0] : ' ';

		if (tag == 'C')
			kind = value;
		else if ((tag == 'W' && !str_u64(value, &w)) || (tag == 'H' && !str_u64(value, &h)))
			return err_set(e, ERR_MALFORMED, "Y4M: width or height is no number");
	}
	if (!image_size_check(w, h, e))
		return err_in(e, "Y4M");
	if (!y4m_frame_bytes(kind, w, h, &body))
		return err_set(e, ERR_UNSUPPORTED,
			"Y4M: colour format C" STR_FMT
			" is not known; convert it to C420jpeg or Cmono",
			STR_ARG(str_sub(kind, 0, 20)));
	s->width = (uint32_t)w;
	s->height = (uint32_t)h;
	s->body = (size_t)body;
	s->y4m = true;
	stream_body(s, STREAM_Y4M_FRAME, 0);
	return true;
}

static bool stream_header(struct stream *s, struct err *e)
{
	struct str text = stream_text(s);
	struct bytes at = str_bytes(text);
	struct err not_yet = { 0 };

	if (text.p[0] == 'Y') {
		if (text.p[text.len - 1] != '\n')
			return true;
		if (str_starts(text, STR("YUV4MPEG2 ")))
			return y4m_header(s, e);
	} else if (text.p[0] == 'P') {
		if (text.len < 3 || !pnm_header_take(&at, &s->pnm, &not_yet))
			return not_yet.code != ERR_TOO_LARGE ||
			       err_set(e, not_yet.code, "%s", not_yet.text);
		if (s->pnm.kind != '2') {
			stream_body(s, STREAM_PNM_BODY, s->pnm.body);
			return true;
		}
	}
	return err_set(e, ERR_UNSUPPORTED, "no stream of binary PGM, PPM or Y4M frames");
}

bool stream_take(struct stream *s, size_t n, struct image *frame, bool *found, struct err *e)
{
	uint8_t *pixels = s->frame.pixels;

	*found = false;
	s->have += n;
	if (s->have < s->want)
		return true;
	switch (s->state) {
	case STREAM_HEADER:
		return stream_header(s, e) &&
		       (s->state != STREAM_HEADER || s->have < STREAM_LINE_MAX ||
			       err_set(e, ERR_MALFORMED, "a frame's header without an end"));
	case STREAM_Y4M_FRAME:
		if (pixels[s->have - 1] != '\n')
			return s->have < STREAM_LINE_MAX ||
			       err_set(e, ERR_MALFORMED, "Y4M: a frame's header without an end");
		if (!str_starts(stream_text(s), STR("FRAME")))
			return err_set(e, ERR_MALFORMED, "Y4M: no frame where one must begin");
		stream_body(s, STREAM_Y4M_BODY, s->body);
		return true;
	case STREAM_PNM_BODY:
		pnm_to_gray(pixels, pixels, &s->pnm);
		*frame = (struct image){ pixels, s->pnm.width, s->pnm.height, s->pnm.width };
		stream_body(s, STREAM_HEADER, 0);
		break;
	case STREAM_Y4M_BODY:
		*frame = (struct image){ pixels, s->width, s->height, s->width };
		stream_body(s, STREAM_Y4M_FRAME, 0);
		break;
	}
	*found = true;
	return true;
}
