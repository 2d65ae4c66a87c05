#include "kiosk/watch.h"

#include "core/base/attr.h"

static const struct {
	const char *name;
	int64_t on, off;
	uint64_t on_ms, off_ms;
} signs[WATCH_COUNT] = {
#define X(sign, name, on, off, on_ms, off_ms) [sign] = { name, on, off, on_ms, off_ms },
	WATCH_SIGNS(X)
#undef X
};

const char *watch_name(enum watch_sign sign)
{
	return signs[sign].name;
}

/* What the measure says by itself, given what the sign is now. */
static bool says_on(const struct watch *w, size_t i, const struct watch_measure *m)
{
	int64_t on = signs[i].on, off = signs[i].off, limit;
	bool downward = off > on;

	if (!m->known)
		return false;
	if (i == WATCH_DISK && w->disk_warn_mib > 0) {
		on = w->disk_warn_mib;
		off = on + on / 2;
	}
	limit = w->sign[i].on ? off : on;
	if (downward)
		return w->sign[i].on ? m->value < limit : m->value <= limit;
	return w->sign[i].on ? m->value > limit : m->value >= limit;
}

bool watch_step(struct watch *w, const struct watch_measure m[WATCH_COUNT], uint64_t now_ms)
{
	bool changed = false;

	for (size_t i = 0; i < WATCH_COUNT; i++) {
		struct watch_state *s = &w->sign[i];
		bool on = says_on(w, i, &m[i]);

		if (m[i].known)
			s->value = m[i].value;
		if (on == s->on) {
			s->turn_ms = 0;
			continue;
		}
		if (s->turn_ms == 0)
			s->turn_ms = now_ms;
		if (now_ms - s->turn_ms < (on ? signs[i].on_ms : signs[i].off_ms))
			continue;
		s->on = on;
		s->since_ms = s->turn_ms;
		s->turn_ms = 0;
		changed = true;
	}
	return changed;
}

uint64_t watch_next_ms(const struct watch *w)
{
	uint64_t next = UINT64_MAX;

	for (size_t i = 0; i < WATCH_COUNT; i++) {
		const struct watch_state *s = &w->sign[i];
		uint64_t at = s->turn_ms + (s->on ? signs[i].off_ms : signs[i].on_ms);

		if (s->turn_ms != 0 && at < next)
			next = at;
	}
	return next;
}
