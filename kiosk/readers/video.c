#include "kiosk/readers/video.h"

#include <stdlib.h>
#include <unistd.h>

#include "core/base/log.h"
#include "core/eye/advisor.h"
#include "kiosk/readers/view.h"

enum {
	SEEN_MAX = 32,	  /* codes that the guard remembers */
	WAITING_MAX = 16, /* new codes of one frame; further ones come with a later frame */
	DEEP_MS = 300,	  /* so long a helper's sight stands for frames that show less */
};

struct seen {
	uint64_t mark; /* of the code's bytes; 0: free */
	uint64_t last_ns, reported_ns;
};

/* A process that looks hard at a frame while newer ones come. */
struct helper {
	struct jail *jail;
	uint64_t seen_ns; /* of its frame */
};

struct video {
	struct jail *jail;
	struct helper helpers[VIDEO_HELPERS_MAX];
	unsigned helper_count;
	unsigned turn; /* the pass that the next helper takes */
	struct seen seen[SEEN_MAX];
	struct {
		struct bytes data; /* borrowed from a jail, until its next frame */
		uint64_t seen_ns;
	} waiting[WAITING_MAX];
	size_t first, count;
	uint64_t newest_ns; /* of the last frame */
	bool guarded;
	struct advisor advisor;
	struct eye_sight deep; /* the last sight of a helper, */
	uint64_t deep_ns;      /* and when it came */
	enum eye_advice hint;  /* as it was last reported */
	uint64_t hint_ns;
	bool hint_waits;
	int view; /* where staff may ask for the picture, or -1 */
	struct image_store shown;
};

_Static_assert((int)HINT_STILL == (int)EYE_HOLD_STILL && (int)HINT_COUNT == (int)EYE_ADVICE_COUNT,
	"what the eye advises is what the screen asks for");

unsigned video_helpers(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN) - 1;

	return n < 0 ? 0 : n > VIDEO_HELPERS_MAX ? VIDEO_HELPERS_MAX : (unsigned)n;
}

bool video_open(struct video **out, unsigned helpers, struct err *e)
{
	struct video *v = calloc(1, sizeof(*v));

	if (!v)
		return err_set(e, ERR_FULL, "no memory for the video");
	if (!jail_open(&v->jail, e)) {
		video_close(v);
		return false;
	}
	v->view = view_reader_fd();
	for (; v->helper_count < helpers && v->helper_count < VIDEO_HELPERS_MAX; v->helper_count++)
		if (!jail_open(&v->helpers[v->helper_count].jail, e)) {
			video_close(v);
			return false;
		}
	*out = v;
	return true;
}

void video_close(struct video *v)
{
	if (!v)
		return;
	for (unsigned i = 0; i < v->helper_count; i++)
		jail_close(v->helpers[i].jail);
	jail_close(v->jail);
	image_store_finish(&v->shown);
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

/* now_ns never goes back, though a helper's frame may be older than one that was read since. */
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

static void take_codes(struct video *v, const struct eye_codes *codes, uint64_t seen_ns)
{
	for (size_t i = 0; i < codes->count && v->count < WAITING_MAX; i++) {
		struct bytes data = codes->code[i].data;

		/* no symbol is longer; only parts that ZBar joined could be, and nobody prints them
		 */
		if (data.len > SCAN_DATA_MAX ||
			(v->guarded && !video_is_new(v, data, v->newest_ns)))
			continue;
		v->waiting[v->count].data = data;
		v->waiting[v->count++].seen_ns = seen_ns;
	}
}

/* What a frame means for whoever holds a card. */
static void advise(struct video *v, const struct eye_codes *codes)
{
	bool deep = !codes->sight.located && v->deep.located &&
		    v->newest_ns - v->deep_ns < (uint64_t)DEEP_MS * 1000000;
	enum eye_advice said = advisor_frame(
		&v->advisor, deep ? &v->deep : &codes->sight, codes->count > 0, v->newest_ns);

	v->hint_waits = v->hint_waits || said != v->hint ||
			(said != EYE_NO_ADVICE &&
				v->newest_ns - v->hint_ns >= (uint64_t)VIDEO_HINT_MS * 1000000);
	v->hint = said;
}

/* A decoder that died or hung costs its frame, and the next one has another. */
static bool lose_frame(struct err *e, bool *whole)
{
	if (e->code == ERR_MALFORMED || e->code == ERR_UNSUPPORTED || e->code == ERR_TOO_LARGE)
		*whole = false;
	else if (e->code == ERR_TIMEOUT || e->code == ERR_UNAVAILABLE)
		log_warn("a frame was lost: %s", e->text);
	else
		return false;
	*e = (struct err){ 0 };
	return true;
}

/* What the helpers have read. */
static void collect(struct video *v)
{
	for (unsigned i = 0; i < v->helper_count; i++) {
		struct helper *h = &v->helpers[i];
		struct eye_codes codes = { 0 };
		struct err e = { 0 };
		bool done, whole;

		if (!jail_answer(h->jail, false, &done, &codes, &e)) {
			if (!lose_frame(&e, &whole))
				log_warn("a frame was lost: %s", e.text);
		} else if (done) {
			take_codes(v, &codes, h->seen_ns);
			v->deep = codes.sight;
			v->deep_ns = v->newest_ns;
			if (codes.count > 0)
				advise(v, &codes);
		}
	}
}

/* A frame that the first look did not read, to whoever is free. */
static bool pass_on(struct video *v, const struct jail_task *frame, uint64_t seen_ns, struct err *e)
{
	for (unsigned i = 0; i < v->helper_count; i++) {
		struct jail_task task = *frame;
		bool whole;

		if (!jail_is_free(v->helpers[i].jail))
			continue;
		task.mode = EYE_PASS;
		task.pass = v->turn;
		v->turn = (v->turn + 1) % (unsigned)eye_pass_count();
		v->helpers[i].seen_ns = seen_ns;
		return jail_give(v->helpers[i].jail, &task, JAIL_FRAME_MS, e) ||
		       lose_frame(e, &whole);
	}
	return true;
}

/* For staff who look through the camera. A file is decoded here only when they do. */
static void offer_view(
	struct video *v, const struct jail_task *frame, const struct eye_codes *codes)
{
	struct image image = frame->image;
	struct err damaged;

	if (image.pixels) {
		view_offer(v->view, &image, codes);
		return;
	}
	if (view_asked(v->view) && image_read(&image, frame->file, &v->shown, &damaged))
		view_send(v->view, &image, codes);
	image_store_finish(&v->shown);
}

bool video_frame(struct video *v, const struct jail_task *frame, bool guarded, uint64_t seen_ns,
	bool *whole, struct err *e)
{
	bool film = frame->mode == EYE_VIDEO, helped = film && v->helper_count > 0, done = false;
	struct jail_task task = *frame;
	struct eye_codes codes = { 0 };

	v->first = v->count = 0;
	v->guarded = guarded;
	v->newest_ns = seen_ns > v->newest_ns ? seen_ns : v->newest_ns;
	*whole = true;
	collect(v);
	task.mode = helped ? EYE_GLANCE : frame->mode;
	if (!jail_give(v->jail, &task, film ? JAIL_FRAME_MS : JAIL_STILL_MS, e) ||
		!jail_answer(v->jail, true, &done, &codes, e))
		return lose_frame(e, whole);
	take_codes(v, &codes, seen_ns);
	offer_view(v, frame, &codes);
	if (film)
		advise(v, &codes);
	if (!helped || codes.count > 0 || v->count > 0 || !eye_wants_more(&codes.sight))
		return true;
	return pass_on(v, frame, seen_ns, e);
}

bool video_next(struct video *v, struct scan *out)
{
	struct bytes data;

	if (v->first == v->count && !v->hint_waits) {
		v->first = v->count = 0;
		collect(v);
	}
	if (v->first < v->count) {
		data = v->waiting[v->first].data;
		*out = (struct scan){ .kind = SCAN_CODE,
			.seen_ns = v->waiting[v->first++].seen_ns,
			.len = (uint16_t)data.len };
		if (data.len > 0)
			memcpy(out->data, data.p, data.len);
		return true;
	}
	if (!v->hint_waits)
		return false;
	v->hint_waits = false;
	v->hint_ns = v->newest_ns;
	scan_say(out, SCAN_HINT, v->newest_ns, "%s", scan_hint_names[v->hint]);
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
