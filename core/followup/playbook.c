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

static struct str word(const struct draft_words *w, struct str name)
{
	if (str_equal(name, STR("them")))
		return w->them;
	if (str_equal(name, STR("me")))
		return w->me;
	if (str_equal(name, STR("event")))
		return w->event;
	return w->topic;
}

/* False, and out as it was, when a word of the line is empty. */
static bool fill_line(struct buf *out, struct str line, const struct draft_words *w)
{
	size_t start = out->len;

	while (line.len > 0) {
		size_t open = str_find_char(line, '{', 0), close;
		struct str value;

		buf_add_str(out, str_sub(line, 0, open));
		if (open == SIZE_MAX)
			break;
		close = str_find_char(line, '}', open);
		value = word(w, str_sub(line, open + 1, close));
		if (value.len == 0) {
			out->len = start;
			return false;
		}
		buf_add_str(out, value);
		line = str_sub(line, close + 1, line.len);
	}
	return true;
}

void followup_draft(
	struct buf *subject, struct buf *body, enum followup_kind kind, const struct draft_words *w)
{
	const struct template *t = find_template(kind, w->lang);
	struct str rest = str_of(t->body), line;

	if (!fill_line(subject, str_of(t->subject), w)) {
		/* the sentence up to the missing word still says what the mail is about */
		struct str s = str_of(t->subject);
		struct str head = str_trim(str_sub(s, 0, str_find_char(s, '{', 0)));

		while (head.len > 0 && (head.p[head.len - 1] == ':' || head.p[head.len - 1] == ' '))
			head.len--;
		buf_add_str(subject,
			str_ends(head, STR(" at")) ? str_sub(head, 0, head.len - 3) : head);
	}
	while (str_split(&rest, '\n', &line))
		if (fill_line(body, line, w) && rest.p)
			buf_add_char(body, '\n');
}
