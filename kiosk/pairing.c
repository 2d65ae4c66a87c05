#include "kiosk/pairing.h"

#include "core/base/log.h"
#include "core/eye/qr_write.h"

enum want { WANT_NOTHING, WANT_START, WANT_STATE, WANT_CONFIRM };

struct pairing {
	struct syncer *syncer;
	void *context;
	void (*news)(void *context, const struct desk_pairing *p);
	enum want want;
	uint64_t at_ms;		/* when, on the monotonic clock */
	bool busy;		/* a request is in the air */
	unsigned number, asked; /* of this pairing; of the request in the air */
	struct id who, pairing;
	const char *proof;
	char qr[DESK_QR_MAX];
	unsigned qr_size;
};

static uint64_t now_ms(void)
{
	return clock_monotonic_ns() / 1000000;
}

struct pairing *pairing_new(struct syncer *syncer, void *context,
	void (*news)(void *context, const struct desk_pairing *p))
{
	struct pairing *p = calloc(1, sizeof(*p));

	if (!p)
		abort();
	p->syncer = syncer;
	p->context = context;
	p->news = news;
	return p;
}

void pairing_free(struct pairing *p)
{
	free(p);
}

static void want(struct pairing *p, enum want what, uint64_t in_ms)
{
	p->want = what;
	p->at_ms = now_ms() + in_ms;
}

void pairing_start(struct pairing *p, struct id who, const char *proof)
{
	p->number++;
	p->who = who;
	p->proof = proof;
	p->qr[0] = '\0';
	want(p, WANT_START, 0);
}

void pairing_confirm(struct pairing *p, struct id who)
{
	if (p->want == WANT_NOTHING && !p->busy)
		return;
	p->who = who;
	want(p, WANT_CONFIRM, 0);
}

void pairing_end(struct pairing *p)
{
	p->number++;
	p->want = WANT_NOTHING;
}

bool pairing_qr(char *path, size_t size, unsigned *modules, struct str url)
{
	struct buf out = BUF_OVER(path, size - 1);
	struct arena a = { 0 };
	struct qr qr;
	struct err e;
	bool ok = qr_make(&qr, str_bytes(url), QR_LEVEL_M, &a, &e);

	for (uint32_t y = 0; ok && y < qr.size; y++) {
		for (uint32_t x = 0, n; x < qr.size; x += n) {
			bool dark = qr.dark[y * qr.size + x] != 0;

			for (n = 1; x + n < qr.size && (qr.dark[y * qr.size + x + n] != 0) == dark;
				n++)
				;
			if (dark)
				buf_printf(&out, "M%u %uh%uv1h-%uz", x, y, n, n);
		}
	}
	ok = ok && buf_ok(&out);
	path[ok ? out.len : 0] = '\0';
	*modules = ok ? qr.size : 0;
	arena_finish(&a);
	return ok;
}

static void tell(struct pairing *p, enum desk_reason state, struct str digits)
{
	struct desk_pairing news = {
		.state = state, .qr = p->qr[0] ? p->qr : NULL, .qr_size = p->qr_size
	};

	if (digits.len < sizeof(news.digits))
		memcpy(news.digits, digits.p ? digits.p : "", digits.len);
	if (state != REASON_PAIR_WAITING && state != REASON_PAIR_OPENED &&
		state != REASON_PAIR_APPROVAL && state != REASON_PAIR_READY)
		pairing_end(p);
	p->news(p->context, &news);
}

static enum desk_reason state_of(struct str name)
{
	static const struct {
		const char *name;
		enum desk_reason state;
	} states[] = {
		{ "waiting", REASON_PAIR_WAITING },
		{ "opened", REASON_PAIR_OPENED },
		{ "approval", REASON_PAIR_APPROVAL },
		{ "ready", REASON_PAIR_READY },
		{ "paired", REASON_PAIR_PAIRED },
		{ "expired", REASON_PAIR_EXPIRED },
	};

	for (size_t i = 0; i < ARRAY_LEN(states); i++)
		if (str_equal(name, str_of(states[i].name)))
			return states[i].state;
	return REASON_PAIR_REFUSED;
}

/* What the server answered to any of the three requests. */
static void take(struct pairing *p, const struct transport_reply *r, struct arena *a)
{
	struct str state = { NULL, 0 }, digits = { NULL, 0 }, url;
	struct json *o;
	struct err e;

	if (r->status == 0) {
		tell(p, REASON_OFFLINE, digits);
		return;
	}
	if (r->status < 200 || r->status > 299 || !json_read(&o, r->body, a, &e)) {
		log_info("pairing refused status=%d", r->status);
		tell(p,
			r->status == 404 || r->status == 410 ? REASON_PAIR_EXPIRED
							     : REASON_PAIR_REFUSED,
			digits);
		return;
	}
	if (json_get_id(o, "pairing", &p->pairing) && json_get_str(o, "url", &url)) {
		if (!pairing_qr(p->qr, sizeof(p->qr), &p->qr_size, url)) {
			tell(p, REASON_PAIR_REFUSED, digits);
			return;
		}
		state = STR("waiting");
	} else if (!json_get_str(o, "state", &state)) {
		state = STR("refused");
	}
	if (!json_get_str(o, "digits", &digits))
		digits = STR("");
	/* a badge that was tapped meanwhile is confirmed first */
	if (p->want != WANT_CONFIRM)
		want(p, WANT_STATE, PAIRING_POLL_MS);
	tell(p, state_of(state), digits);
}

static void done(void *context, const struct transport_reply *r)
{
	struct pairing *p = context;
	struct arena a = { 0 };

	p->busy = false;
	if (p->asked == p->number)
		take(p, r, &a);
	arena_finish(&a);
}

int pairing_timeout_ms(const struct pairing *p)
{
	uint64_t now = now_ms();

	if (p->busy || p->want == WANT_NOTHING)
		return -1;
	return p->at_ms <= now ? 0 : (int)(p->at_ms - now);
}

static bool send(struct pairing *p, struct arena *a, struct err *e)
{
	struct buf body = BUF_IN(a);
	struct json_writer w = JSON_TO(&body);
	const char *uuid = arena_cstr(a, str_of(id_uuid_text(p->pairing).s));

	if (p->want == WANT_STATE)
		return syncer_request(p->syncer, "GET", arena_printf(a, "/v1/pairings/%s", uuid).p,
			(struct bytes){ NULL, 0 }, done, p, e);
	json_open(&w, NULL, '{');
	json_id(&w, "who", p->who);
	if (p->want == WANT_START)
		json_str(&w, "proof", str_of(p->proof));
	json_close(&w, '}');
	return syncer_request(p->syncer, "POST",
		p->want == WANT_START ? "/v1/pairings"
				      : arena_printf(a, "/v1/pairings/%s/confirm", uuid).p,
		buf_bytes(&body), done, p, e);
}

void pairing_run(struct pairing *p)
{
	struct arena a = { 0 };
	struct err e;

	if (pairing_timeout_ms(p) != 0)
		return;
	p->asked = p->number;
	p->busy = send(p, &a, &e);
	arena_finish(&a);
	if (!p->busy) {
		log_warn("pairing: %s", e.text);
		tell(p, REASON_OFFLINE, STR(""));
		return;
	}
	p->want = WANT_NOTHING;
}
