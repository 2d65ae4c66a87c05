/* The desk's staff and their station: test its readers, set its volume, close it, switch it off. */
#include "kiosk/desk_private.h"

static const char *const tool_names[] = {
#define X(tool, name) [tool] = name,
	DESK_TOOLS(X)
#undef X
};

bool desk_tool_read(struct str name, enum desk_tool *out)
{
	for (size_t i = 0; i < ARRAY_LEN(tool_names); i++) {
		if (str_equal(name, str_of(tool_names[i]))) {
			*out = (enum desk_tool)i;
			return true;
		}
	}
	return false;
}

const char *desk_tool_name(enum desk_tool tool)
{
	return tool_names[tool];
}

bool desk_wants_badge(const struct desk *d, const struct desk_session *s)
{
	return d->config.staff_count > 0 && d->health.chip_ok && id_is_none(s->staff_who);
}

static bool is_staff(const struct desk *d, const struct desk_person *p)
{
	for (size_t i = 0; i < d->config.staff_count; i++)
		if (id_equal(d->config.staff[i], p->who) || id_equal(d->config.staff[i], p->badge))
			return true;
	return false;
}

static bool tests(enum desk_tool tool)
{
	return tool == TOOL_READER || tool == TOOL_CAMERA;
}

static bool to_tool(struct step *t, enum desk_tool tool)
{
	struct desk_session *s = t->s;

	if (tool == TOOL_DESK && s->tools_only)
		return false;
	s->tool = tool;
	s->has_a = false;
	s->found_count = 0;
	memset(&s->test, 0, sizeof(s->test));
	desk_to_staff(t, REASON_NONE);
	if (tests(tool))
		step_screen(t, DESK_STAFF, TOOL_MS);
	t->same_people = true;
	step_sound(t, SOUND_TICK);
	return true;
}

static bool ask(struct step *t, enum desk_request request, enum desk_sound sound)
{
	t->out->request = request;
	t->s->reason = REASON_NONE;
	t->same_people = true;
	step_restart(t);
	step_sound(t, sound);
	return true;
}

static bool on_shutdown(struct step *t, const struct desk_act *act)
{
	/* who did not see that number is asked first */
	if (act->pending > 0 && !act->on) {
		desk_to_staff(t, REASON_UNSYNCED);
		t->same_people = true;
		step_sound(t, SOUND_ATTENTION);
		return true;
	}
	t->out->request = ASK_SHUTDOWN;
	step_idle(t);
	return true;
}

bool desk_tools_act(struct step *t, const struct desk_act *act)
{
	enum desk_tool tool;

	switch (act->kind) {
	case ACT_TOOL:
		return desk_tool_read(act->word, &tool) && to_tool(t, tool);
	case ACT_VOLUME:
		if (act->level > DESK_VOLUME_MAX)
			return false;
		t->out->level = act->level;
		return ask(t, ASK_VOLUME, SOUND_DONE);
	case ACT_SYNC:
		return ask(t, ASK_SYNC, SOUND_TICK);
	case ACT_SERVICE:
		t->out->on = act->on;
		return ask(t, ASK_SERVICE, SOUND_TICK);
	case ACT_SHUTDOWN:
		return on_shutdown(t, act);
	default:
		return false;
	}
}

static void test_scan(struct step *t, const struct desk_scan *scan)
{
	struct desk_test *test = &t->s->test;
	const char *name = scan->seen == SEEN_CARD ? scan->guest.name : scan->person.name;

	*test = (struct desk_test){ .count = test->count + 1,
		.seen = scan->seen,
		.reason = scan->reason,
		.sight = scan->sight };
	if (scan->seen != SEEN_REFUSED && scan->seen != SEEN_UNKNOWN)
		snprintf(test->name, sizeof(test->name), "%s", name);
	t->same_people = true;
	step_restart(t);
	step_sound(t, scan->seen == SEEN_REFUSED || scan->seen == SEEN_UNKNOWN ? SOUND_ATTENTION
									       : SOUND_DONE);
}

/* The chip alone: of a badge's printed code, or of a ticket's, there may be a photo. */
static void staff_badge_scan(struct step *t, const struct desk_scan *scan)
{
	bool here = scan->seen == SEEN_CHIP;
	bool staff = here && is_staff(t->d, &scan->person);

	if (staff)
		t->s->staff_who = scan->person.who;
	desk_to_staff(t, staff		? REASON_NONE
			 : here		? REASON_STAFF_BADGE
			 : scan->reason ? scan->reason
					: REASON_CHIP_WANTED);
	t->same_people = true;
	step_sound(t, staff ? SOUND_TICK : SOUND_STOP);
}

bool desk_tools_scan(struct step *t, const struct desk_scan *scan)
{
	struct desk_session *s = t->s;

	if (s->screen != DESK_STAFF)
		return false;
	if (s->staff && tests(s->tool)) {
		t->d->reading_ms = t->d->find_ms = 0;
		if (scan->seen == SEEN_TOUCH || scan->again)
			t->unchanged = true;
		else
			test_scan(t, scan);
		return true;
	}
	if (s->staff || t->d->config.staff_count == 0 || scan->seen == SEEN_TOUCH)
		return false;
	t->d->reading_ms = t->d->find_ms = 0;
	staff_badge_scan(t, scan);
	return true;
}
