/* The desk: what stands on the screen, and when it must be looked at again. */
#include "kiosk/desk_private.h"

bool desk_shows_reading(const struct desk *d, uint64_t now_ms)
{
	return d->reading_ms != 0 && now_ms >= d->reading_ms + READING_AFTER_MS;
}

enum desk_screen desk_shown_screen(const struct desk *d, uint64_t now_ms, enum desk_reason *why)
{
	enum desk_screen screen = d->now.screen;

	*why = d->now.reason;
	if (screen == DESK_IDLE && d->health_known) {
		*why = d->health.revoked	  ? REASON_REVOKED_STATION
		       : d->health.shutting_down  ? REASON_SHUTTING_DOWN
		       : d->health.out_of_service ? REASON_OUT_OF_SERVICE
		       : !d->health.store_ok	  ? REASON_DISK_FULL
		       : !d->health.reader_ok	  ? REASON_NO_READER
						  : REASON_NONE;
		if (*why == REASON_NO_READER && !d->health.started) {
			*why = REASON_NONE;
			return DESK_STARTING;
		}
		if (*why != REASON_NONE)
			return DESK_CLOSED;
	}
	if (!d->health_known && screen == DESK_IDLE)
		return DESK_STARTING;
	return desk_shows_reading(d, now_ms) ? DESK_READING : screen;
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return b != 0 && b < a ? b : a;
}

uint64_t desk_next_ms(const struct desk *d)
{
	uint64_t next = earlier(UINT64_MAX, d->now.ends_ms);

	next = earlier(next, d->find_ms);
	if (d->reading_ms && !d->reading_shown)
		next = earlier(next, d->reading_ms + READING_AFTER_MS);
	else if (d->reading_ms && !d->find_ms)
		next = earlier(next, d->reading_ms + READING_MS);
	return next;
}

void desk_view(const struct desk *d, uint64_t now_ms, struct desk_view *out)
{
	const struct desk_session *s = &d->now;

	*out = (struct desk_view){
		.sound = d->sound, .lang = d->lang, .people_rev = d->people_rev
	};
	out->screen = desk_shown_screen(d, now_ms, &out->reason);
	if (out->screen == DESK_IDLE || out->screen == DESK_CLOSED ||
		out->screen == DESK_STARTING || out->screen == DESK_READING)
		return;
	out->timer_ms = s->span_ms;
	out->left_ms = s->ends_ms > now_ms ? s->ends_ms - now_ms : 0;
	if (s->has_a && s->screen != DESK_REFUSED)
		out->person = &s->a;
	if (s->has_b && s->screen != DESK_REFUSED)
		out->other = &s->b;
	if (s->has_guest)
		out->guest = &s->guest;
	if (s->screen != DESK_REFUSED) {
		out->at = s->at[0] ? s->at : NULL;
		out->already = s->already;
		out->met_count = s->met_count;
		out->shared = s->has_b && s->b_how != HOW_BADGE;
	}
	out->can_exchange = s->screen == DESK_WELCOME && s->window_ms == 0 && s->a_how != HOW_BADGE;
	out->can_undo = !s->tools_only &&
			!id_is_none(s->staff ? d->last_undo.entry : s->undo.entry);
	if (s->screen == DESK_STAFF) {
		out->want_badge = !s->staff && desk_wants_badge(d, s);
		out->staff_who = s->staff_who;
		out->tools_only = s->tools_only;
		out->tool = s->tool;
		out->test = s->test.count > 0 ? &s->test : NULL;
	}
	out->staff = s->staff;
	out->found = s->found;
	out->found_count = s->found_count;
	if (s->qr[0])
		out->qr = s->qr;
	out->qr_size = s->qr_size;
	/* while another phone must approve, the screen says that instead */
	out->digits = s->digits[0] && s->reason != REASON_PAIR_APPROVAL ? s->digits : NULL;
	if (s->screen == DESK_NOTE)
		desk_note_view(d, out);
}
