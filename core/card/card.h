/*
 * The person on a badge or in a QR code, whatever format it came in.
 *
 * Reading is lenient and bounded (core/base/limits.h): vCard 2.1, 3.0 (RFC 2426) and 4.0 (RFC
 * 6350), MECARD (NTT docomo), BIZCARD and the "MEMORY:" cards of KDDI au. What a card says is kept:
 * a property that we have no field for stays in `properties`, in the words of its sender. Time is
 * linear in the input. docs/cards.md lists what is read and what is arguable.
 *
 * A card is plain data. Its texts live in the arena of card_read or borrow from the input, so both
 * must outlive it. Text that was not given is empty, never NULL with a length.
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/base/bytes.h"
#include "core/base/err.h"

enum card_format {
	CARD_VCARD_21,
	CARD_VCARD_30,
	CARD_VCARD_40,
	CARD_MECARD,
	CARD_BIZCARD,
	CARD_MEMORY
};

/* What a phone, e-mail, address or link is for. One value may be several of them. */
enum card_kind {
	CARD_HOME = 1 << 0,
	CARD_WORK = 1 << 1,
	CARD_CELL = 1 << 2,
	CARD_VOICE = 1 << 3,
	CARD_FAX = 1 << 4,
	CARD_PAGER = 1 << 5,
	CARD_VIDEO = 1 << 6,
	CARD_TEXT = 1 << 7,
	CARD_MAIN = 1 << 8,
	CARD_OTHER = 1 << 9,
};

/* An e-mail address, phone number or link. */
struct card_value {
	struct str value;
	struct str label;	/* the sender's own word for it (Apple's X-ABLabel), or empty */
	struct str other_types; /* TYPEs without a bit in enum card_kind, joined by ',' */
	unsigned kinds;		/* of enum card_kind */
	unsigned pref;		/* 1 is the most wanted, up to 100; 0: nothing was said */
};

struct card_address {
	struct str po_box, extended, street, city, region, postcode, country;
	struct str
		delivery; /* the whole address as lines, when it was given so (LABEL of RFC 6350) */
	struct str label, other_types;
	unsigned kinds, pref;
};

struct card_name {
	struct str family, given, additional, prefix, suffix;
};

/*
 * A property without a field above. params is what stands between name and ':', without the first
 * ';'. value is still escaped as it was sent; quoted-printable and character sets are undone.
 */
struct card_property {
	struct str group, name, params, value;
};

struct card_texts {
	struct str *items;
	size_t count;
};

struct card_values {
	struct card_value *items;
	size_t count;
};

struct card {
	enum card_format format;
	size_t line;	       /* where it begins, from 1 */
	struct str formatted;  /* FN: the name as its owner writes it */
	struct card_name name; /* N */
	struct str nickname;
	struct str organization; /* ORG's first component */
	struct card_texts units; /* its further components that say something */
	struct str title, role;
	struct str uid, rev, birthday; /* as sent, e.g. "1980-03-22" */
	bool is_organization;	       /* KIND:org, or Apple's X-ABShowAs:COMPANY */
	struct card_values emails, phones, urls;
	struct {
		struct card_address *items;
		size_t count;
	} addresses;
	struct card_texts notes, categories, languages;
	struct bytes photo;    /* the decoded image, not looked at */
	struct str photo_type; /* its media type, e.g. "image/jpeg"; empty: unknown */
	struct str photo_uri;  /* instead of photo, when it was only linked */
	struct {
		struct card_property *items;
		size_t count;
	} properties;
};

/*
 * Something in the input that could not be used. With ERR_NONE it is a remark: that line had no
 * effect; else a whole card was left out.
 */
struct card_problem {
	size_t line;
	enum err_code code;
	struct str text;
};

struct card_list {
	struct card *cards;
	size_t count;
	struct card_problem *problems; /* in the order of lines */
	size_t problem_count;
};

/*
 * Read every card of `in` into *out, which is overwritten. False when there is none; then the
 * error's text names the line and ->problems holds it too. A broken card among good ones is left
 * out and named in ->problems. ERR_MALFORMED: no card of a known format, or nothing usable in it.
 * ERR_TOO_LARGE: past LIMIT_CARD_FILE, _CARD_BYTES, _CARD_LINE or _CARD_PROPERTIES.
 */
MUST_CHECK bool card_read(struct card_list *out, struct bytes in, struct arena *a, struct err *e);

enum card_version { CARD_VERSION_30 = 30, CARD_VERSION_40 = 40 };

/*
 * One vCard, CRLF and folded. FN and N are always there: a missing FN is card_display_name, a
 * missing N is taken from FN. UID and REV are written when the card has them, since neither can be
 * made up here; whoever publishes a card sets both first. Reading it back gives an equal card, but
 * for what 3.0 has no place for: a pref above 1, and the "tel:" in front of a number.
 */
void card_write_vcard(struct buf *out, const struct card *card, enum card_version version);

/* FN, else the parts of N, else organization, else the first e-mail; empty when there is nothing.
 */
struct str card_display_name(const struct card *card, struct arena *a);
/* FN, else the parts of N; empty when the card names no person. */
struct str card_person_name(const struct card *card, struct arena *a);
/*
 * For public screens: first name and the initial of the surname, as in "Ana M.". Without a surname
 * the first name alone; for a card that names no person, the organization. Never a contact.
 */
struct str card_short_name(const struct card *card, struct arena *a);
/* The short name of a formatted name alone: "Dr. Ana Maria Müller, PhD" is "Ana M.". */
struct str card_short_name_of(struct str formatted, struct arena *a);
/* The organization's first part that says something. */
struct str card_organization(const struct card *card);
/* A phone's number without the "tel:" that vCard 4.0 may put in front. Borrows. */
struct str card_phone_number(const struct card_value *phone);
/* The value with the lowest pref, the first of equals; NULL when there is none. */
const struct card_value *card_preferred(const struct card_values *values);
