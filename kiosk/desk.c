/* The desk: its steps, the session's life, check-ins and refusals. */
#include "kiosk/desk.h"

#include <assert.h>

#include "kiosk/desk_private.h"

static const char *const role_names[] = { [DESK_DOOR] = "door",
	[DESK_LOUNGE] = "lounge",
	[DESK_MIXED] = "mixed",
	[DESK_BOOTH] = "booth" };
static const char *const act_names[] = {
#define X(act, name) [act] = name,
	DESK_ACTS(X)
#undef X
};
static const struct {
	const char *name;
	enum desk_sound sound;
	bool logged;
} reasons[] = {
#define X(reason, name, sound, logged) [reason] = { name, sound, logged },
	DESK_REASONS(X)
#undef X
};
static const char *const how_names[] = {
	[HOW_CHIP] = "chip", [HOW_TICKET] = "ticket", [HOW_STAFF] = "staff", [HOW_BADGE] = "badge"
};

static bool find_name(const char *const *names, size_t n, struct str s, size_t *out)
{
	for (size_t i = 0; i < n; i++) {
		if (str_equal(str_of(names[i]), s)) {
			*out = i;
			return true;
		}
	}
	return false;
}

const char *desk_role_name(enum desk_role role)
{
	return role_names[role];
}

bool desk_role_read(struct str s, enum desk_role *out)
{
	size_t i;

	if (!find_name(role_names, ARRAY_LEN(role_names), s, &i))
		return false;
	*out = (enum desk_role)i;
	return true;
}

bool desk_act_read(struct str name, enum desk_act_kind *out)
{
	size_t i;

	if (!find_name(act_names, ARRAY_LEN(act_names), name, &i))
		return false;
	*out = (enum desk_act_kind)i;
	return true;
}

const char *desk_act_name(enum desk_act_kind kind)
{
	return act_names[kind];
}

const char *desk_reason_name(enum desk_reason reason)
{
	return reasons[reason].name;
}

struct desk *desk_new(const struct desk_config *config)
{
	struct desk *d = calloc(1, sizeof(*d));

	if (!d)
		abort();
	desk_configure(d, config);
	snprintf(d->lang, sizeof(d->lang), "%s", config->langs[0]);
	d->now.screen = DESK_IDLE;
	return d;
}

void desk_free(struct desk *d)
{
	free(d);
}

void desk_configure(struct desk *d, const struct desk_config *config)
{
	d->config = *config;
}

struct id step_id(struct step *t)
{
	assert(t->fresh < DESK_FRESH_MAX);
	return t->in->fresh[t->fresh++];
}

struct id fact_open(struct fact *f, struct step *t, enum entry_kind kind)
{
	assert(t->out->fact_count < STORE_FACTS_MAX);
	f->to = &t->out->facts[t->out->fact_count++];
	*f->to = (struct store_fact){ .id = step_id(t), .kind = kind };
	f->buf = BUF_IN(t->a);
	f->w = JSON_TO(&f->buf);
	json_open(&f->w, NULL, '{');
	return f->to->id;
}

void fact_close(struct fact *f)
{
	json_close(&f->w, '}');
	f->to->payload = buf_str(&f->buf);
}

void step_screen(struct step *t, enum desk_screen screen, uint64_t span_ms)
{
	t->s->screen = screen;
	t->s->span_ms = span_ms;
	t->s->ends_ms = span_ms ? t->in->now_ms + span_ms : 0;
}

void step_restart(struct step *t)
{
	step_screen(t, t->s->screen, t->s->span_ms);
}

void step_sound(struct step *t, enum desk_sound sound)
{
	t->d->next_sound = sound;
}

void step_reject(struct step *t)
{
	t->out->rejected = true;
	t->unchanged = true;
}

void step_lang(struct step *t, const char *lang)
{
	for (size_t i = 0; i < t->d->config.lang_count; i++)
		if (strcmp(t->d->config.langs[i], lang) == 0)
			snprintf(t->d->lang, sizeof(t->d->lang), "%s", lang);
}

void step_idle(struct step *t)
{
	memset(t->s, 0, sizeof(*t->s));
	t->s->screen = DESK_IDLE;
	step_lang(t, t->d->config.langs[0]);
}

bool desk_window_open(const struct step *t)
{
	return t->s->has_a && t->in->now_ms < t->s->window_ms;
}

void desk_checkin_fact(struct step *t, const struct desk_person *p, enum desk_how how)
{
	struct fact f;
	struct id id = fact_open(&f, t, ENTRY_CHECKIN);

	json_id(&f.w, "who", p->who);
	json_str(&f.w, "how", str_of(how_names[how]));
	fact_close(&f);
	t->out->checked_in = p->who;
	t->s->undo = (struct desk_undo){ .entry = id, .checked_in = p->who };
}

void desk_retract_fact(struct step *t, struct id of, const struct id *by)
{
	struct fact f;

	fact_open(&f, t, ENTRY_RETRACT);
	json_uuid(&f.w, "of", of);
	if (by)
		json_id(&f.w, "by", *by);
	fact_close(&f);
	f.to->undoes = of;
}

/* The same again within ten seconds is shown, but not written down twice. */
static bool refused_before(struct step *t, enum desk_reason reason, const struct id *who)
{
	struct desk *d = t->d;
	struct id id = who ? *who : (struct id){ { 0 } };
	bool same = d->last_reason == reason && id_equal(d->last_refused, id) &&
		    t->in->now_ms - d->last_refused_ms < REFUSED_AGAIN_MS;

	d->last_reason = reason;
	d->last_refused = id;
	d->last_refused_ms = t->in->now_ms;
	return same;
}

/*
 * Who came before stays: when the mistake is mended within the window, the exchange goes on, and
 * a guest's card still waits for its badge.
 */
void desk_refuse(struct step *t, enum desk_reason reason, const struct id *who)
{
	struct fact f;

	if (t->s->screen == DESK_NOTE || t->s->screen == DESK_EXCHANGE ||
		t->s->screen == DESK_GUEST || t->s->screen == DESK_PAIR ||
		t->s->screen == DESK_STAFF) {
		bool open = desk_window_open(t);
		struct desk_person a = t->s->a;
		enum desk_how how = t->s->a_how;

		step_idle(t);
		if (open) {
			t->s->has_a = true;
			t->s->a = a;
			t->s->a_how = how;
			t->s->window_ms = t->in->now_ms + WINDOW_MS;
		}
	} else if (desk_window_open(t)) {
		t->s->window_ms = t->in->now_ms + WINDOW_MS;
	}
	t->s->reason = reason;
	step_screen(t, DESK_REFUSED, reason == REASON_HELP ? HELP_MS : REFUSED_MS);
	step_sound(t, reasons[reason].sound);
	if (!reasons[reason].logged || refused_before(t, reason, who))
		return;
	fact_open(&f, t, ENTRY_REFUSED);
	json_str(&f.w, "what", STR("scan"));
	json_str(&f.w, "why", str_of(reasons[reason].name));
	if (who && !id_is_none(*who))
		json_id(&f.w, "who", *who);
	if (reason == REASON_VERIFY_LATER && t->in->what == DESK_SCAN)
		json_str(&f.w, "sun", t->in->of.scan->sun);
	fact_close(&f);
}

/* A new person in front: whoever stood here is done, what they noted is written already. */
void desk_begin(struct step *t, const struct desk_person *p, enum desk_how how)
{
	step_idle(t);
	t->s->has_a = true;
	t->s->a = *p;
	t->s->a_how = how;
	t->s->day = t->in->day;
	step_lang(t, p->lang);
}

void desk_greet(struct step *t, const struct desk_person *p, enum desk_how how)
{
	enum desk_role role = t->d->config.role;
	bool checks_in = role == DESK_DOOR || role == DESK_MIXED;

	desk_begin(t, p, how);
	if (checks_in && !p->checked_in) {
		desk_checkin_fact(t, &t->s->a, how);
		memcpy(t->s->at, t->in->at, sizeof(t->s->at));
		memcpy(t->s->a.at, t->in->at, sizeof(t->s->at));
		t->s->a.checked_in = true;
	} else {
		/* good news, never an error */
		t->s->already = p->checked_in;
		memcpy(t->s->at, p->at, sizeof(t->s->at));
		/* in a queue the next person's tap would look like an exchange: only who came
		 * earlier */
		if (how != HOW_BADGE && (role == DESK_LOUNGE || role == DESK_MIXED))
			t->s->window_ms = t->in->now_ms + WINDOW_MS;
	}
	step_screen(t, DESK_WELCOME, t->s->window_ms ? WELCOME_MS : WELCOME_DOOR_MS);
	step_sound(t, SOUND_DONE);
}

/* A chip or a ticket: the person is here. */
static void on_person(struct step *t, const struct desk_person *p, enum desk_how how)
{
	struct desk_session *s = t->s;
	bool is_a = s->has_a && !s->staff && id_equal(s->a.who, p->who);
	bool is_b = s->has_b && id_equal(s->b.who, p->who);

	if (s->has_guest && !s->has_a) {
		struct desk_guest guest = s->guest;

		desk_begin(t, p, how);
		s->guest = guest;
		s->has_guest = true;
		if (t->d->config.role == DESK_MIXED && !p->checked_in)
			desk_checkin_fact(t, p, how);
		desk_contact(t);
		return;
	}
	if (is_a || (is_b && desk_window_open(t))) {
		/* the same badge twice: no change, the person only gets more time */
		if (s->screen == DESK_REFUSED)
			step_screen(t, DESK_WELCOME, WELCOME_MS);
		if (s->window_ms)
			s->window_ms = t->in->now_ms + WINDOW_MS;
		t->same_people = true;
		step_restart(t);
		step_sound(t, SOUND_TICK);
		return;
	}
	if (desk_window_open(t)) {
		if (how == HOW_TICKET)
			desk_refuse(t, REASON_TICKET_NOT_BADGE, NULL);
		else
			desk_meet(t, p, how);
		return;
	}
	if (t->d->config.role == DESK_BOOTH && !id_equal(t->d->config.host.who, p->who)) {
		desk_begin(t, &t->d->config.host, HOW_BADGE);
		desk_meet(t, p, how);
		step_lang(t, p->lang);
		return;
	}
	desk_greet(t, p, how);
}

/* Nothing can be written: say so, in red, rather than look ready. */
static bool cannot_write(const struct desk *d)
{
	return d->health_known && !d->health.store_ok;
}

static void on_unknown(struct step *t, const struct desk_scan *scan)
{
	if (!scan->again && t->d->health.online) {
		t->d->find_ms = t->in->now_ms + FIND_MS;
		t->d->find_key = scan->key;
		t->d->find_reason = scan->reason;
		t->d->reading_ms = t->in->now_ms;
		t->out->request = ASK_FIND;
		t->out->who = scan->key;
		t->unchanged = true;
		return;
	}
	desk_refuse(t, scan->reason, &scan->key);
}

/* A code stays in the camera's view: it counts once, until it was away for a while. */
static bool same_code(struct step *t, const struct desk_scan *scan)
{
	struct desk *d = t->d;
	bool is_code = scan->code && !scan->again;
	bool same = is_code && id_equal(d->last_code, scan->key) && d->last_code_ms != 0 &&
		    t->in->now_ms - d->last_code_ms < SAME_CODE_MS;

	if (!is_code)
		return false;
	d->last_code = scan->key;
	d->last_code_ms = t->in->now_ms;
	return same;
}

/* The quick sync for it runs. */
static bool asked_already(const struct desk *d, const struct desk_scan *scan)
{
	return scan->seen == SEEN_UNKNOWN && !scan->again && d->find_ms != 0 &&
	       id_equal(d->find_key, scan->key);
}

static void on_scan(struct step *t, const struct desk_scan *scan)
{
	struct desk *d = t->d;

	if (desk_tools_scan(t, scan))
		return;
	if (scan->seen == SEEN_TOUCH) {
		d->reading_ms = t->in->now_ms;
		t->unchanged = true;
		return;
	}
	/* an answer that comes when the question is no longer open; a code that was not taken away
	 */
	if ((scan->again && d->find_ms == 0) || asked_already(d, scan) || same_code(t, scan) ||
		d->health.revoked) {
		t->unchanged = true;
		return;
	}
	d->find_ms = 0;
	d->reading_ms = 0;
	if (t->s->screen != DESK_STAFF && (d->health.out_of_service || d->health.shutting_down)) {
		desk_refuse(t,
			d->health.shutting_down ? REASON_SHUTTING_DOWN : REASON_OUT_OF_SERVICE,
			NULL);
		return;
	}
	if (cannot_write(d)) {
		desk_refuse(t, REASON_NOT_RECORDED, NULL);
		t->out->fact_count = 0;
		return;
	}
	if (t->s->assigning || t->s->walking_in) {
		desk_assign_scan(t, scan);
		return;
	}
	if (t->s->screen == DESK_PAIR && desk_pair_scan(t, scan))
		return;
	switch (scan->seen) {
	case SEEN_TOUCH:
		break;
	case SEEN_CHIP:
		on_person(t, &scan->person, HOW_CHIP);
		break;
	case SEEN_TICKET:
		on_person(t, &scan->person, HOW_TICKET);
		break;
	case SEEN_CODE:
		desk_code(t, &scan->person);
		break;
	case SEEN_CARD:
		desk_card(t, &scan->guest);
		break;
	case SEEN_UNKNOWN:
		on_unknown(t, scan);
		break;
	case SEEN_REFUSED:
		desk_refuse(t, scan->reason, &scan->key);
		break;
	}
}

static void on_exchange_act(struct step *t)
{
	if (t->s->screen != DESK_WELCOME || !t->s->has_a || t->s->a_how == HOW_BADGE) {
		step_reject(t);
		return;
	}
	t->s->window_ms = t->in->now_ms + WINDOW_MS;
	t->same_people = true;
	step_screen(t, DESK_WELCOME, WELCOME_MS);
	step_sound(t, SOUND_TICK);
}

static void on_act(struct step *t, const struct desk_act *act)
{
	struct desk_session *s = t->s;

	switch (act->kind) {
	case ACT_LANG: {
		char lang[12];

		snprintf(lang, sizeof(lang), STR_FMT, STR_ARG(act->word));
		step_lang(t, lang);
		t->same_people = true;
		/* nobody may come after all: then it falls back */
		if (s->screen == DESK_IDLE)
			step_screen(t, DESK_IDLE, IDLE_LANG_MS);
		else
			step_restart(t);
		return;
	}
	case ACT_TOUCH:
		t->same_people = true;
		if (s->span_ms)
			step_restart(t);
		return;
	case ACT_FINISH:
		if (s->screen == DESK_PAIR)
			t->out->request = ASK_PAIR_END;
		step_idle(t);
		return;
	case ACT_HELP:
		if (s->screen == DESK_IDLE)
			desk_refuse(t, REASON_HELP, NULL);
		else
			step_reject(t);
		return;
	case ACT_EXCHANGE:
		on_exchange_act(t);
		return;
	case ACT_UNDO:
	case ACT_NOT_US:
	case ACT_NOT_RIGHT:
		if (s->tools_only)
			step_reject(t);
		else
			desk_undo(t, act->kind == ACT_NOT_US);
		return;
	case ACT_PAIR:
		desk_pair_start(t);
		return;
	default:
		break;
	}
	if (!desk_note_act(t, act) && !desk_staff_act(t, act))
		step_reject(t);
}

/* The screen's time is over: what comes by itself. */
static void on_timeout(struct step *t)
{
	struct desk_session *s = t->s;

	switch (s->screen) {
	case DESK_EXCHANGE:
		t->same_people = true;
		step_screen(t, DESK_NOTE, NOTE_MS);
		return;
	case DESK_REFUSED:
		s->reason = REASON_NONE;
		if (s->has_guest && !s->has_a) {
			step_screen(t, DESK_WHOSE, WHOSE_MS);
			return;
		}
		if (desk_window_open(t)) {
			step_screen(t, DESK_WELCOME, s->window_ms - t->in->now_ms);
			return;
		}
		break;
	case DESK_PAIR:
		if (s->reason != REASON_PAIR_PAIRED) {
			t->out->request = ASK_PAIR_END;
			step_idle(t);
			desk_refuse(t, REASON_PAIR_EXPIRED, NULL);
			return;
		}
		break;
	case DESK_STAFF:
		if (s->assigning || s->walking_in) {
			s->assigning = s->walking_in = false;
			s->reason = REASON_NONE;
			t->same_people = true;
			step_screen(t, DESK_STAFF, STAFF_MS);
			return;
		}
		break;
	default:
		break;
	}
	step_idle(t);
}

static void on_tick(struct step *t)
{
	struct desk *d = t->d;
	uint64_t now = t->in->now_ms;

	t->unchanged = true;
	if (d->find_ms && now >= d->find_ms) {
		d->find_ms = 0;
		d->reading_ms = 0;
		t->unchanged = false;
		desk_refuse(t, d->find_reason, &d->find_key);
		return;
	}
	if (d->reading_ms && now >= d->reading_ms + READING_AFTER_MS && !d->reading_shown)
		t->unchanged = false;
	if (d->reading_ms && !d->find_ms && now >= d->reading_ms + READING_MS) {
		d->reading_ms = 0;
		t->unchanged = false;
	}
	if (t->s->ends_ms && now >= t->s->ends_ms) {
		t->unchanged = false;
		on_timeout(t);
	}
}

/* The facts of the step before are on the disk, or they are not. */
static void on_commit(struct desk *d, const struct desk_input *in)
{
	if (in->of.committed) {
		d->now = d->next;
		d->sound = d->next_sound;
		d->people_rev += !d->next_same_people;
		if (!id_is_none(d->now.undo.entry))
			d->last_undo = d->now.undo;
		desk_apply_effect(d, in->now_ms);
		return;
	}
	d->people_rev++;
	d->reading_ms = d->find_ms = 0; /* nothing may cover this */
	d->effect = EFFECT_NONE;
	memset(&d->now, 0, sizeof(d->now));
	d->now.screen = DESK_REFUSED;
	d->now.reason = REASON_NOT_RECORDED;
	d->now.span_ms = REFUSED_MS;
	d->now.ends_ms = in->now_ms + REFUSED_MS;
	d->sound = SOUND_STOP;
}

/* A picture of its own only where the station opens or closes by it. */
static void on_health(struct step *t)
{
	struct desk *d = t->d;
	enum desk_reason why, why_then;
	enum desk_screen screen = desk_shown_screen(d, t->in->now_ms, &why);

	d->health = t->in->of.health;
	d->health_known = true;
	t->same_people = true;
	t->unchanged = desk_shown_screen(d, t->in->now_ms, &why_then) == screen && why == why_then;
}

void desk_step(
	struct desk *d, const struct desk_input *in, struct desk_output *out, struct arena *a)
{
	struct step t = { .d = d, .s = &d->next, .in = in, .out = out, .a = a };

	*out = (struct desk_output){ 0 };
	assert(d->waiting == (in->what == DESK_COMMIT));
	d->sound = SOUND_NONE;
	if (in->what == DESK_COMMIT) {
		d->waiting = false;
		on_commit(d, in);
		out->changed = true;
		return;
	}
	d->next = d->now;
	d->next_sound = SOUND_NONE;
	d->effect = EFFECT_NONE;
	switch (in->what) {
	case DESK_SCAN:
		on_scan(&t, in->of.scan);
		break;
	case DESK_ACT:
		on_act(&t, in->of.act);
		break;
	case DESK_TICK:
		on_tick(&t);
		break;
	case DESK_PAIRING:
		desk_pair_state(&t, in->of.pairing);
		break;
	case DESK_HEALTH:
		on_health(&t);
		break;
	case DESK_COMMIT:
		break;
	}
	d->reading_shown = desk_shows_reading(d, in->now_ms);
	if (out->fact_count > 0) {
		d->waiting = true;
		d->next_same_people = t.same_people;
		return;
	}
	out->changed = !t.unchanged;
	if (t.unchanged)
		return;
	d->now = d->next;
	d->sound = d->next_sound;
	d->people_rev += !t.same_people;
	desk_apply_effect(d, in->now_ms);
}
