/* What the files of kiosk/desk.h share: the session, and the steps between them. */
#pragma once

#include "core/base/json.h"
#include "kiosk/desk.h"

enum desk_how { HOW_CHIP, HOW_TICKET, HOW_STAFF, HOW_BADGE };

enum { VERB_TOPIC, VERB_SEND, VERB_INTRO, VERB_HELP, VERB_COUNT };
_Static_assert((int)VERB_COUNT == (int)DESK_VERBS_MAX, "desk_verbs");

enum {
	WINDOW_MS = 8000, /* a second badge within this time is an exchange */
	WELCOME_MS = 8000,
	WELCOME_DOOR_MS = 5000,
	EXCHANGE_MS = 1200, /* then the note slides under it */
	NOTE_MS = 12000,
	GUEST_MS = 12000,
	WHOSE_MS = 15000,
	REFUSED_MS = 5000,
	HELP_MS = 20000,
	IDLE_LANG_MS = 30000,
	PAIR_MS = 90000,
	PAIRED_MS = 4000,
	STAFF_MS = 60000,
	ASSIGN_MS = 30000,
	TOOL_MS = 120000, /* a reader test, the camera's view */
	READING_AFTER_MS = 100,
	READING_MS = 2000,
	FIND_MS = 2500,
	SAME_CODE_MS = 3000,
	ALREADY_MS = 600000,
	REFUSED_AGAIN_MS = 10000, /* the same refusal is not written down again so soon */
	PAIRS = 512,		  /* meetings that are remembered */
};

/* One side's note about a meeting or contact, with the entries that hold it so far. */
struct desk_note {
	unsigned verbs;	 /* bit by VERB_ */
	unsigned topics; /* bit by position in the configuration */
	bool dated;	 /* when was touched */
	int64_t when;
	char text[DESK_TEXT_MAX + 1];
	struct id note;			/* entry; zero: none yet */
	struct id hello;		/* a followup of kind hello */
	struct id followup[VERB_COUNT]; /* of each verb */
	struct id favour[VERB_COUNT];
};

/* What undo retracts: zero ids stand for nothing. */
struct desk_undo {
	struct id entry, also;
	struct id checked_in; /* who is no longer, then */
	struct id badge;      /* assigned to nobody, then */
};

struct desk_session {
	enum desk_screen screen;
	uint64_t span_ms, ends_ms; /* the screen's timer; 0: none */
	uint64_t window_ms;	   /* until when a second badge pairs with a */
	bool has_a, has_b, has_guest;
	struct desk_person a, b;
	enum desk_how a_how, b_how;
	struct desk_guest guest;
	char at[6]; /* of the check-in that is shown; empty: none */
	bool already;
	enum desk_reason reason;
	unsigned met_count;
	struct id of; /* meeting or contact: what notes speak of; zero: no note possible */
	struct desk_undo undo;
	struct id buddy; /* the entry that makes the two buddies; zero: none */
	int side;	 /* who writes: 0 a, 1 b */
	struct desk_note note[2];
	int64_t day;
	/* staff */
	bool staff;
	bool assigning, walking_in;
	struct desk_person target;
	char walk_in[DESK_NAME_MAX];
	struct desk_found found[DESK_FOUND_MAX];
	size_t found_count;
	struct id staff_who; /* a staff badge that was tapped; zero: none yet */
	bool tools_only;
	enum desk_tool tool;
	struct desk_test test;
	/* pairing */
	bool pair_ready; /* the same badge is wanted again */
	char digits[4];
	char qr[DESK_QR_MAX];
	unsigned qr_size;
};

struct desk_pair {
	struct id a, b; /* a < b */
	struct id meeting;
	uint64_t last_ms;
	bool this_boot;
	unsigned count;
};

enum desk_effect { EFFECT_NONE, EFFECT_MET, EFFECT_UNMET };

struct desk {
	struct desk_config config;
	struct desk_session now;  /* what is shown */
	struct desk_session next; /* what will be, once the facts are written */
	bool waiting;
	enum desk_sound sound, next_sound;
	enum desk_effect effect;
	struct id unmet;       /* EFFECT_UNMET: the entry that was retracted */
	bool next_same_people; /* next shows the same people as now */
	char lang[12];
	struct desk_health health;
	bool health_known;
	uint64_t reading_ms; /* a tag is being read since then + READING_AFTER_MS; 0: no */
	bool reading_shown;
	uint64_t find_ms; /* a quick sync for find_key runs until then; 0: none */
	struct id find_key;
	enum desk_reason find_reason;
	uint64_t people_rev;
	struct id last_code; /* the code last seen, and when */
	uint64_t last_code_ms;
	struct id last_refused;
	enum desk_reason last_reason;
	uint64_t last_refused_ms;
	struct desk_undo last_undo; /* the newest result: desk staff may undo it later */
	struct desk_pair pairs[PAIRS];
	size_t pair_next;
};

/* One step in the making. */
struct step {
	struct desk *d;
	struct desk_session *s; /* = &d->next: change this */
	const struct desk_input *in;
	struct desk_output *out;
	struct arena *a;
	size_t fresh;	  /* ids used */
	bool same_people; /* set by a change that leaves the same people on the screen */
	bool unchanged;	  /* nothing to show */
};

/* A fact while its payload is written, through w. */
struct fact {
	struct store_fact *to;
	struct buf buf;
	struct json_writer w;
};
/* A new fact of the answer; its payload is an open JSON object. Returns its id. */
struct id fact_open(struct fact *f, struct step *t, enum entry_kind kind);
void fact_close(struct fact *f);

struct id step_id(struct step *t);
void step_screen(struct step *t, enum desk_screen screen, uint64_t span_ms);
void step_sound(struct step *t, enum desk_sound sound);
void step_reject(struct step *t);
/* Nobody stands there. */
void step_idle(struct step *t);
/* Restart the screen's timer. */
void step_restart(struct step *t);
void step_lang(struct step *t, const char *lang);

void desk_checkin_fact(struct step *t, const struct desk_person *p, enum desk_how how);
void desk_retract_fact(struct step *t, struct id of, const struct id *by);
void desk_refuse(struct step *t, enum desk_reason reason, const struct id *who);
void desk_greet(struct step *t, const struct desk_person *p, enum desk_how how);
void desk_begin(struct step *t, const struct desk_person *p, enum desk_how how);
bool desk_window_open(const struct step *t);

/* desk_meet.c */
void desk_meet(struct step *t, const struct desk_person *b, enum desk_how how);
void desk_card(struct step *t, const struct desk_guest *guest);
void desk_contact(struct step *t);
void desk_code(struct step *t, const struct desk_person *p);
void desk_undo(struct step *t, bool not_us);
void desk_apply_effect(struct desk *d, uint64_t now_ms);

/* desk_note.c */
bool desk_note_act(struct step *t, const struct desk_act *act);
void desk_note_view(const struct desk *d, struct desk_view *out);

/* desk_staff.c */
bool desk_staff_act(struct step *t, const struct desk_act *act);
void desk_assign_scan(struct step *t, const struct desk_scan *scan);
void desk_to_staff(struct step *t, enum desk_reason reason);

/* desk_tools.c */
bool desk_tools_act(struct step *t, const struct desk_act *act);
/* False: this scan is no business of the staff screen. */
bool desk_tools_scan(struct step *t, const struct desk_scan *scan);
/* The staff badge comes before the PIN, where there are some. */
bool desk_wants_badge(const struct desk *d, const struct desk_session *s);

/* desk_pair.c */
void desk_pair_start(struct step *t);
void desk_pair_state(struct step *t, const struct desk_pairing *p);
/* False: somebody else's turn; the pairing is over. */
bool desk_pair_scan(struct step *t, const struct desk_scan *scan);

/* desk_view.c */
bool desk_shows_reading(const struct desk *d, uint64_t now_ms);
/* The session's screen, or what stands before it: closed, starting, reading; and why. */
enum desk_screen desk_shown_screen(const struct desk *d, uint64_t now_ms, enum desk_reason *why);
