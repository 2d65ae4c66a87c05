#include "kiosk/readers/video.h"

#include <stdlib.h>

#include "core/base/log.h"
#include "core/eye/jail.h"
#include "kiosk/readers/view.h"

enum {
	SEEN_MAX = 32,	  /* codes that the guard remembers */
	WAITING_MAX = 16, /* new codes of one frame; further ones come with a later frame */
};

struct seen {
	uint64_t mark; /* of the code's bytes; 0: free */
	uint64_t last_ns, reported_ns;
};

struct video {
	struct jail *jail;
	struct seen seen[SEEN_MAX];
	struct eye_code waiting[WAITING_MAX]; /* data borrowed from the jail */
	size_t first, count;
	uint64_t seen_ns;
	int view; /* where staff may ask for the picture, or -1 */
};

bool video_open(struct video **out, struct err *e)
{
	struct video *v = calloc(1, sizeof(*v));

	if (!v)
		return err_set(e, ERR_FULL, "no memory for the video");
	if (!jail_open(&v->jail, e)) {
		free(v);
		return false;
	}
	v->view = view_reader_fd();
	*out = v;
	return true;
}

void video_close(struct video *v)
{
	if (!v)
		return;
	jail_close(v->jail);
	free(v);
}

/* FNV-1a, 64 bit. Whoever makes two codes collide hides the second of their own for 5 s. */
static uint64_t mark_of(struct bytes b)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < b.len; i++)
		h = (h ^ b.p[i]) * UINT64_C(0x100000001b3);
	return h | 1;
}

/* Its place in the guard; a new code takes the place of the one that is out of sight longest. */
static struct seen *video_seen(struct video *v, uint64_t mark)
{
	struct seen *oldest = v->seen;

	for (size_t i = 0; i < SEEN_MAX; i++) {
		if (v->seen[i].mark == mark)
			return &v->seen[i];
		if (v->seen[i].last_ns < oldest->last_ns)
			oldest = &v->seen[i];
	}
	*oldest = (struct seen){ .mark = mark };
	return oldest;
}

static bool video_is_new(struct video *v, struct bytes data, uint64_t now_ns)
{
	struct seen *s = video_seen(v, mark_of(data));
	bool is_new = s->reported_ns == 0 ||
		      (now_ns - s->last_ns >= (uint64_t)VIDEO_AWAY_MS * 1000000 &&
			      now_ns - s->reported_ns >= (uint64_t)VIDEO_AGAIN_MS * 1000000);

	s->last_ns = now_ns;
	if (is_new)
		s->reported_ns = now_ns;
	return is_new;
}

bool video_frame(struct video *v, const struct image *in, enum eye_mode mode, bool guarded,
	uint64_t seen_ns, struct err *e)
{
	struct eye_codes codes = { 0 };

	v->first = v->count = 0;
	v->seen_ns = seen_ns;
	if (!jail_read(v->jail, in, mode, mode == EYE_VIDEO ? JAIL_FRAME_MS : JAIL_STILL_MS, &codes,
		    e)) {
		if (e->code != ERR_TIMEOUT && e->code != ERR_UNAVAILABLE)
			return false;
		/* a decoder that died or hung costs this frame, and the next one has another */
		log_warn("a frame was lost: %s", e->text);
		*e = (struct err){ 0 };
		return true;
	}
	view_offer(v->view, in, &codes);
	for (size_t i = 0; i < codes.count && v->count < WAITING_MAX; i++)
		/* no symbol is longer; only parts that ZBar joined could be, and nobody prints them
		 */
		if (codes.code[i].data.len <= SCAN_DATA_MAX &&
			(!guarded || video_is_new(v, codes.code[i].data, seen_ns)))
			v->waiting[v->count++] = codes.code[i];
	return true;
}

bool video_next(struct video *v, struct scan *out)
{
	struct bytes data;

	if (v->first == v->count)
		return false;
	data = v->waiting[v->first++].data;
	*out = (struct scan){ .kind = SCAN_CODE, .seen_ns = v->seen_ns, .len = (uint16_t)data.len };
	if (data.len > 0)
		memcpy(out->data, data.p, data.len);
	return true;
}

void scan_say(struct scan *out, enum scan_kind kind, uint64_t now_ns, const char *format, ...)
{
	struct buf text;
	va_list args;

	*out = (struct scan){ .kind = (uint8_t)kind, .seen_ns = now_ns };
	text = BUF_ON(out->data);
	va_start(args, format);
	buf_vprintf(&text, format, args);
	va_end(args);
	out->len = (uint16_t)buf_bytes(&text).len;
}
