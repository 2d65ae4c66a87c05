/* The desk's staff: by PIN, find by name, check in by hand, give out badges, undo. */
#include "kiosk/desk_private.h"

void desk_to_staff(struct step *t, enum desk_reason reason)
{
	t->s->reason = reason;
	t->s->assigning = t->s->walking_in = false;
	step_screen(t, DESK_STAFF, STAFF_MS);
}

/*
 * Badge and PIN open the whole, or the PIN where no staff badges are named. While no reader works,
 * so that nobody can tap, the PIN alone opens what mends the station, and no list of people.
 */
static void on_staff(struct step *t, const struct desk_act *act)
{
	bool again = t->s->screen == DESK_STAFF && !t->s->staff;
	bool wants_badge, opened;

	if (!again)
		step_idle(t);
	wants_badge = desk_wants_badge(t->d, t->s);
	opened = act->pin_given && act->pin_ok && !wants_badge;
	t->same_people = again;
	t->s->staff = opened;
	t->s->tools_only = opened && t->d->config.staff_count > 0 && id_is_none(t->s->staff_who);
	t->s->tool = t->s->tools_only ? TOOL_STATION : TOOL_DESK;
	desk_to_staff(t, !act->pin_given || opened ? REASON_NONE
			 : wants_badge		   ? REASON_STAFF_BADGE
						   : REASON_PIN);
	step_sound(t, act->pin_given && !opened ? SOUND_STOP : SOUND_TICK);
}

static void on_find(struct step *t, const struct desk_act *act)
{
	t->s->found_count = act->found_count < DESK_FOUND_MAX ? act->found_count : DESK_FOUND_MAX;
	if (t->s->found_count > 0)
		memcpy(t->s->found, act->found, t->s->found_count * sizeof(t->s->found[0]));
	t->s->has_a = false;
	t->same_people = true;
	desk_to_staff(t, REASON_NONE);
}

static void show_person(struct step *t, const struct desk_person *p)
{
	struct desk_session *s = t->s;

	s->has_a = true;
	s->a = *p;
	s->a_how = HOW_STAFF;
	s->found_count = 0;
	s->day = t->in->day;
	s->already = p->checked_in;
	memcpy(s->at, p->checked_in ? p->at : t->in->at, sizeof(s->at));
	t->same_people = true;
}

static void on_checkin(struct step *t, const struct desk_act *act)
{
	show_person(t, &act->person);
	desk_to_staff(t, REASON_NONE);
	if (!act->person.checked_in)
		desk_checkin_fact(t, &act->person, HOW_STAFF);
	step_sound(t, SOUND_DONE);
}

static void want_badge(struct step *t)
{
	t->s->reason = REASON_ASSIGN;
	t->same_people = true;
	step_screen(t, DESK_STAFF, ASSIGN_MS);
	step_sound(t, SOUND_TICK);
}

bool desk_staff_act(struct step *t, const struct desk_act *act)
{
	struct desk_session *s = t->s;

	if (act->kind == ACT_STAFF) {
		on_staff(t, act);
		return true;
	}
	if (!s->staff)
		return false;
	if (desk_tools_act(t, act))
		return true;
	if (s->tools_only)
		return false;
	s->tool = TOOL_DESK;
	switch (act->kind) {
	case ACT_FIND:
		on_find(t, act);
		return true;
	case ACT_CHECKIN:
		on_checkin(t, act);
		return true;
	case ACT_ASSIGN:
		show_person(t, &act->person);
		s->target = act->person;
		s->walking_in = false;
		s->assigning = true;
		want_badge(t);
		return true;
	case ACT_WALK_IN:
		if (act->word.len == 0 || act->word.len >= sizeof(s->walk_in))
			return false;
		snprintf(s->walk_in, sizeof(s->walk_in), STR_FMT, STR_ARG(act->word));
		s->has_a = false;
		s->found_count = 0;
		s->assigning = false;
		s->walking_in = true;
		want_badge(t);
		return true;
	case ACT_SAVE:
		desk_to_staff(t, REASON_NONE);
		t->same_people = true;
		return true;
	default:
		return false;
	}
}

/* Still waiting for the new badge, and why this was none. */
static void not_this(struct step *t, enum desk_reason reason)
{
	t->s->reason = reason;
	t->same_people = true;
	step_restart(t);
	step_sound(t, SOUND_STOP);
}

static void assign_fact(struct step *t, const struct desk_person *badge,
	const struct desk_person *to, const char *name)
{
	struct fact f;
	struct id id = fact_open(&f, t, ENTRY_BADGE_ASSIGN);

	json_id(&f.w, "badge", badge->badge);
	json_id(&f.w, "who", to->who);
	if (name)
		json_str(&f.w, "name", str_of(name));
	fact_close(&f);
	f.to->badge = badge->badge;
	f.to->who = to->who;
	t->s->undo = (struct desk_undo){ .entry = id, .badge = badge->badge };
}

void desk_assign_scan(struct step *t, const struct desk_scan *scan)
{
	struct desk_session *s = t->s;
	struct desk_person to = s->target;
	bool walking_in = s->walking_in;
	struct desk_undo assigned;

	if (scan->seen == SEEN_REFUSED || scan->seen == SEEN_UNKNOWN) {
		not_this(t, scan->reason);
		return;
	}
	if (scan->seen != SEEN_CHIP) {
		not_this(t, REASON_CHIP_WANTED);
		return;
	}
	if (scan->person.known && (walking_in || !id_equal(scan->person.who, to.who))) {
		not_this(t, REASON_BADGE_TAKEN);
		return;
	}
	if (walking_in) {
		to = (struct desk_person){ .who = step_id(t) };
		snprintf(to.name, sizeof(to.name), "%s", s->walk_in);
	}
	if (!scan->person.known)
		assign_fact(t, &scan->person, &to, walking_in ? s->walk_in : NULL);
	assigned = s->undo;
	show_person(t, &to);
	desk_to_staff(t, REASON_ASSIGNED);
	if (!to.checked_in) {
		/* the person stands here */
		desk_checkin_fact(t, &to, HOW_STAFF);
		if (!scan->person.known) {
			assigned.also = s->undo.entry;
			assigned.checked_in = to.who;
			s->undo = assigned;
		}
	}
	step_sound(t, SOUND_DONE);
}
