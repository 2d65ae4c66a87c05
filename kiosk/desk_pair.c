/*
 * The desk: a phone is paired. Only a badge's chip, a ticket code or desk staff begin it, never a
 * printed code; the same person must show themselves again before a session exists.
 */
#include "kiosk/desk_private.h"

static const char *const proofs[] = {
	[HOW_CHIP] = "chip", [HOW_TICKET] = "ticket", [HOW_STAFF] = "staff"
};

void desk_pair_start(struct step *t)
{
	struct desk_session *s = t->s;
	struct desk_person a = s->a;
	enum desk_how how = s->a_how;

	/* a booth's host is a setting: nobody showed that badge now */
	if (!s->has_a || how == HOW_BADGE || s->screen == DESK_PAIR || s->screen == DESK_REFUSED) {
		step_reject(t);
		return;
	}
	if (!t->d->health.online) {
		desk_refuse(t, REASON_OFFLINE, NULL);
		return;
	}
	desk_begin(t, &a, how);
	t->same_people = true;
	s->reason = REASON_PAIR_WAITING;
	step_screen(t, DESK_PAIR, PAIR_MS);
	step_sound(t, SOUND_TICK);
	t->out->request = ASK_PAIR;
	t->out->who = a.who;
	t->out->proof = proofs[how];
}

void desk_pair_state(struct step *t, const struct desk_pairing *p)
{
	struct desk_session *s = t->s;
	bool news = s->reason != p->state || (p->qr && strcmp(p->qr, s->qr) != 0);

	t->same_people = true;
	if (s->screen != DESK_PAIR || s->reason == REASON_PAIR_PAIRED || !news) {
		t->unchanged = true;
		return;
	}
	switch (p->state) {
	case REASON_OFFLINE:
	case REASON_PAIR_EXPIRED:
	case REASON_PAIR_REFUSED:
		desk_refuse(t, p->state, NULL);
		return;
	case REASON_PAIR_PAIRED:
		s->qr[0] = s->digits[0] = '\0';
		step_screen(t, DESK_PAIR, PAIRED_MS);
		step_sound(t, SOUND_DONE);
		break;
	default:
		if (s->reason != p->state)
			step_sound(t, p->state == REASON_PAIR_WAITING ? SOUND_NONE : SOUND_TICK);
		break;
	}
	s->reason = p->state;
	memcpy(s->digits, p->digits, sizeof(s->digits));
	if (p->qr && strlen(p->qr) < sizeof(s->qr)) {
		snprintf(s->qr, sizeof(s->qr), "%s", p->qr);
		s->qr_size = p->qr_size;
	}
	/* opened: the code is spent, and the digits take its place */
	if (s->digits[0])
		s->qr[0] = '\0';
}

bool desk_pair_scan(struct step *t, const struct desk_scan *scan)
{
	struct desk_session *s = t->s;
	bool here = scan->seen == SEEN_CHIP || scan->seen == SEEN_TICKET;

	if (s->reason == REASON_PAIR_PAIRED)
		return false;
	if (here && !id_equal(scan->person.who, s->a.who)) {
		/* the next person's turn: the code on the screen is worth nothing from now on */
		t->out->request = ASK_PAIR_END;
		step_idle(t);
		return false;
	}
	t->same_people = true;
	if (!here) {
		step_sound(t, SOUND_ATTENTION);
		return true;
	}
	step_sound(t, SOUND_TICK);
	if (s->digits[0]) {
		t->out->request = ASK_CONFIRM;
		t->out->who = s->a.who;
	}
	return true;
}
