/* The desk: two people, or a person and a guest's card; and taking it back. */
#include "kiosk/desk_private.h"

static void order(struct id *a, struct id *b)
{
	if (id_compare(*a, *b) > 0) {
		struct id t = *a;

		*a = *b;
		*b = t;
	}
}

static struct desk_pair *find_pair(struct desk *d, struct id a, struct id b)
{
	order(&a, &b);
	for (size_t i = 0; i < PAIRS; i++)
		if (d->pairs[i].count > 0 && id_equal(d->pairs[i].a, a) &&
			id_equal(d->pairs[i].b, b))
			return &d->pairs[i];
	return NULL;
}

static void remember(
	struct desk *d, struct id a, struct id b, struct id meeting, bool this_boot, uint64_t at_ms)
{
	struct desk_pair *p = find_pair(d, a, b);

	if (!p) {
		/* the oldest is forgotten: it counts from one again, and no meeting is lost by that
		 */
		p = &d->pairs[d->pair_next++ % PAIRS];
		*p = (struct desk_pair){ .a = a, .b = b };
		order(&p->a, &p->b);
	}
	p->meeting = meeting;
	p->last_ms = at_ms;
	p->this_boot = this_boot;
	p->count++;
}

void desk_remember(
	struct desk *d, struct id a, struct id b, struct id meeting, bool this_boot, uint64_t at_ms)
{
	remember(d, a, b, meeting, this_boot, at_ms);
}

void desk_apply_effect(struct desk *d, uint64_t now_ms)
{
	const struct desk_session *s = &d->now;

	if (d->effect == EFFECT_MET) {
		remember(d, s->a.who, s->b.who, s->of, true, now_ms);
	} else if (d->effect == EFFECT_UNMET) {
		for (size_t i = 0; i < PAIRS; i++) {
			struct desk_pair *p = &d->pairs[i];

			if (p->count > 0 && id_equal(p->meeting, d->unmet)) {
				p->count--;
				p->this_boot = false; /* meeting again is a new meeting */
			}
		}
		if (id_equal(d->last_undo.entry, d->unmet))
			d->last_undo = (struct desk_undo){ 0 };
	}
	d->effect = EFFECT_NONE;
}

static void take_second(struct step *t, const struct desk_person *b, enum desk_how how)
{
	struct desk_session *s = t->s;

	s->has_b = true;
	s->b = *b;
	s->b_how = how;
	s->has_guest = false;
	s->side = 0;
	s->buddy = (struct id){ { 0 } };
	memset(s->note, 0, sizeof(s->note));
	s->at[0] = '\0';
	s->already = false;
	s->reason = REASON_NONE;
	s->undo = (struct desk_undo){ 0 };
	s->day = t->in->day;
	s->window_ms = t->in->now_ms + WINDOW_MS;
}

void desk_meet(struct step *t, const struct desk_person *b, enum desk_how how)
{
	struct desk *d = t->d;
	struct desk_session *s = t->s;
	struct desk_pair *p = find_pair(d, s->a.who, b->who);
	enum desk_role role = d->config.role;
	struct fact f;

	take_second(t, b, how);
	s->met_count = p ? p->count : 0;
	if (p && p->this_boot && t->in->now_ms - p->last_ms < ALREADY_MS) {
		/* already in the list: nothing new, but there may be something to add */
		s->already = true;
		s->of = p->meeting;
		step_screen(t, DESK_NOTE, NOTE_MS);
		step_sound(t, SOUND_DONE);
		return;
	}
	/* the second badge is a chip in the field: its owner is here too */
	if (how == HOW_CHIP && (role == DESK_DOOR || role == DESK_MIXED) && !b->checked_in) {
		desk_checkin_fact(t, b, how);
		s->b.checked_in = true;
		memcpy(s->b.at, t->in->at, sizeof(s->b.at));
	}
	s->of = fact_open(&f, t, ENTRY_MEETING);
	json_id(&f.w, "a", s->a.who);
	json_id(&f.w, "b", s->b.who);
	/* named by a code, of which anybody may have a photo: that gives away nothing of b's */
	if (how == HOW_BADGE)
		json_str(&f.w, "by", STR("badge"));
	fact_close(&f);
	s->undo = (struct desk_undo){ .entry = s->of };
	s->met_count++;
	d->effect = EFFECT_MET;
	step_screen(t, DESK_EXCHANGE, EXCHANGE_MS);
	step_sound(t, SOUND_EXCHANGE);
}

/* A badge code names the other person, and nobody else. */
void desk_code(struct step *t, const struct desk_person *p)
{
	const struct desk_config *c = &t->d->config;
	struct desk_session *s = t->s;

	if (s->has_guest && !s->has_a) {
		desk_refuse(t, REASON_BADGE_CODE_FIRST, NULL);
		return;
	}
	if (desk_window_open(t)) {
		if (id_equal(s->a.who, p->who) || (s->has_b && id_equal(s->b.who, p->who))) {
			t->unchanged = true;
			return;
		}
		desk_meet(t, p, HOW_BADGE);
		return;
	}
	if (c->role == DESK_BOOTH) {
		if (id_equal(c->host.who, p->who)) {
			t->unchanged = true;
			return;
		}
		desk_begin(t, &c->host, HOW_BADGE);
		desk_meet(t, p, HOW_BADGE);
		return;
	}
	if (c->badge_checkin && c->role != DESK_LOUNGE) {
		desk_greet(t, p, HOW_BADGE);
		return;
	}
	desk_refuse(t, c->role == DESK_DOOR ? REASON_BADGE_CODE_AT_DOOR : REASON_BADGE_CODE_FIRST,
		NULL);
}

/* Session and guest are there: write the contact, show it, let it be taken back. */
void desk_contact(struct step *t)
{
	struct desk_session *s = t->s;
	struct fact f;

	s->has_b = false;
	s->side = 0;
	s->met_count = 0;
	s->already = false;
	s->at[0] = '\0';
	s->reason = REASON_NONE;
	memset(s->note, 0, sizeof(s->note));
	s->day = t->in->day;
	s->of = fact_open(&f, t, ENTRY_CONTACT);
	json_id(&f.w, "owner", s->a.who);
	json_str(&f.w, "card", str_of(s->guest.card));
	json_bool(&f.w, "claimed", true);
	fact_close(&f);
	s->undo = (struct desk_undo){ .entry = s->of };
	s->window_ms = t->in->now_ms + WINDOW_MS;
	step_screen(t, DESK_GUEST, GUEST_MS);
	step_sound(t, SOUND_EXCHANGE);
}

void desk_card(struct step *t, const struct desk_guest *guest)
{
	struct desk_session *s = t->s;
	/*
	 * A card is nobody's tap in a queue: who is being greeted may show one at once, also where
	 * a second badge would be taken for the next person.
	 */
	bool greeted = s->screen == DESK_WELCOME && s->a_how != HOW_BADGE &&
		       t->d->config.role == DESK_MIXED;
	bool open = desk_window_open(t) || greeted;

	if (!open && t->d->config.role == DESK_DOOR) {
		desk_refuse(t, REASON_CARD_AT_DOOR, NULL);
		return;
	}
	if (!open && t->d->config.role == DESK_BOOTH) {
		desk_begin(t, &t->d->config.host, HOW_BADGE);
		open = true;
	}
	if (!open)
		step_idle(t);
	s->guest = *guest;
	s->has_guest = true;
	if (open) {
		desk_contact(t);
		return;
	}
	step_screen(t, DESK_WHOSE, WHOSE_MS);
	step_sound(t, SOUND_ATTENTION);
}

/*
 * Take the last result back. "Not us": the second badge was the next person in the queue, who
 * then is greeted as if they had tapped now.
 */
void desk_undo(struct step *t, bool not_us)
{
	struct desk_session *s = t->s;
	struct desk *d = t->d;
	struct desk_person a = s->a, b = s->b;
	struct desk_undo undo = s->staff ? d->last_undo : s->undo;
	bool by_a = s->has_a && !s->staff;
	bool greet = not_us && s->has_b && s->b_how == HOW_CHIP && d->config.role != DESK_BOOTH;

	if (id_is_none(undo.entry)) {
		/* nothing was written: a card without an owner, or what was in the list already */
		if (s->screen == DESK_WHOSE || s->screen == DESK_NOTE || s->screen == DESK_WELCOME)
			step_idle(t);
		else
			step_reject(t);
		return;
	}
	if (greet) {
		desk_greet(t, &b, HOW_CHIP);
	} else if (s->staff) {
		s->has_a = s->already = false;
		s->at[0] = '\0';
		s->reason = REASON_NONE;
		step_restart(t);
	} else {
		step_idle(t);
	}
	desk_retract_fact(t, undo.entry, by_a ? &a.who : NULL);
	if (!id_is_none(undo.also))
		desk_retract_fact(t, undo.also, NULL);
	t->out->checkin_undone = undo.checked_in;
	t->out->badge_undone = undo.badge;
	d->unmet = undo.entry;
	d->effect = EFFECT_UNMET;
	step_sound(t, SOUND_ATTENTION);
}
