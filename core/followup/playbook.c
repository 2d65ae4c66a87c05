/*
 * The playbook: what a thoughtful networker does by default, and what they write. Everything that
 * an organizer or a translator may want to change is in this file.
 */
#include "core/followup/followup.h"

const struct playbook playbook_default = {
	.days = {
#define X(kind, name, days, loop) [kind] = days,
		FOLLOWUP_KINDS(X)
#undef X
	},
	.keep_done_days = 30,
};

/* {them} {me} {event} {topic} are filled in; a line whose word is empty is left out. */
struct template
{
	enum followup_kind kind;
	const char *lang, *subject, *body;
};

static const struct template templates[] = {
	{ FOLLOWUP_HELLO, "en", "Good to meet you at {event}",
		"Hello {them},\n\n"
		"it was good to meet you at {event}.\n"
		"You told me about {topic}, and I would like to hear more.\n"
		"Is there anything I can help you with?\n\n"
		"Best wishes\n{me}\n" },
	{ FOLLOWUP_HELLO, "de", "Schön, dass wir uns getroffen haben: {event}",
		"Hallo {them},\n\n"
		"es war schön, dich bei {event} kennenzulernen.\n"
		"Du hast von {topic} erzählt, dazu würde ich gern mehr hören.\n"
		"Kann ich dir bei etwas helfen?\n\n"
		"Viele Grüße\n{me}\n" },
	{ FOLLOWUP_PROMISE, "en", "As promised: {topic}",
		"Hello {them},\n\n"
		"at {event} I promised you something:\n"
		"{topic}\n\n"
		"Here it is. Tell me if you need anything else.\n\n"
		"Best wishes\n{me}\n" },
	{ FOLLOWUP_PROMISE, "de", "Wie versprochen: {topic}",
		"Hallo {them},\n\n"
		"bei {event} habe ich dir etwas versprochen:\n"
		"{topic}\n\n"
		"Hier ist es. Sag mir, wenn du noch etwas brauchst.\n\n"
		"Viele Grüße\n{me}\n" },
	{ FOLLOWUP_THANKS, "en", "Thank you",
		"Hello {them},\n\n"
		"thank you for your help.\n"
		"It made a difference: {topic}\n"
		"If I can do something for you, please say so.\n\n"
		"Best wishes\n{me}\n" },
	{ FOLLOWUP_THANKS, "de", "Danke",
		"Hallo {them},\n\n"
		"danke für deine Hilfe.\n"
		"Sie hat etwas bewirkt: {topic}\n"
		"Wenn ich etwas für dich tun kann, sag es bitte.\n\n"
		"Viele Grüße\n{me}\n" },
	{ FOLLOWUP_INTRODUCE, "en", "An introduction",
		"Hello {them},\n\n"
		"we spoke about an introduction: {topic}\n"
		"Shall I ask the other side whether it suits them?\n\n"
		"Best wishes\n{me}\n" },
	{ FOLLOWUP_INTRODUCE, "de", "Jemanden vorstellen",
		"Hallo {them},\n\n"
		"wir sprachen darüber, jemanden vorzustellen: {topic}\n"
		"Soll ich die andere Seite fragen, ob es passt?\n\n"
		"Viele Grüße\n{me}\n" },
	{ FOLLOWUP_KEEP_IN_TOUCH, "en", "How are you?",
		"Hello {them},\n\n"
		"it has been a while since {event}. How are you, and what are you working on?\n\n"
		"Best wishes\n{me}\n" },
	{ FOLLOWUP_KEEP_IN_TOUCH, "de", "Wie geht es dir?",
		"Hallo {them},\n\n"
		"{event} ist schon eine Weile her. Wie geht es dir, und woran arbeitest du?\n\n"
		"Viele Grüße\n{me}\n" },
};

struct phrases {
	const char *lang;
	const char *titles[FOLLOWUP_KIND_COUNT];
	const char *whys[WHY_RHYTHM + 1];
	const char *months[12];
	const char *date; /* {day} and {month} */
};

static const struct phrases phrases[] = {
	{ .lang = "en",
		.titles = {
			[FOLLOWUP_HELLO] = "Say hello to {them}",
			[FOLLOWUP_PROMISE] = "Keep your promise to {them}",
			[FOLLOWUP_THANKS] = "Thank {them}",
			[FOLLOWUP_INTRODUCE] = "Make an introduction for {them}",
			[FOLLOWUP_REFERRAL] = "Act on the referral by {them}, or decline",
			[FOLLOWUP_REPORT_BACK] = "Tell {them} how it went",
			[FOLLOWUP_SHARE] = "Share something with {them}",
			[FOLLOWUP_CONGRATULATE] = "Congratulate {them}",
			[FOLLOWUP_KEEP_IN_TOUCH] = "Write to {them} again",
			[FOLLOWUP_FACE_TIME] = "Meet {them} for a coffee",
		},
		.whys = {
			[WHY_MET] = "You met at {event} on {date}.",
			[WHY_MET_AGAIN] = "You have met {count} times, last on {date}.",
			[WHY_SAID] = "You promised this on {date}: {topic}",
			[WHY_HELPED] = "They helped you: {topic}",
			[WHY_RHYTHM] = "Your last meeting was on {date}.",
		},
		.months = { "January", "February", "March", "April", "May", "June", "July", "August", "September",
			"October", "November", "December" },
		.date = "{day} {month}" },
	{ .lang = "de",
		.titles = {
			[FOLLOWUP_HELLO] = "{them} begrüßen",
			[FOLLOWUP_PROMISE] = "Versprechen an {them} halten",
			[FOLLOWUP_THANKS] = "{them} danken",
			[FOLLOWUP_INTRODUCE] = "{them} jemanden vorstellen",
			[FOLLOWUP_REFERRAL] = "Empfehlung von {them} aufgreifen oder absagen",
			[FOLLOWUP_REPORT_BACK] = "{them} berichten, was daraus wurde",
			[FOLLOWUP_SHARE] = "Etwas mit {them} teilen",
			[FOLLOWUP_CONGRATULATE] = "{them} gratulieren",
			[FOLLOWUP_KEEP_IN_TOUCH] = "{them} wieder schreiben",
			[FOLLOWUP_FACE_TIME] = "{them} auf einen Kaffee treffen",
		},
		.whys = {
			[WHY_MET] = "Getroffen bei {event} am {date}.",
			[WHY_MET_AGAIN] = "{count} Treffen, zuletzt am {date}.",
			[WHY_SAID] = "Versprochen am {date}: {topic}",
			[WHY_HELPED] = "Hat dir geholfen: {topic}",
			[WHY_RHYTHM] = "Das letzte Treffen war am {date}.",
		},
		.months = { "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September",
			"Oktober", "November", "Dezember" },
		.date = "{day}. {month}" },
};

static const struct template *find_template(enum followup_kind kind, struct str lang)
{
	const struct template *best = &templates[0];
	bool of_kind = false;

	for (size_t i = 0; i < ARRAY_LEN(templates); i++) {
		const struct template *t = &templates[i];
		bool same_kind = t->kind == kind;
		bool same_lang = str_equal(str_of(t->lang), lang);

		if (same_kind && same_lang)
			return t;
		/* English of this kind, else a greeting in the person's language */
		if ((same_kind && !of_kind) ||
			(!of_kind && same_lang && t->kind == FOLLOWUP_HELLO)) {
			best = t;
			of_kind = same_kind;
		}
	}
	return best;
}

/* What stands for {name}. */
struct slot {
	const char *name;
	struct str value;
};

static struct str word(const struct slot *slots, size_t n, struct str name)
{
	for (size_t i = 0; i < n; i++)
		if (str_equal(str_of(slots[i].name), name))
			return slots[i].value;
	return (struct str){ NULL, 0 };
}

/* False, and out as it was, when a word of the line is empty. */
static bool fill_line(struct buf *out, struct str line, const struct slot *slots, size_t n)
{
	size_t start = out->len;

	while (line.len > 0) {
		size_t open = str_find_char(line, '{', 0), close;
		struct str value;

		buf_add_str(out, str_sub(line, 0, open));
		if (open == SIZE_MAX)
			break;
		close = str_find_char(line, '}', open);
		value = word(slots, n, str_sub(line, open + 1, close));
		if (value.len == 0) {
			out->len = start;
			return false;
		}
		buf_add_str(out, value);
		line = str_sub(line, close + 1, line.len);
	}
	return true;
}

static const struct phrases *find_phrases(struct str lang)
{
	for (size_t i = 0; i < ARRAY_LEN(phrases); i++)
		if (str_equal(str_of(phrases[i].lang), lang))
			return &phrases[i];
	return &phrases[0];
}

/* The line, else what of it needs no missing word, else nothing. */
static void fill_or_cut(struct buf *out, struct str line, const struct slot *slots, size_t n)
{
	while (line.len > 0 && !fill_line(out, line, slots, n)) {
		size_t last = SIZE_MAX;

		for (size_t at = 0; (at = str_find_char(line, '{', at)) != SIZE_MAX; at++)
			last = at;
		line = str_trim(str_sub(line, 0, last));
		while (line.len > 0 && line.p[line.len - 1] == ':')
			line.len--;
		if (str_ends(line, STR(" at")) || str_ends(line, STR(" on")) ||
			str_ends(line, STR(" am")))
			line.len -= 3;
		else if (str_ends(line, STR(" bei")))
			line.len -= 4;
	}
}

void followup_title(struct buf *out, enum followup_kind kind, const struct draft_words *w)
{
	const struct slot slots[] = { { "them", w->them.len > 0 ? w->them : STR("?") } };

	fill_or_cut(out, str_of(find_phrases(w->lang)->titles[kind]), slots, ARRAY_LEN(slots));
}

void followup_why(struct buf *out, const struct followup_item *item, const struct draft_words *w)
{
	const struct phrases *p = find_phrases(w->lang);
	char day_text[8], date_text[64], count_text[16];
	struct buf d = BUF_ON(day_text), date = BUF_ON(date_text), count = BUF_ON(count_text);
	int year, month, day;

	clock_civil(item->met.last, &year, &month, &day);
	buf_add_i64(&d, day);
	buf_add_u64(&count, item->met.count);
	const struct slot of_date[] = { { "day", buf_str(&d) },
		{ "month", str_of(p->months[month - 1]) } };

	(void)fill_line(&date, str_of(p->date), of_date, ARRAY_LEN(of_date));
	const struct slot slots[] = { { "event", w->event }, { "topic", w->topic },
		{ "date", buf_str(&date) }, { "count", buf_str(&count) } };

	fill_or_cut(out, str_of(p->whys[item->why]), slots, ARRAY_LEN(slots));
}

void followup_draft(
	struct buf *subject, struct buf *body, enum followup_kind kind, const struct draft_words *w)
{
	const struct template *t = find_template(kind, w->lang);
	const struct slot slots[] = { { "them", w->them }, { "me", w->me }, { "event", w->event },
		{ "topic", w->topic } };
	struct str rest = str_of(t->body), line;

	fill_or_cut(subject, str_of(t->subject), slots, ARRAY_LEN(slots));
	while (str_split(&rest, '\n', &line))
		if (fill_line(body, line, slots, ARRAY_LEN(slots)) && rest.p)
			buf_add_char(body, '\n');
}
