/*
 * The desk: every rule of what happens at a kiosk, as a state machine without I/O, clocks or
 * names of its own (DESIGN 5; the screens K0-K9 and the timers are those of facts/ui-pi.md 4).
 *
 * One step takes one input and answers with what to write, what to ask of the network, and the
 * next picture (desk_view). Success is shown only after the commit: while an answer holds facts,
 * the next input must be DESK_COMMIT with the result of writing them; only a good one takes the
 * machine on. Everything in the answer lives in the arena that was given.
 *
 *	chip, ticket	name a person who is here: they check in, come first in an exchange, pair
 *	badge code	(printed, photographable) names only the other person of an exchange
 *	card		a guest's vCard becomes a contact of whoever's badge was or is tapped
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/id.h"
#include "core/entry/entry.h"
#include "kiosk/store.h"

enum desk_role { DESK_DOOR, DESK_LOUNGE, DESK_MIXED, DESK_BOOTH };
const char *desk_role_name(enum desk_role role);
MUST_CHECK bool desk_role_read(struct str s, enum desk_role *out);

/* In the order of K0-K9; the names on the wire are in docs/api.md. */
#define DESK_SCREENS(X)                                                                            \
	X(DESK_STARTING, "starting")                                                               \
	X(DESK_CLOSED, "closed")                                                                   \
	X(DESK_IDLE, "idle")                                                                       \
	X(DESK_READING, "reading")                                                                 \
	X(DESK_WELCOME, "welcome")                                                                 \
	X(DESK_WHOSE, "whose")                                                                     \
	X(DESK_EXCHANGE, "exchange")                                                               \
	X(DESK_NOTE, "note")                                                                       \
	X(DESK_GUEST, "guest")                                                                     \
	X(DESK_REFUSED, "refused")                                                                 \
	X(DESK_PAIR, "pair")                                                                       \
	X(DESK_STAFF, "staff")
enum desk_screen {
#define X(screen, name) screen,
	DESK_SCREENS(X)
#undef X
};

enum desk_sound { SOUND_NONE, SOUND_DONE, SOUND_EXCHANGE, SOUND_ATTENTION, SOUND_STOP, SOUND_TICK };

/*
 * Why the desk says no, or what it waits for: key on the wire, sound, 1 if it is written down as
 * a refused entry.
 */
#define DESK_REASONS(X)                                                                            \
	X(REASON_NONE, "", SOUND_NONE, 0)                                                          \
	X(REASON_UNKNOWN_BADGE, "unknown-badge", SOUND_STOP, 1)                                    \
	X(REASON_UNKNOWN_TICKET, "unknown-ticket", SOUND_STOP, 1)                                  \
	X(REASON_UNKNOWN_KEY, "unknown-key", SOUND_STOP, 1)                                        \
	X(REASON_ROTATED_OUT, "rotated-out-key", SOUND_STOP, 1)                                    \
	X(REASON_REVOKED, "revoked", SOUND_STOP, 1)                                                \
	X(REASON_FOREIGN_EVENT, "foreign-event", SOUND_STOP, 1)                                    \
	X(REASON_OTHER_CHIP, "other-chip", SOUND_STOP, 1)                                          \
	X(REASON_FORGED, "forged", SOUND_STOP, 1)                                                  \
	X(REASON_VERIFY_LATER, "verify-later", SOUND_ATTENTION, 1)                                 \
	X(REASON_NO_BADGE, "no-badge", SOUND_ATTENTION, 0)                                         \
	X(REASON_NEWER_BADGE, "newer-badge", SOUND_STOP, 0)                                        \
	X(REASON_PHONE, "phone", SOUND_ATTENTION, 0)                                               \
	X(REASON_CLASSIC, "classic", SOUND_ATTENTION, 0)                                           \
	X(REASON_SEVERAL, "several", SOUND_ATTENTION, 0)                                           \
	X(REASON_TORN, "torn", SOUND_ATTENTION, 0)                                                 \
	X(REASON_NOT_A_CARD, "not-a-card", SOUND_ATTENTION, 0)                                     \
	X(REASON_PAIR_CODE, "pair-code", SOUND_ATTENTION, 0)                                       \
	X(REASON_BADGE_CODE_FIRST, "badge-code-first", SOUND_ATTENTION, 0)                         \
	X(REASON_BADGE_CODE_AT_DOOR, "badge-code-at-door", SOUND_ATTENTION, 0)                     \
	X(REASON_TICKET_NOT_BADGE, "ticket-not-badge", SOUND_ATTENTION, 0)                         \
	X(REASON_CARD_AT_DOOR, "card-at-door", SOUND_ATTENTION, 0)                                 \
	X(REASON_CHIP_WANTED, "chip-wanted", SOUND_ATTENTION, 0)                                   \
	X(REASON_BADGE_TAKEN, "badge-taken", SOUND_STOP, 0)                                        \
	X(REASON_NOT_RECORDED, "not-recorded", SOUND_STOP, 0)                                      \
	X(REASON_OFFLINE, "offline", SOUND_ATTENTION, 0)                                           \
	X(REASON_HELP, "help", SOUND_NONE, 0)                                                      \
	X(REASON_PIN, "pin", SOUND_STOP, 0)                                                        \
	X(REASON_PAIR_WAITING, "waiting", SOUND_NONE, 0)                                           \
	X(REASON_PAIR_OPENED, "opened", SOUND_TICK, 0)                                             \
	X(REASON_PAIR_APPROVAL, "approval", SOUND_TICK, 0)                                         \
	X(REASON_PAIR_READY, "ready", SOUND_TICK, 0)                                               \
	X(REASON_PAIR_PAIRED, "paired", SOUND_DONE, 0)                                             \
	X(REASON_PAIR_EXPIRED, "pair-expired", SOUND_ATTENTION, 0)                                 \
	X(REASON_PAIR_REFUSED, "pair-refused", SOUND_STOP, 0)                                      \
	X(REASON_ASSIGN, "assign", SOUND_TICK, 0)                                                  \
	X(REASON_ASSIGNED, "assigned", SOUND_DONE, 0)                                              \
	X(REASON_NO_READER, "no-reader", SOUND_NONE, 0)                                            \
	X(REASON_DISK_FULL, "disk-full", SOUND_NONE, 0)                                            \
	X(REASON_REVOKED_STATION, "revoked-station", SOUND_NONE, 0)                                \
	X(REASON_OUT_OF_SERVICE, "out-of-service", SOUND_ATTENTION, 0)                             \
	X(REASON_SHUTTING_DOWN, "shutting-down", SOUND_ATTENTION, 0)                               \
	X(REASON_STAFF_BADGE, "staff-badge", SOUND_STOP, 0)                                        \
	X(REASON_UNSYNCED, "unsynced", SOUND_ATTENTION, 0)
enum desk_reason {
#define X(reason, name, sound, logged) reason,
	DESK_REASONS(X)
#undef X
		REASON_COUNT,
};
const char *desk_reason_name(enum desk_reason reason);

enum {
	DESK_NAME_MAX = 72,   /* bytes of a name that the screen shows, with its NUL */
	DESK_CARD_MAX = 8192, /* bytes of a guest's card as a vCard */
	DESK_TEXT_MAX = 320,  /* bytes of the one line of free text: 80 characters */
	DESK_TOPICS_MAX = 6,
	DESK_LANGS_MAX = 8,
	DESK_FOUND_MAX = 8,
	DESK_FRESH_MAX = 12, /* ids that one step may use up */
	DESK_QR_MAX = 8192,  /* the path of a QR code as SVG */
	DESK_STAFF_MAX = 16, /* staff badges */
	DESK_VOLUME_MAX = 4, /* the loudest; 0 is silent */
};

/* Somebody of the event. Plain data, copied; all names may be empty. */
struct desk_person {
	struct id who;	 /* attendee; the badge's own id where the roster has no attendee */
	struct id badge; /* as presented; zero when it was not a badge */
	bool known;	 /* in the roster */
	bool checked_in;
	char at[6];		  /* "09:41", of that */
	char name[DESK_NAME_MAX]; /* "Ana M.": first name and initial */
	char initials[12];
	char organization[DESK_NAME_MAX];
	char lang[12];
};

struct desk_guest {
	char name[DESK_NAME_MAX];
	char initials[12];
	char organization[DESK_NAME_MAX];
	char card[DESK_CARD_MAX]; /* vCard, NUL-terminated UTF-8 */
};

enum desk_seen {
	SEEN_TOUCH,   /* a tag is in the field, not read yet */
	SEEN_CHIP,    /* a badge whose signature and chip are right */
	SEEN_TICKET,  /* a ticket code that the roster knows */
	SEEN_CODE,    /* a printed or shown badge code of a person of this event */
	SEEN_CARD,    /* a guest's card */
	SEEN_UNKNOWN, /* reason unknown-badge, -ticket or -key: worth one quick sync */
	SEEN_REFUSED, /* any other reason */
};

/* How a scan came about, for the staff's reader test: nothing that is decided on. */
struct desk_sight {
	const char *reader; /* "nfc 1" */
	const char *tag;    /* "ntag213"; NULL: no chip */
	char uid[24];	    /* in hexadecimal */
	unsigned bytes;	    /* read */
	unsigned read_ms;   /* from the first touch to the last byte; 0: not known */
};

struct desk_scan {
	enum desk_seen seen;
	enum desk_reason reason;
	struct id key; /* the same for the same thing held there again */
	bool code;     /* seen by a camera or scanner, which sees it again and again */
	bool again;    /* the scan that asked for a quick sync, resolved anew after it */
	struct desk_person person;
	struct desk_guest guest;
	struct desk_sight sight;
	struct str sun; /* verify-later: what the chip said at this tap, for the server */
};

/* What the staff screen is used for. */
#define DESK_TOOLS(X)                                                                              \
	X(TOOL_DESK, "desk")	   /* people: find, check in, give out badges */                   \
	X(TOOL_STATION, "station") /* how the station is, and what can be done with it */          \
	X(TOOL_READER, "reader")   /* scans are shown, and count for nothing */                    \
	X(TOOL_CAMERA, "camera")   /* the same, with what the camera sees */
enum desk_tool {
#define X(tool, name) tool,
	DESK_TOOLS(X)
#undef X
};
MUST_CHECK bool desk_tool_read(struct str name, enum desk_tool *out);
const char *desk_tool_name(enum desk_tool tool);

/* docs/api.md, POST /act */
#define DESK_ACTS(X)                                                                               \
	X(ACT_UNDO, "undo")                                                                        \
	X(ACT_NOT_US, "not-us")                                                                    \
	X(ACT_FINISH, "finish")                                                                    \
	X(ACT_LANG, "lang")                                                                        \
	X(ACT_EXCHANGE, "exchange")                                                                \
	X(ACT_VERB, "verb")                                                                        \
	X(ACT_TOPIC, "topic")                                                                      \
	X(ACT_WHEN, "when")                                                                        \
	X(ACT_TEXT, "text")                                                                        \
	X(ACT_SIDE, "side")                                                                        \
	X(ACT_BUDDY, "buddy")                                                                      \
	X(ACT_SAVE, "save")                                                                        \
	X(ACT_NOT_RIGHT, "not-right")                                                              \
	X(ACT_PAIR, "pair")                                                                        \
	X(ACT_TOUCH, "touch")                                                                      \
	X(ACT_STAFF, "staff")                                                                      \
	X(ACT_FIND, "find")                                                                        \
	X(ACT_CHECKIN, "checkin")                                                                  \
	X(ACT_ASSIGN, "assign")                                                                    \
	X(ACT_WALK_IN, "walk-in")                                                                  \
	X(ACT_HELP, "help")                                                                        \
	X(ACT_TOOL, "tool")                                                                        \
	X(ACT_VOLUME, "volume")                                                                    \
	X(ACT_SYNC, "sync")                                                                        \
	X(ACT_SERVICE, "service")                                                                  \
	X(ACT_SHUTDOWN, "shutdown")
enum desk_act_kind {
#define X(act, name) act,
	DESK_ACTS(X)
#undef X
};
MUST_CHECK bool desk_act_read(struct str name, enum desk_act_kind *out);
const char *desk_act_name(enum desk_act_kind kind);

struct desk_found {
	struct id id;
	char name[DESK_NAME_MAX];
};

struct desk_act {
	enum desk_act_kind kind;
	struct str word; /* lang, verb, topic, text, side, name of a walk-in */
	bool on;
	int64_t day;			/* when */
	unsigned level;			/* volume */
	uint64_t pending;		/* shutdown: entries that only this station holds */
	bool pin_given, pin_ok;		/* staff: without a PIN the pad is shown */
	struct desk_person person;	/* checkin, assign: looked up by the caller */
	const struct desk_found *found; /* find: likewise */
	size_t found_count;
};

/* What the server says of a pairing that this desk asked for. */
struct desk_pairing {
	enum desk_reason state; /* REASON_PAIR_... or REASON_OFFLINE */
	char digits[4];
	const char *qr; /* path data; NULL: as before */
	unsigned qr_size;
};

struct desk_health {
	bool reader_ok; /* at least one reader works */
	bool chip_ok;	/* one of them reads chips, so that a staff badge can be tapped */
	bool store_ok;	/* entries can be written */
	bool started;	/* readers had their chance to open */
	bool online;
	bool revoked;
	bool out_of_service, shutting_down;
};

enum desk_event {
	DESK_SCAN,
	DESK_ACT,
	DESK_TICK,   /* desk_next_ms has come */
	DESK_COMMIT, /* the facts of the answer before were written, or not */
	DESK_PAIRING,
	DESK_HEALTH,
};

struct desk_input {
	enum desk_event what;
	uint64_t now_ms;		 /* a clock that never goes back */
	int64_t day;			 /* of the venue's calendar, days since 1970 */
	char at[6];			 /* "09:41" there */
	struct id fresh[DESK_FRESH_MAX]; /* new ids, in order */
	union {
		const struct desk_scan *scan;
		const struct desk_act *act;
		const struct desk_pairing *pairing;
		struct desk_health health;
		bool committed;
	} of;
};

enum desk_request {
	ASK_NOTHING,
	ASK_FIND,
	ASK_PAIR,
	ASK_CONFIRM,
	ASK_PAIR_END,
	ASK_VOLUME, /* level */
	ASK_SYNC,
	ASK_SERVICE, /* on: in service */
	ASK_SHUTDOWN,
};

struct desk_output {
	struct store_fact facts[STORE_FACTS_MAX];
	size_t fact_count;
	/* for the roster, after the commit; zero: nobody */
	struct id checked_in, checkin_undone, badge_undone;
	enum desk_request request;
	struct id who;	   /* find: badge or ticket key; pair, confirm: the person */
	const char *proof; /* pair: "chip", "ticket" or "staff" */
	unsigned level;
	bool on;
	bool changed;  /* desk_view gives a new picture */
	bool rejected; /* the act does not fit what is shown: 409 */
};

struct desk_config {
	enum desk_role role;
	struct desk_person host; /* booth */
	bool badge_checkin; /* a badge code may check in: whoever holds a photo of it may too */
	char langs[DESK_LANGS_MAX][12];
	size_t lang_count; /* at least 1; the first is the default */
	char topics[DESK_TOPICS_MAX][64];
	size_t topic_count;
	char help[24]; /* a number or word for the helper */
	/* badges or attendees whose badge opens the staff screen, with the PIN; none: the PIN does
	 */
	struct id staff[DESK_STAFF_MAX];
	size_t staff_count;
};

struct desk;
struct desk *desk_new(const struct desk_config *config);
void desk_free(struct desk *d); /* accepts NULL */
void desk_configure(struct desk *d, const struct desk_config *config);
/* A meeting of the log, after a restart: it counts, and is "already" for ten minutes. */
void desk_remember(struct desk *d, struct id a, struct id b, struct id meeting, bool this_boot,
	uint64_t at_ms);
void desk_step(
	struct desk *d, const struct desk_input *in, struct desk_output *out, struct arena *a);
/* When to step with DESK_TICK; UINT64_MAX: no timer runs. */
uint64_t desk_next_ms(const struct desk *d);

/* The last scan of a reader test. */
struct desk_test {
	unsigned count; /* of scans since the test began */
	enum desk_seen seen;
	enum desk_reason reason;
	char name[DESK_NAME_MAX]; /* of a person or guest, as the public screen would show it */
	struct desk_sight sight;
};

enum { DESK_WHENS_MAX = 4, DESK_VERBS_MAX = 4 };

/* The picture: what docs/api.md calls the state, without link, readers and revision. */
struct desk_view {
	enum desk_screen screen;
	enum desk_sound sound; /* for the step that changed the picture; none after that */
	const char *lang;
	uint64_t timer_ms, left_ms;		  /* 0: none */
	const struct desk_person *person, *other; /* the first badge, the second */
	const struct desk_guest *guest;		  /* in the place of other */
	const char *at;
	bool already;
	enum desk_reason reason;
	bool shared; /* an exchange: name and organization went over */
	unsigned met_count;
	bool noting; /* verbs, topics, chosen, when, whens, side, text */
	const char *chosen[DESK_VERBS_MAX + DESK_TOPICS_MAX];
	size_t chosen_count;
	int64_t when;
	struct {
		const char *key;
		int64_t day;
	} whens[DESK_WHENS_MAX];
	size_t when_count;
	char side; /* who writes: 'a' person, 'b' other; 0: only person can */
	bool can_buddy,
		buddy; /* both are here by their own badge; they said that they are buddies */
	const char *text;
	const char *qr;
	unsigned qr_size;
	const char *digits;
	bool staff;
	struct id staff_who; /* whose badge opened it; zero: the PIN alone did */
	bool want_badge;     /* before the PIN: the staff badge first */
	bool tools_only;     /* the PIN alone, since no reader works: the station, nobody's names */
	enum desk_tool tool;
	const struct desk_test *test; /* of TOOL_READER and TOOL_CAMERA; NULL: nothing seen yet */
	const struct desk_found *found;
	size_t found_count;
	bool can_exchange; /* welcome: the exchange button has a meaning */
	bool can_undo;
	/*
	 * Counts up when other people, or nobody, stand on the screen: a touch made before belongs
	 * to somebody else.
	 */
	uint64_t people_rev;
};
/* Borrows from d until the next step. */
void desk_view(const struct desk *d, uint64_t now_ms, struct desk_view *out);
extern const char *const desk_verbs[DESK_VERBS_MAX]; /* "topic", "send", "intro", "help" */
