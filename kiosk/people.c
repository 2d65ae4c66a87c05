#include "kiosk/people.h"

#include <assert.h>

#include "core/base/text.h"

/* From 16 bytes to a number, open addressing. The keys are random or keyed hashes. */
struct id_slot {
	struct id key;
	uint32_t value; /* 0: free */
};
struct id_map {
	struct id_slot *slots;
	size_t size, used; /* used counts freed ones too */
};

/* Bits of a value above the number: the slot was freed; the badge is revoked. */
#define GONE	((uint32_t)1 << 31)
#define REVOKED ((uint32_t)1 << 30)
#define INDEX	(REVOKED - 1)

struct record {
	struct person person; /* its texts are owned */
	uint8_t ticket[16];
	bool has_ticket;
	struct id *badges;
	size_t badge_count, badge_room;
	unsigned snapshot; /* the last one that had this person */
	bool own;   /* of checked_in: this station's word, which the server may not have yet */
	bool heard; /* the roster had this person, and said: */
	bool said_in;
	int64_t said_in_ms;
};

struct people {
	struct record *records; /* from 1 */
	size_t count, room;
	struct id_map by_id, by_badge, by_ticket;
	unsigned snapshot;
};

static void *must(void *p)
{
	if (!p)
		abort();
	return p;
}

/* Where key is, or the free slot where it would be. The map is never full. */
static size_t map_find(const struct id_map *m, struct id key)
{
	uint64_t h;
	size_t i;

	memcpy(&h, key.b + 8, sizeof(h));
	for (i = (size_t)h & (m->size - 1); m->slots[i].value != 0; i = (i + 1) & (m->size - 1))
		if (id_equal(m->slots[i].key, key))
			break;
	return i;
}

static uint32_t map_get(const struct id_map *m, struct id key)
{
	uint32_t value = m->size ? m->slots[map_find(m, key)].value : 0;

	return value & GONE ? 0 : value;
}

static void map_put(struct id_map *m, struct id key, uint32_t value)
{
	size_t at;

	if (m->used * 2 >= m->size) {
		struct id_map bigger = { .size = m->size ? m->size * 2 : 64 };

		bigger.slots = must(calloc(bigger.size, sizeof(*bigger.slots)));
		for (size_t i = 0; i < m->size; i++) {
			if (m->slots[i].value == 0 || (m->slots[i].value & GONE))
				continue;
			bigger.slots[map_find(&bigger, m->slots[i].key)] = m->slots[i];
			bigger.used++;
		}
		free(m->slots);
		*m = bigger;
	}
	at = map_find(m, key);
	m->used += m->slots[at].value == 0;
	m->slots[at].key = key;
	m->slots[at].value = value;
}

static void map_remove(struct id_map *m, struct id key)
{
	size_t at = m->size ? map_find(m, key) : 0;

	if (m->size && m->slots[at].value != 0)
		m->slots[at].value = GONE;
}

struct people *people_new(void)
{
	return must(calloc(1, sizeof(struct people)));
}

/* Names do not stay behind in freed memory. */
static void free_text(const char *text)
{
	char *p;

	memcpy(&p, &text, sizeof(p));
	if (p)
		crypto_wipe(p, strlen(p));
	free(p);
}

void people_free(struct people *p)
{
	if (!p)
		return;
	for (size_t i = 1; i <= p->count; i++) {
		free_text(p->records[i].person.name);
		free_text(p->records[i].person.organization);
		free(p->records[i].badges);
	}
	free(p->records);
	free(p->by_id.slots);
	free(p->by_badge.slots);
	free(p->by_ticket.slots);
	free(p);
}

static void set_text(const char **to, struct str text)
{
	char *copy = must(malloc(text.len + 1));

	if (text.len > 0)
		memcpy(copy, text.p, text.len);
	copy[text.len] = '\0';
	free_text(*to);
	*to = copy;
}

static struct record *record_of(struct people *p, struct id id)
{
	uint32_t at = map_get(&p->by_id, id);
	struct record *r;

	if (at)
		return &p->records[at];
	if (p->count + 1 >= p->room) {
		p->room = p->room ? p->room * 2 : 64;
		p->records = must(realloc(p->records, p->room * sizeof(*p->records)));
	}
	assert(p->records);
	r = &p->records[++p->count];
	*r = (struct record){ .person = { .id = id } };
	set_text(&r->person.name, STR(""));
	set_text(&r->person.organization, STR(""));
	map_put(&p->by_id, id, (uint32_t)p->count);
	return r;
}

static struct id id_of_hash(const uint8_t hash[16])
{
	struct id id;

	memcpy(id.b, hash, sizeof(id.b));
	return id;
}

/* Not all that were ever added still lead here; forget_keys asks. */
static void add_badge(struct people *p, struct record *r, struct id badge, uint32_t mark)
{
	if (r->badge_count == r->badge_room) {
		r->badge_room = r->badge_room ? r->badge_room * 2 : 1;
		r->badges = must(realloc(r->badges, r->badge_room * sizeof(*r->badges)));
	}
	r->badges[r->badge_count++] = badge;
	map_put(&p->by_badge, badge, (uint32_t)(r - p->records) | mark);
}

static void forget_keys(struct people *p, struct record *r)
{
	uint32_t at = (uint32_t)(r - p->records);

	for (size_t i = 0; i < r->badge_count; i++)
		if ((map_get(&p->by_badge, r->badges[i]) & INDEX) == at)
			map_remove(&p->by_badge, r->badges[i]);
	r->badge_count = 0;
	if (r->has_ticket)
		map_remove(&p->by_ticket, id_of_hash(r->ticket));
	r->has_ticket = false;
}

/* The roster's word. */
static void believe(struct record *r)
{
	r->own = false;
	r->person.checked_in = r->said_in;
	r->person.checked_in_ms = r->said_in_ms;
}

void people_put(struct people *p, const struct roster_row *row)
{
	bool is_new = map_get(&p->by_id, row->id) == 0;
	struct record *r = record_of(p, row->id);
	uint32_t at = (uint32_t)(r - p->records);

	if (!is_new)
		forget_keys(p, r);
	r->snapshot = p->snapshot;
	r->person.known = !row->gone;
	set_text(&r->person.name, row->gone ? STR("") : row->name);
	set_text(&r->person.organization, row->gone ? STR("") : row->organization);
	if (row->gone)
		return;
	snprintf(r->person.lang, sizeof(r->person.lang), STR_FMT, STR_ARG(row->lang));
	for (size_t i = 0; i < row->badge_count; i++)
		add_badge(p, r, row->badges[i], 0);
	for (size_t i = 0; i < row->revoked_count; i++)
		add_badge(p, r, row->revoked[i], REVOKED);
	if (row->has_ticket) {
		memcpy(r->ticket, row->ticket, sizeof(r->ticket));
		r->has_ticket = true;
		map_put(&p->by_ticket, id_of_hash(r->ticket), at);
	}
	r->heard = true;
	r->said_in = row->checked_in;
	r->said_in_ms = row->checked_in_ms;
	/* what this station wrote and the server does not know yet stays true */
	if (!r->own || r->person.checked_in == r->said_in)
		believe(r);
}

void people_settle(struct people *p)
{
	for (size_t i = 1; i <= p->count; i++)
		if (p->records[i].own && p->records[i].heard)
			believe(&p->records[i]);
}

void people_begin(struct people *p)
{
	p->snapshot++;
}

void people_end(struct people *p)
{
	for (size_t i = 1; i <= p->count; i++) {
		struct record *r = &p->records[i];

		if (r->snapshot == p->snapshot)
			continue;
		forget_keys(p, r);
		r->person.known = false;
		set_text(&r->person.name, STR(""));
		set_text(&r->person.organization, STR(""));
	}
}

size_t people_count(const struct people *p)
{
	size_t n = 0;

	for (size_t i = 1; i <= p->count; i++)
		n += p->records[i].person.known;
	return n;
}

/* By an attendee's id or a badge's. */
static struct record *find_record(const struct people *p, struct id id)
{
	uint32_t at = map_get(&p->by_id, id);

	if (!at)
		at = map_get(&p->by_badge, id) & INDEX;
	return at ? &p->records[at] : NULL;
}

const struct person *people_find(const struct people *p, struct id id)
{
	const struct record *r = find_record(p, id);

	return r ? &r->person : NULL;
}

bool people_is_revoked(const struct people *p, struct id badge)
{
	return (map_get(&p->by_badge, badge) & REVOKED) != 0;
}

const struct person *people_find_ticket(const struct people *p, const uint8_t hash[16])
{
	uint32_t at = map_get(&p->by_ticket, id_of_hash(hash));

	return at ? &p->records[at].person : NULL;
}

void people_check_in(struct people *p, struct id who, int64_t at_ms)
{
	struct record *r = find_record(p, who);

	if (!r)
		r = record_of(p, who);
	r->own = true;
	r->person.checked_in = true;
	r->person.checked_in_ms = at_ms;
}

void people_undo_check_in(struct people *p, struct id who)
{
	struct record *r = find_record(p, who);

	if (!r)
		return;
	r->own = true;
	r->person.checked_in = false;
}

void people_assign(struct people *p, struct id badge, struct id who, struct str name)
{
	struct record *r;

	if (id_is_none(who)) {
		map_remove(&p->by_badge, badge);
		return;
	}
	r = record_of(p, who);
	r->person.known = true;
	if (name.len > 0)
		set_text(&r->person.name, name);
	add_badge(p, r, badge, 0);
}

/* Lower case without accents: U+00C0 to U+017F by their base letters. */
static uint32_t fold(uint32_t c)
{
	static const char base[] =
		"aaaaaaaceeeeiiiidnooooo?ouuuuytsaaaaaaaceeeeiiiidnooooo?ouuuuyty"
		"aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllll"
		"nnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

	if (c >= 'A' && c <= 'Z')
		return c + ('a' - 'A');
	if (c >= 0xC0 && c < 0xC0 + sizeof(base) - 1 && base[c - 0xC0] != '?')
		return (uint32_t)base[c - 0xC0];
	return c;
}

static bool is_separator(uint32_t c)
{
	return c <= ' ' || c == '-' || c == '.' || c == ',';
}

static bool begins_with(struct str text, struct str prefix)
{
	uint32_t a, b;

	while (utf8_next(&prefix, &b))
		if (!utf8_next(&text, &a) || fold(a) != fold(b))
			return false;
	return true;
}

/* Does some word of text begin with prefix? */
static bool has_word(struct str text, struct str prefix)
{
	bool at_start = true;
	uint32_t c;

	while (text.len > 0) {
		if (at_start && begins_with(text, prefix))
			return true;
		if (!utf8_next(&text, &c))
			break;
		at_start = is_separator(c);
	}
	return false;
}

static bool matches(const struct person *who, struct str q)
{
	struct str word;
	bool any = false;

	while (str_split(&q, ' ', &word)) {
		if (word.len == 0)
			continue;
		if (!has_word(str_of(who->name), word))
			return false;
		any = true;
	}
	return any;
}

size_t people_search(const struct people *p, struct str q, const struct person **out, size_t max)
{
	size_t n = 0;

	for (size_t i = 1; i <= p->count && n < max; i++)
		if (p->records[i].person.known && matches(&p->records[i].person, q))
			out[n++] = &p->records[i].person;
	return n;
}
