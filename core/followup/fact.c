#include "core/followup/fact.h"

#include "core/followup/followup.h"

/* The first value of that name; empty when there is none. */
static struct str text_of(const struct fact_source *from, const char *name)
{
	struct str wanted = str_of(name);

	for (size_t i = 0; i < from->count; i++)
		if (str_equal(from->fields[i].name, wanted))
			return from->fields[i].value;
	return STR("");
}

static bool id_of(const struct fact_source *from, const char *name, struct id *out)
{
	return id_read(text_of(from, name), out);
}

static void id_if(const struct fact_source *from, const char *name, struct id *out)
{
	if (!id_of(from, name, out))
		*out = (struct id){ { 0 } };
}

static bool flag_of(const struct fact_source *from, const char *name)
{
	return str_equal(text_of(from, name), STR("true"));
}

static size_t count_of(const struct fact_source *from, struct str name)
{
	size_t n = 0;

	for (size_t i = 0; i < from->count; i++)
		n += str_equal(from->fields[i].name, name);
	return n;
}

static const struct id *ids_of(
	const struct fact_source *from, const char *name, size_t *n, struct arena *a)
{
	struct str wanted = str_of(name);
	struct id *ids = ARENA_ARRAY(a, count_of(from, wanted), struct id);

	*n = 0;
	for (size_t i = 0; i < from->count; i++)
		if (str_equal(from->fields[i].name, wanted) &&
			id_read(from->fields[i].value, &ids[*n]))
			(*n)++;
	return ids;
}

static void topics_of(struct fact *out, const struct fact_source *from, struct arena *a)
{
	struct str *topics = ARENA_ARRAY(a, count_of(from, STR("topics")), struct str);

	out->topics = topics;
	for (size_t i = 0; i < from->count; i++)
		if (str_equal(from->fields[i].name, STR("topics")) && from->fields[i].value.len > 0)
			topics[out->topic_count++] = from->fields[i].value;
}

static enum fact_said answer_of(const struct fact_source *from, const char *name)
{
	struct str s = text_of(from, name);

	if (str_equal(s, STR("yes")) || str_equal(s, STR("true")))
		return SAID_YES;
	return str_equal(s, STR("no")) || str_equal(s, STR("false")) ? SAID_NO : SAID_NOTHING;
}

static bool read_meeting(struct fact *out, const struct fact_source *from, struct arena *a)
{
	(void)a;
	out->person = from->other;
	return true;
}

/* The card that somebody showed at a meeting says more about that person; else it is a tie. */
static bool read_contact(struct fact *out, const struct fact_source *from, struct arena *a)
{
	(void)a;
	id_if(from, "of", &out->of);
	if (id_is_none(out->of))
		out->person = out->id;
	return true;
}

static bool read_of(struct fact *out, const struct fact_source *from, struct arena *a)
{
	(void)a;
	return id_of(from, "of", &out->of);
}

static bool read_note(struct fact *out, const struct fact_source *from, struct arena *a)
{
	struct str prompt = text_of(from, "prompt");

	topics_of(out, from, a);
	out->prompt = str_equal(prompt, STR("working")) ? PROMPT_WORKING
		      : str_equal(prompt, STR("cares")) ? PROMPT_CARES
							: PROMPT_NONE;
	return id_of(from, "of", &out->of);
}

/* Only a lead is for nobody yet; everything else has somebody to whom it is owed. */
static bool read_followup(struct fact *out, const struct fact_source *from, struct arena *a)
{
	if (!followup_kind_read(text_of(from, "kind"), &out->what) ||
		!followup_date_read(text_of(from, "due"), &out->day))
		return false;
	id_if(from, "of", &out->of);
	id_if(from, "about", &out->about);
	topics_of(out, from, a);
	return !id_is_none(out->of) || out->what == FOLLOWUP_SHARE;
}

static bool read_state(struct fact *out, const struct fact_source *from, struct arena *a)
{
	(void)a;
	if (!id_of(from, "item", &out->item) ||
		!followup_state_read(text_of(from, "state"), &out->state))
		return false;
	out->worked = out->state == FOLLOWUP_DONE && flag_of(from, "worked");
	return out->state != FOLLOWUP_SNOOZE ||
	       followup_date_read(text_of(from, "until"), &out->day);
}

static bool read_favour(struct fact *out, const struct fact_source *from, struct arena *a)
{
	return read_of(out, from, a) && favour_way_read(text_of(from, "way"), &out->way);
}

static bool read_introduce(struct fact *out, const struct fact_source *from, struct arena *a)
{
	(void)a;
	out->asks = flag_of(from, "asked");
	if (!out->asks) {
		out->said[0] = answer_of(from, "a_said");
		out->said[1] = answer_of(from, "b_said");
		return id_of(from, "a", &out->a) && id_of(from, "b", &out->b);
	}
	out->other = from->other;
	out->said[0] = answer_of(from, "said");
	id_if(from, "with", &out->person);
	return !id_is_none(out->other);
}

/* The other consents are between the owner and the organizer. */
static bool read_consent(struct fact *out, const struct fact_source *from, struct arena *a)
{
	out->said[0] = answer_of(from, "given");
	return str_equal(text_of(from, "purpose"), STR("introduce")) && read_of(out, from, a);
}

static bool read_merge(struct fact *out, const struct fact_source *from, struct arena *a)
{
	out->list = ids_of(from, "of", &out->list_count, a);
	return out->list_count > 1;
}

static bool read_buddy(struct fact *out, const struct fact_source *from, struct arena *a)
{
	(void)a;
	out->person = from->other;
	return !id_is_none(out->person);
}

static bool read_setting(struct fact *out, const struct fact_source *from, struct arena *a)
{
	(void)a;
	out->name = text_of(from, "name");
	out->text = text_of(from, "value");
	return out->name.len > 0;
}

static bool (*const readers[ENTRY_KIND_END])(
	struct fact *, const struct fact_source *, struct arena *) = {
	[ENTRY_MEETING] = read_meeting,
	[ENTRY_CONTACT] = read_contact,
	[ENTRY_NOTE] = read_note,
	[ENTRY_FOLLOWUP] = read_followup,
	[ENTRY_FOLLOWUP_STATE] = read_state,
	[ENTRY_FAVOUR] = read_favour,
	[ENTRY_INTRODUCE] = read_introduce,
	[ENTRY_CONSENT] = read_consent,
	[ENTRY_HIDE] = read_of,
	[ENTRY_RETRACT] = read_of,
	[ENTRY_MERGE] = read_merge,
	[ENTRY_BUDDY] = read_buddy,
	[ENTRY_SETTING] = read_setting,
};

bool fact_read(struct fact *out, const struct fact_source *from, struct arena *a)
{
	*out = (struct fact){
		.kind = from->kind,
		.id = from->id,
		.event = from->event,
		.at_ms = from->at_ms,
		.own = from->own,
		.text = text_of(from, "text"),
	};
	if ((unsigned)from->kind >= ENTRY_KIND_END || !readers[from->kind])
		return false;
	out->after = ids_of(from, "after", &out->after_count, a);
	return readers[from->kind](out, from, a);
}

bool fact_is_tie(const struct fact *f)
{
	return (f->kind == ENTRY_MEETING || f->kind == ENTRY_CONTACT ||
		       f->kind == ENTRY_INTRODUCE) &&
	       !id_is_none(f->person);
}
