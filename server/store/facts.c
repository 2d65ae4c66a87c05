#include "server/store/facts.h"

#include "core/base/json.h"

enum field_type { END, PERSON, ENTRY, ENTRIES, TEXT, TEXTS, WORD, DATE, FLAG, NUMBER };

struct field {
	const char *name;
	enum field_type type;
	bool required;
	const char *words; /* of a WORD: the words there are, with a space around each */
};

enum { FIELDS_MAX = 8 };

struct shape {
	enum entry_kind kind;
	unsigned stations; /* bits: 1 << enum station_kind */
	bool open;
	bool owned; /* the first person must be the owner of a STATION_OWN */
	struct field fields[FIELDS_MAX];
};

#define KIOSK (1u << STATION_KIOSK)
#define OWN   (1u << STATION_OWN)

#define FOLLOWUP_WORDS                                                                             \
	" hello promise thanks introduce referral report-back share congratulate keep-in-touch"    \
	" face-time "

/* Who may write what, and what it holds. Authority is read here in a minute. */
static const struct shape shapes[] = {
	{ ENTRY_CHECKIN, KIOSK, true, false,
		{ { "who", PERSON, true, NULL },
			{ "how", WORD, true, " chip ticket staff badge " } } },
	{ ENTRY_CHECKOUT, KIOSK, true, false, { { "who", PERSON, true, NULL } } },
	{ ENTRY_BADGE_ASSIGN, KIOSK, true, false,
		{ { "badge", PERSON, true, NULL }, { "who", PERSON, true, NULL },
			{ "name", TEXT, false, NULL } } },
	{ ENTRY_MEETING, KIOSK | OWN, true, true,
		{ { "a", PERSON, true, NULL }, { "b", PERSON, true, NULL },
			{ "by", WORD, false, " badge " } } },
	{ ENTRY_CONTACT, KIOSK | OWN, false, true,
		{ { "owner", PERSON, true, NULL }, { "card", TEXT, true, NULL },
			{ "claimed", FLAG, false, NULL }, { "of", ENTRY, false, NULL } } },
	{ ENTRY_NOTE, KIOSK | OWN, false, true,
		{ { "author", PERSON, true, NULL }, { "of", ENTRY, true, NULL },
			{ "text", TEXT, false, NULL }, { "topics", TEXTS, false, NULL },
			{ "after", ENTRIES, false, NULL },
			{ "prompt", WORD, false, " working cares " } } },
	{ ENTRY_FOLLOWUP, KIOSK | OWN, false, true,
		/* of: left out only of a share, which then is a lead for nobody yet */
		{ { "owner", PERSON, true, NULL }, { "of", ENTRY, false, NULL },
			{ "kind", WORD, true, FOLLOWUP_WORDS }, { "due", DATE, true, NULL },
			{ "text", TEXT, false, NULL }, { "after", ENTRIES, false, NULL },
			{ "topics", TEXTS, false, NULL }, { "about", ENTRY, false, NULL } } },
	{ ENTRY_FOLLOWUP_STATE, OWN, false, true,
		{ { "owner", PERSON, true, NULL }, { "item", TEXT, true, NULL },
			{ "state", WORD, true, " done drop snooze open " },
			{ "until", DATE, false, NULL }, { "after", ENTRIES, false, NULL },
			{ "worked", FLAG, false, NULL } } },
	{ ENTRY_FAVOUR, KIOSK | OWN, false, true,
		{ { "owner", PERSON, true, NULL }, { "of", ENTRY, true, NULL },
			{ "way", WORD, true, " offered given asked received " },
			{ "text", TEXT, false, NULL }, { "after", ENTRIES, false, NULL } } },
	{ ENTRY_INTRODUCE, KIOSK | OWN, false, true,
		{ { "owner", PERSON, true, NULL }, { "a", ENTRY, true, NULL },
			{ "b", ENTRY, true, NULL }, { "text", TEXT, false, NULL } } },
	{ ENTRY_CONSENT, OWN, true, true,
		{ { "who", PERSON, true, NULL },
			{ "purpose", WORD, true, " card followups contact introduce coming " },
			{ "given", FLAG, true, NULL }, { "version", NUMBER, true, NULL },
			{ "of", ENTRY, false, NULL } } },
	{ ENTRY_SHARE, OWN, false, true,
		{ { "owner", PERSON, true, NULL }, { "of", ENTRY, true, NULL },
			{ "fields", TEXTS, true, NULL } } },
	{ ENTRY_HIDE, OWN, false, true,
		{ { "owner", PERSON, true, NULL }, { "of", ENTRY, true, NULL } } },
	{ ENTRY_MERGE, OWN, false, true,
		{ { "owner", PERSON, true, NULL }, { "of", ENTRIES, true, NULL },
			{ "undo", FLAG, false, NULL } } },
	{ ENTRY_BUDDY, KIOSK | OWN, false, true,
		{ { "a", PERSON, true, NULL }, { "b", PERSON, true, NULL } } },
	{ ENTRY_SETTING, OWN, false, true,
		{ { "owner", PERSON, true, NULL }, { "name", TEXT, true, NULL },
			{ "value", TEXT, true, NULL }, { "after", ENTRIES, false, NULL } } },
	/* whose entries it may take back is judged with the two together: server/store/derive.c */
	{ ENTRY_RETRACT, KIOSK | OWN, true, false, { { "of", ENTRY, true, NULL } } },
	{ ENTRY_REFUSED, KIOSK | OWN, true, false,
		{ { "what", TEXT, true, NULL }, { "why", TEXT, true, NULL },
			{ "who", PERSON, false, NULL }, { "sun", TEXT, false, NULL } } },
};

static const struct shape *shape_of(enum entry_kind kind)
{
	for (size_t i = 0; i < ARRAY_LEN(shapes); i++)
		if (shapes[i].kind == kind)
			return &shapes[i];
	return NULL;
}

bool facts_are_open(enum entry_kind kind)
{
	const struct shape *s = shape_of(kind);

	return s && s->open;
}

/* " word " stands in words */
static bool is_word(const char *words, struct str s)
{
	struct str rest = str_of(words), word;

	while (str_split(&rest, ' ', &word))
		if (word.len > 0 && str_equal(word, s))
			return true;
	return false;
}

static bool is_digits(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.len > 0;
}

static bool is_date(struct str s)
{
	return s.len == 10 && s.p[4] == '-' && s.p[7] == '-' && is_digits(str_sub(s, 0, 4)) &&
	       is_digits(str_sub(s, 5, 7)) && is_digits(str_sub(s, 8, 10));
}

static bool is_list(const struct json *list, bool of_ids)
{
	struct id id;

	if (!list || list->type != JSON_ARRAY)
		return false;
	for (const struct json *o = list->first; o; o = o->next)
		if (o->type != JSON_STRING || (of_ids && !id_read(o->text, &id)))
			return false;
	return true;
}

static bool check_field(const struct json *root, const struct field *f)
{
	struct id id;
	struct str s;
	int64_t n;
	bool b;

	switch (f->type) {
	case PERSON:
	case ENTRY:
		return json_get_id(root, f->name, &id) && !id_is_none(id);
	case ENTRIES:
	case TEXTS:
		return is_list(json_get(root, f->name), f->type == ENTRIES);
	case TEXT:
		return json_get_str(root, f->name, &s);
	case WORD:
		return json_get_str(root, f->name, &s) && is_word(f->words, s);
	case DATE:
		return json_get_str(root, f->name, &s) && is_date(s);
	case FLAG:
		return json_get_bool(root, f->name, &b);
	case NUMBER:
		return json_get_i64(root, f->name, &n);
	case END:
		break;
	}
	return false;
}

/* The few values that the server itself acts on. */
static void take_special(struct facts *out, const struct json *root)
{
	static const char *const purposes[] = { NULL, "card", "followups", "contact", "introduce",
		"coming" };
	struct str s;

	if (!json_get_id(root, "of", &out->of))
		out->of = (struct id){ { 0 } };
	for (unsigned i = 0; i < ARRAY_LEN(out->ties); i++)
		if (!json_get_id(root, i ? "b" : "a", &out->ties[i]))
			out->ties[i] = (struct id){ { 0 } };
	if (!json_get_str(root, "name", &out->name))
		out->name = (struct str){ "", 0 };
	if (!json_get_bool(root, "given", &out->given))
		out->given = false;
	if (!json_get_i64(root, "version", &out->version))
		out->version = 0;
	for (unsigned i = 1; json_get_str(root, "purpose", &s) && i < ARRAY_LEN(purposes); i++)
		if (str_equal(s, str_of(purposes[i])))
			out->purpose = (enum purpose)i;
}

/* What one field alone does not say. */
static bool check_whole(
	const struct facts *f, enum entry_kind kind, const struct json *root, struct err *e)
{
	struct str what;

	if (kind == ENTRY_CONSENT && f->purpose == PURPOSE_INTRODUCE && id_is_none(f->of))
		return err_set(e, ERR_MALFORMED, "consent: of names the introduction");
	if (kind == ENTRY_FOLLOWUP && id_is_none(f->of) &&
		!(json_get_str(root, "kind", &what) && str_equal(what, STR("share"))))
		return err_set(e, ERR_MALFORMED, "followup: of is missing");
	return true;
}

static void take_person(struct facts *out, enum entry_kind kind, const char *name, struct id id)
{
	if (kind == ENTRY_BADGE_ASSIGN && strcmp(name, "badge") == 0)
		out->badge = id;
	else if (out->who_count < ARRAY_LEN(out->who))
		out->who[out->who_count++] = id;
}

bool facts_read(struct facts *out, enum entry_kind kind, struct bytes payload, struct arena *a,
	struct err *e)
{
	const struct shape *shape = shape_of(kind);
	struct json *root;

	*out = (struct facts){ 0 };
	if (!shape)
		return err_set(e, ERR_MALFORMED, "kind %d is unknown", (int)kind);
	if (!json_read(&root, payload, a, e))
		return err_in(e, "payload");
	if (root->type != JSON_OBJECT)
		return err_set(e, ERR_MALFORMED, "payload is no object");
	for (size_t i = 0; i < FIELDS_MAX && shape->fields[i].type != END; i++) {
		const struct field *f = &shape->fields[i];
		const struct json *value = json_get(root, f->name);
		struct id id;

		if ((!value || value->type == JSON_NULL) && !f->required)
			continue;
		if (!check_field(root, f))
			return err_set(e, ERR_MALFORMED, "%s: %s is missing or wrong",
				entry_kind_name(kind), f->name);
		if (f->type == PERSON && json_get_id(root, f->name, &id))
			take_person(out, kind, f->name, id);
	}
	take_special(out, root);
	return check_whole(out, kind, root, e);
}

const char *facts_refuse_kind(enum entry_kind kind, enum station_kind station)
{
	const struct shape *shape = shape_of(kind);

	return shape && shape->stations & 1u << station ? NULL : "not-for-this-station";
}

const char *facts_refuse(const struct facts *f, enum entry_kind kind, enum station_kind station,
	const struct id *owner)
{
	const struct shape *shape = shape_of(kind);
	const char *why = facts_refuse_kind(kind, station);

	if (why)
		return why;
	if (station == STATION_OWN && shape->owned &&
		(f->who_count == 0 || !id_equal(f->who[0], *owner)))
		return "not-your-own";
	return NULL;
}
