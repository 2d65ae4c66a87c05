/*
 * The desk: what somebody wants to remember about the other, by chips and one line of text. A
 * touch is written at once; "save" is a courtesy, and walking away loses nothing.
 */
#include "kiosk/desk_private.h"

#include "core/base/clock.h"

const char *const desk_verbs[DESK_VERBS_MAX] = {
	[VERB_TOPIC] = "topic", [VERB_SEND] = "send", [VERB_INTRO] = "intro", [VERB_HELP] = "help"
};

/* What a verb promises: a follow-up, due after some days, and what it gives or asks. */
static const struct {
	const char *followup; /* kind; NULL: the verb only opens the topics */
	int days;
	const char *favour; /* way; NULL: none */
	const char *text, *text_de;
} verbs[VERB_COUNT] = {
	[VERB_TOPIC] = { NULL, 0, NULL, NULL, NULL },
	[VERB_SEND] = { "promise", 2, NULL, NULL, NULL },
	[VERB_INTRO] = { "introduce", 3, "asked", NULL, NULL },
	[VERB_HELP] = { "promise", 5, "offered", "Help", "Hilfe" },
};
enum { HELLO_DAYS = 2, WHEN_MAX_DAYS = 400 };

static const struct {
	const char *key;
	int days;
} whens[DESK_WHENS_MAX] = { { "tomorrow", 1 }, { "soon", 2 }, { "week", 7 }, { "month", 30 } };

static struct desk_note *note_of(struct step *t)
{
	return &t->s->note[t->s->side];
}

static struct id author(const struct step *t)
{
	return t->s->side == 1 ? t->s->b.who : t->s->a.who;
}

static void write_date(struct json_writer *w, const char *key, int64_t day)
{
	char text[32];
	int year, month, day_of_month;

	clock_civil(day, &year, &month, &day_of_month);
	snprintf(text, sizeof(text), "%04d-%02d-%02d", year, month, day_of_month);
	json_str(w, key, str_of(text));
}

static void write_after(struct json_writer *w, struct id before)
{
	if (id_is_none(before))
		return;
	json_open(w, "after", '[');
	json_uuid(w, NULL, before);
	json_close(w, ']');
}

static int64_t due_of(const struct desk_session *s, const struct desk_note *n, unsigned verb)
{
	return n->dated ? n->when : s->day + verbs[verb].days;
}

static void followup_fact(
	struct step *t, const char *kind, int64_t due, struct str text, struct id *entry)
{
	struct id before = *entry;
	struct fact f;

	*entry = fact_open(&f, t, ENTRY_FOLLOWUP);
	json_id(&f.w, "owner", author(t));
	json_uuid(&f.w, "of", t->s->of);
	json_str(&f.w, "kind", str_of(kind));
	write_date(&f.w, "due", due);
	if (text.len > 0)
		json_str(&f.w, "text", text);
	write_after(&f.w, before);
	fact_close(&f);
}

static struct str verb_text(const struct step *t, unsigned verb)
{
	return str_of(strcmp(t->d->lang, "de") == 0 ? verbs[verb].text_de : verbs[verb].text);
}

static void verb_on(struct step *t, unsigned verb)
{
	struct desk_note *n = note_of(t);

	followup_fact(t, verbs[verb].followup, due_of(t->s, n, verb), verb_text(t, verb),
		&n->followup[verb]);
	if (verbs[verb].favour) {
		struct fact f;

		n->favour[verb] = fact_open(&f, t, ENTRY_FAVOUR);
		json_id(&f.w, "owner", author(t));
		json_uuid(&f.w, "of", t->s->of);
		json_str(&f.w, "way", str_of(verbs[verb].favour));
		fact_close(&f);
	}
}

static void take_back(struct step *t, struct id *entry)
{
	struct id who = author(t);

	if (!id_is_none(*entry))
		desk_retract_fact(t, *entry, &who);
	*entry = (struct id){ { 0 } };
}

static bool on_verb(struct step *t, const struct desk_act *act)
{
	struct desk_note *n = note_of(t);

	for (unsigned v = 0; v < VERB_COUNT; v++) {
		if (!str_equal(str_of(desk_verbs[v]), act->word))
			continue;
		if (act->on == ((n->verbs >> v & 1) != 0))
			return true;
		n->verbs ^= 1u << v;
		if (!verbs[v].followup)
			return true;
		if (act->on) {
			verb_on(t, v);
		} else {
			take_back(t, &n->followup[v]);
			take_back(t, &n->favour[v]);
		}
		return true;
	}
	return false;
}

/* The note as it is now; without text and topics the one before is taken back. */
static void write_note(struct step *t)
{
	struct desk_note *n = note_of(t);
	struct id before = n->note;
	struct fact f;

	if (n->topics == 0 && n->text[0] == '\0') {
		take_back(t, &n->note);
		return;
	}
	n->note = fact_open(&f, t, ENTRY_NOTE);
	json_id(&f.w, "author", author(t));
	json_uuid(&f.w, "of", t->s->of);
	if (n->text[0])
		json_str(&f.w, "text", str_of(n->text));
	if (n->topics) {
		json_open(&f.w, "topics", '[');
		for (size_t i = 0; i < t->d->config.topic_count; i++)
			if (n->topics >> i & 1)
				json_str(&f.w, NULL, str_of(t->d->config.topics[i]));
		json_close(&f.w, ']');
	}
	write_after(&f.w, before);
	fact_close(&f);
}

static bool on_topic(struct step *t, const struct desk_act *act)
{
	struct desk_note *n = note_of(t);

	for (size_t i = 0; i < t->d->config.topic_count; i++) {
		if (!str_equal(str_of(t->d->config.topics[i]), act->word))
			continue;
		if (act->on != ((n->topics >> i & 1) != 0)) {
			n->topics ^= 1u << i;
			write_note(t);
		}
		return true;
	}
	return false;
}

/* An empty line never wipes an earlier one. */
static bool on_text(struct step *t, const struct desk_act *act)
{
	struct desk_note *n = note_of(t);

	if (act->word.len > DESK_TEXT_MAX)
		return false;
	if (act->word.len == 0 || str_equal(act->word, str_of(n->text)))
		return true;
	snprintf(n->text, sizeof(n->text), STR_FMT, STR_ARG(act->word));
	write_note(t);
	return true;
}

/* The one question: when. It moves what was promised; with nothing promised, the greeting. */
static bool on_when(struct step *t, const struct desk_act *act)
{
	struct desk_note *n = note_of(t);
	bool promised = false;

	if (act->day < t->s->day || act->day > t->s->day + WHEN_MAX_DAYS)
		return false;
	if (n->dated && n->when == act->day)
		return true;
	n->dated = true;
	n->when = act->day;
	for (unsigned v = 0; v < VERB_COUNT; v++) {
		if (id_is_none(n->followup[v]))
			continue;
		followup_fact(t, verbs[v].followup, n->when, verb_text(t, v), &n->followup[v]);
		promised = true;
	}
	if (!promised)
		followup_fact(t, "hello", n->when, STR(""), &n->hello);
	return true;
}

/* A printed code names somebody who need not be here: nobody writes in their name. */
static bool both_here(const struct desk_session *s)
{
	return s->has_b && s->b_how != HOW_BADGE;
}

static bool on_side(struct step *t, const struct desk_act *act)
{
	int side = str_equal(act->word, STR("a")) ? 0 : str_equal(act->word, STR("b")) ? 1 : -1;

	if (side < 0 || !both_here(t->s))
		return false;
	t->s->side = side;
	step_lang(t, side == 1 ? t->s->b.lang : t->s->a.lang);
	return true;
}

/* Two who stand here by their own badges want to see each other's goals: one touch says so. */
static bool can_buddy(const struct desk_session *s)
{
	return both_here(s) && s->a_how != HOW_BADGE;
}

static bool on_buddy(struct step *t, const struct desk_act *act)
{
	struct desk_session *s = t->s;
	struct fact f;

	if (!can_buddy(s))
		return false;
	if (act->on == !id_is_none(s->buddy))
		return true;
	if (!act->on) {
		take_back(t, &s->buddy);
		s->undo.also = s->buddy;
		return true;
	}
	s->buddy = fact_open(&f, t, ENTRY_BUDDY);
	json_id(&f.w, "a", s->a.who);
	json_id(&f.w, "b", s->b.who);
	fact_close(&f);
	/* "not us" takes it back with the meeting */
	s->undo.also = s->buddy;
	return true;
}

bool desk_note_act(struct step *t, const struct desk_act *act)
{
	static bool (*const table[])(struct step *, const struct desk_act *) = {
		[ACT_VERB] = on_verb,
		[ACT_TOPIC] = on_topic,
		[ACT_TEXT] = on_text,
		[ACT_WHEN] = on_when,
		[ACT_SIDE] = on_side,
		[ACT_BUDDY] = on_buddy,
	};
	struct desk_session *s = t->s;
	bool here = s->screen == DESK_NOTE || s->screen == DESK_EXCHANGE || s->screen == DESK_GUEST;

	if (!here || id_is_none(s->of))
		return false;
	if (act->kind == ACT_SAVE) {
		/* on the guest's preview it confirms, and the note follows; else it is a courtesy
		 */
		if (s->screen == DESK_GUEST) {
			t->same_people = true;
			step_screen(t, DESK_NOTE, NOTE_MS);
		} else {
			step_idle(t);
		}
		step_sound(t, SOUND_TICK);
		return true;
	}
	if ((size_t)act->kind >= ARRAY_LEN(table) || !table[act->kind] || !table[act->kind](t, act))
		return false;
	t->same_people = true;
	step_screen(t, DESK_NOTE, NOTE_MS);
	step_sound(t, SOUND_TICK);
	return true;
}

void desk_note_view(const struct desk *d, struct desk_view *out)
{
	const struct desk_session *s = &d->now;
	const struct desk_note *n = &s->note[s->side];
	int first = VERB_COUNT;

	out->noting = true;
	out->side = !both_here(s) ? 0 : s->side == 1 ? 'b' : 'a';
	out->can_buddy = can_buddy(s);
	out->buddy = !id_is_none(s->buddy);
	out->text = n->text[0] ? n->text : NULL;
	for (int v = 0; v < VERB_COUNT; v++) {
		if (!(n->verbs >> v & 1))
			continue;
		out->chosen[out->chosen_count++] = desk_verbs[v];
		if (verbs[v].followup && (first == VERB_COUNT || verbs[v].days < verbs[first].days))
			first = v;
	}
	for (size_t i = 0; i < d->config.topic_count; i++)
		if (n->topics >> i & 1)
			out->chosen[out->chosen_count++] = d->config.topics[i];
	out->when = n->dated ? n->when
			     : s->day + (first == VERB_COUNT ? HELLO_DAYS : verbs[first].days);
	for (size_t i = 0; i < ARRAY_LEN(whens); i++) {
		out->whens[i].key = whens[i].key;
		out->whens[i].day = s->day + whens[i].days;
	}
	out->when_count = ARRAY_LEN(whens);
}
