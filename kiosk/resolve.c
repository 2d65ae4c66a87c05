#include "kiosk/resolve.h"

#include "core/base/text.h"
#include "core/card/card.h"
#include "core/card/charset.h"
#include "core/tag/ndef.h"

void resolve_clock(char at[6], int64_t wall_ms, int64_t zone_ms)
{
	int64_t minute = (wall_ms + zone_ms) / 60000 % 1440;

	if (minute < 0)
		minute += 1440;
	at[0] = (char)('0' + minute / 60 / 10);
	at[1] = (char)('0' + minute / 60 % 10);
	at[2] = ':';
	at[3] = (char)('0' + minute % 60 / 10);
	at[4] = (char)('0' + minute % 10);
	at[5] = '\0';
}

/* Cut between characters, with a NUL. */
static void put_text(char *to, size_t size, struct str text)
{
	struct str s = utf8_cut(text, size - 1);

	if (s.len > 0)
		memcpy(to, s.p, s.len);
	to[s.len] = '\0';
}

/* The first characters of the first and the last word. */
static void put_initials(char *to, size_t size, struct str name)
{
	struct buf b = BUF_OVER(to, size - 1);
	struct str words = str_trim(name), word, last = { NULL, 0 };
	bool first = true;
	uint32_t c;

	while (str_split(&words, ' ', &word)) {
		if (word.len == 0)
			continue;
		if (first && utf8_next(&word, &c))
			utf8_add(&b, c);
		else if (!first)
			last = word;
		first = false;
	}
	if (last.len > 0 && utf8_next(&last, &c))
		utf8_add(&b, c);
	to[buf_ok(&b) ? b.len : 0] = '\0';
}

static struct desk_person of_person(
	const struct resolver *r, const struct person *p, struct arena *a)
{
	struct desk_person out = { .who = p->id, .known = p->known, .checked_in = p->checked_in };

	if (p->checked_in)
		resolve_clock(out.at, p->checked_in_ms, r->zone_ms);
	put_text(out.lang, sizeof(out.lang), str_of(p->lang));
	if (r->show_names) {
		struct str name = card_short_name_of(str_of(p->name), a);

		put_text(out.name, sizeof(out.name), name);
		put_initials(out.initials, sizeof(out.initials), name);
		put_text(out.organization, sizeof(out.organization), str_of(p->organization));
	}
	return out;
}

struct desk_person resolve_person(const struct resolver *r, struct id who, struct arena *a)
{
	const struct person *p = people_find(r->people, who);

	return p ? of_person(r, p, a) : (struct desk_person){ .who = who };
}

static void refuse(struct desk_scan *out, enum desk_reason reason)
{
	out->seen = SEEN_REFUSED;
	out->reason = reason;
}

static void unknown(struct desk_scan *out, enum desk_reason reason)
{
	out->seen = SEEN_UNKNOWN;
	out->reason = reason;
}

/* What a badge is refused for that is not BADGE_OK, on a chip or printed. */
static void refuse_verdict(struct desk_scan *out, enum badge_verdict v)
{
	static const struct {
		enum desk_seen seen;
		enum desk_reason reason;
	} rows[] = {
		[BADGE_FOREIGN_EVENT] = { SEEN_REFUSED, REASON_FOREIGN_EVENT },
		/* the quick sync brings new keys and new people */
		[BADGE_UNKNOWN_KEY] = { SEEN_UNKNOWN, REASON_UNKNOWN_KEY },
		[BADGE_UNSIGNED] = { SEEN_UNKNOWN, REASON_UNKNOWN_BADGE },
		[BADGE_ROTATED_OUT] = { SEEN_REFUSED, REASON_ROTATED_OUT },
		[BADGE_OTHER_CHIP] = { SEEN_REFUSED, REASON_OTHER_CHIP },
		[BADGE_FORGED] = { SEEN_REFUSED, REASON_FORGED },
	};

	out->seen = rows[v].seen;
	out->reason = rows[v].reason;
}

/* A badge that is verified, or whose owner the roster knows. */
static void take_badge(
	const struct resolver *r, enum desk_seen seen, struct desk_scan *out, struct arena *a)
{
	if (people_is_revoked(r->people, out->key)) {
		refuse(out, REASON_REVOKED);
		return;
	}
	out->seen = seen;
	out->person = resolve_person(r, out->key, a);
	out->person.badge = out->key;
}

static struct id key_of(struct bytes what)
{
	struct hash h = hash_of(what);
	struct id id;

	memcpy(id.b, h.b, sizeof(id.b));
	return id;
}

static bool looks_like_vcard(struct str text)
{
	return str_starts_nocase(str_trim(text), STR("BEGIN:VCARD"));
}

/* The owner's own words where they are a vCard; else the same as one. */
static bool put_card(
	struct desk_guest *g, const struct card *card, struct str text, struct arena *a)
{
	struct buf vcard = BUF_IN(a);
	struct str s = text;

	if (!looks_like_vcard(text)) {
		card_write_vcard(&vcard, card, CARD_VERSION_40);
		s = buf_str(&vcard);
	}
	/* what does not fit as it came is written again without what nobody reads */
	if (s.len >= sizeof(g->card) || memchr(s.p, '\0', s.len)) {
		vcard.len = 0;
		card_write_vcard(&vcard, card, CARD_VERSION_40);
		s = buf_str(&vcard);
	}
	if (s.len == 0 || s.len >= sizeof(g->card) || memchr(s.p, '\0', s.len))
		return false;
	memcpy(g->card, s.p, s.len);
	g->card[s.len] = '\0';
	return true;
}

/* Our own people's cards carry their badge link: then it is they, not a guest. */
static bool is_own_link(const struct resolver *r, struct str text, struct link *link)
{
	return link_read(text, link) == LINK_BADGE && str_equal(link->host, r->event->host);
}

/* The line by which a card of ours says whose it is, or the address of a badge among its own. */
static bool find_own_link(const struct resolver *r, const struct card *card, struct link *link)
{
	for (size_t i = 0; i < card->properties.count; i++)
		if (str_equal_nocase(card->properties.items[i].name, STR("X-KITH")) &&
			is_own_link(r, card->properties.items[i].value, link))
			return true;
	for (size_t i = 0; i < card->urls.count; i++)
		if (is_own_link(r, card->urls.items[i].value, link))
			return true;
	return false;
}

static void take_badge_link(
	const struct resolver *r, const struct link *link, struct desk_scan *out, struct arena *a)
{
	enum badge_verdict v = badge_link_verify(
		link, r->event->keys, r->event->key_count, r->event->number, r->now_ms);

	out->key = link->id;
	if (v == BADGE_OK || (v == BADGE_UNSIGNED && people_find(r->people, link->id)))
		take_badge(r, SEEN_CODE, out, a);
	else
		refuse_verdict(out, v);
}

static void take_card(
	const struct resolver *r, struct str text, struct desk_scan *out, struct arena *a)
{
	struct card_list list;
	struct link link;
	struct err e;
	struct desk_guest *g = &out->guest;

	out->key = key_of(str_bytes(text));
	if (!card_read(&list, str_bytes(text), a, &e)) {
		refuse(out, REASON_NOT_A_CARD);
		return;
	}
	if (find_own_link(r, &list.cards[0], &link)) {
		take_badge_link(r, &link, out, a);
		if (out->seen == SEEN_CODE)
			return;
	}
	if (!put_card(g, &list.cards[0], text, a)) {
		refuse(out, REASON_NOT_A_CARD);
		return;
	}
	out->seen = SEEN_CARD;
	/* the guest holds the card up now: the whole name, to see that it was read right */
	put_text(g->name, sizeof(g->name), card_display_name(&list.cards[0], a));
	put_initials(g->initials, sizeof(g->initials), str_of(g->name));
	put_text(g->organization, sizeof(g->organization), card_organization(&list.cards[0]));
}

static void take_ticket(
	const struct resolver *r, struct ticket t, struct desk_scan *out, struct arena *a)
{
	struct ticket_hash h = ticket_hash(r->ticket_key, t);
	const struct person *p = people_find_ticket(r->people, h.b);

	memcpy(out->key.b, h.b, sizeof(out->key.b));
	if (!p) {
		unknown(out, REASON_UNKNOWN_TICKET);
		return;
	}
	out->seen = SEEN_TICKET;
	out->person = of_person(r, p, a);
}

static bool foreign_host(const struct resolver *r, const struct link *link)
{
	return r->event->host.len > 0 && !str_equal_nocase(link->host, r->event->host);
}

static void take_code(
	const struct resolver *r, struct bytes data, struct desk_scan *out, struct arena *a)
{
	struct str text = str_trim(charset_code_text(data, a));
	struct ticket ticket;
	struct link link;

	out->key = key_of(data);
	switch (link_read(text, &link)) {
	case LINK_BADGE:
		if (foreign_host(r, &link))
			refuse(out, REASON_FOREIGN_EVENT);
		else
			take_badge_link(r, &link, out, a);
		return;
	case LINK_TICKET:
		if (foreign_host(r, &link))
			refuse(out, REASON_FOREIGN_EVENT);
		else
			take_ticket(r, link.ticket, out, a);
		return;
	case LINK_PAIR:
		refuse(out, REASON_PAIR_CODE);
		return;
	case LINK_OTHER:
		refuse(out, REASON_NOT_A_CARD);
		return;
	case LINK_NONE:
		break;
	}
	/* a barcode scanner reads the code as it is printed, without its link */
	if (text.len <= TICKET_TEXT_LEN + 3 && ticket_read(text, &ticket))
		take_ticket(r, ticket, out, a);
	else
		take_card(r, text, out, a);
}

/* Not our badge: perhaps somebody's own tag with a vCard on it. */
static void take_other_chip(
	const struct resolver *r, struct bytes ndef, struct desk_scan *out, struct arena *a)
{
	struct ndef_message m;
	struct err e;

	if (ndef.len > 0 && ndef_read(&m, ndef, &e)) {
		for (size_t i = 0; i < m.count; i++) {
			if (!ndef_record_is(&m.records[i], NDEF_MIME, STR("text/vcard")) &&
				!ndef_record_is(&m.records[i], NDEF_MIME, STR("text/x-vcard")))
				continue;
			take_card(r, text_from_bytes(a, m.records[i].payload), out, a);
			return;
		}
	}
	refuse(out, REASON_NO_BADGE);
}

/*
 * An NTAG 424 DNA mirrors its UID, a counter and a MAC into its link at each tap (NXP AN12196).
 * Only who has its key can verify that, and no kiosk has: the link goes into the log.
 */
static void take_sun(
	const struct resolver *r, const struct scan *scan, struct desk_scan *out, struct arena *a)
{
	struct bytes ndef = bytes_of(scan->data, scan->len);
	struct buf link = BUF_IN(a);
	struct ndef_message m;
	struct err e;

	out->key = key_of(bytes_of(scan->uid, scan->uid_len));
	if (!ndef_read(&m, ndef, &e) || !ndef_uri_read(&link, &m.records[0])) {
		take_other_chip(r, ndef, out, a);
		return;
	}
	out->sun = buf_str(&link);
	refuse(out, REASON_VERIFY_LATER);
}

static void take_chip(
	const struct resolver *r, const struct scan *scan, struct desk_scan *out, struct arena *a)
{
	struct bytes ndef = bytes_of(scan->data, scan->len),
		     uid = bytes_of(scan->uid, scan->uid_len);
	enum badge_verdict v;
	struct badge badge;
	struct err e;

	out->key = key_of(uid);
	if (!badge_read(&badge, ndef, &e)) {
		if (e.code == ERR_UNSUPPORTED)
			refuse(out, REASON_NEWER_BADGE);
		else if (e.code == ERR_NOT_FOUND || ndef.len == 0)
			take_other_chip(r, ndef, out, a);
		else
			refuse(out, REASON_FORGED);
		return;
	}
	out->key = badge.id;
	v = badge_verify(
		&badge, r->event->keys, r->event->key_count, r->event->number, uid, r->now_ms);
	if (v == BADGE_OK)
		take_badge(r, SEEN_CHIP, out, a);
	else
		refuse_verdict(out, v);
}

bool resolve_scan(
	const struct resolver *r, const struct scan *scan, struct desk_scan *out, struct arena *a)
{
	static const struct {
		enum scan_tag tag;
		enum desk_reason reason;
	} tags[] = {
		{ SCAN_TAG_CLASSIC, REASON_CLASSIC },
		{ SCAN_TAG_PHONE, REASON_PHONE },
		{ SCAN_TAG_SEVERAL, REASON_SEVERAL },
		{ SCAN_TAG_TORN, REASON_TORN },
	};

	memset(out, 0, sizeof(*out));
	switch (scan->kind) {
	case SCAN_TOUCH:
		out->seen = SEEN_TOUCH;
		return true;
	case SCAN_CHIP:
		for (size_t i = 0; i < ARRAY_LEN(tags); i++) {
			if (scan->tag == tags[i].tag) {
				refuse(out, tags[i].reason);
				return true;
			}
		}
		(scan->tag == SCAN_TAG_NTAG424 ? take_sun : take_chip)(r, scan, out, a);
		return true;
	case SCAN_CODE:
		out->code = true;
		take_code(r, bytes_of(scan->data, scan->len), out, a);
		return true;
	default:
		return false;
	}
}
