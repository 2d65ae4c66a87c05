/* What the files of kiosk/kiosk.h share. */
#pragma once

#include "core/http/http.h"
#include "kiosk/board.h"
#include "kiosk/desk.h"
#include "kiosk/event.h"
#include "kiosk/kiosk.h"
#include "kiosk/loop.h"
#include "kiosk/pairing.h"
#include "kiosk/people.h"
#include "kiosk/readers.h"
#include "kiosk/resolve.h"
#include "kiosk/screen.h"
#include "kiosk/store.h"
#include "kiosk/syncer.h"
#include "kiosk/updates.h"
#include "kiosk/watch.h"

enum {
	CARE_MS = 3000,	    /* disk, readers' patience, a store that failed */
	REFRESH_MS = 20000, /* the picture again, for its minutes since the last sync */
	STARTED_MS = 5000,  /* readers have had their chance to open */
	PIN_TRIES = 5,
	PIN_REST_MS = 60000,
	SHUTDOWN_MS = 60000, /* then it did not come about */
	TOUCHES_MAX = 16,
	TOUCH_MS = 10000, /* a read takes no longer */
	LATENCY_BUCKETS = 10,
	HINT_MS = 3000, /* a hint that its reader does not repeat is over */
};

struct latency {
	uint64_t count, sum_us, max_us;
	uint64_t buckets[LATENCY_BUCKETS]; /* each up to its bound, not cumulative */
};

struct kiosk {
	const struct kiosk_config *config;
	const char *folder, *sys_root; /* state_dir; of the configuration */
	struct str language; /* chosen at the first start; empty: the configuration\'s first */
	struct arena arena;  /* for as long as the kiosk lives */
	struct arena work;   /* of one input */
	struct identity identity;
	struct event_info event;
	struct arena event_arena;
	struct desk_config desk_config;
	struct store *store;
	struct people *people;
	struct desk *desk;
	struct loop *loop;
	struct readers *readers;
	struct syncer *syncer;
	struct pairing *pairing;
	struct updates *updates;
	uint64_t touched_ms; /* somebody was there */
	const char *alive_file;
	struct str alive; /* as it was written last */
	struct arena alive_arena;
	struct http *http;
	struct events *events;
	struct screen_ops ops;
	uint64_t started_ms;

	bool published; /* an event waits to be sent */
	uint64_t rev, people_rev,
		base_rev; /* base_rev: since when these people are on the screen */
	struct desk_health health;
	bool store_failed, disk_low;
	struct watch watch;
	struct board board;
	uint64_t disk_free; /* bytes */
	bool disk_known;
	bool snapshot;		      /* pages of a whole roster come in */
	uint64_t care_ms, refresh_ms; /* when next */
	enum scan_hint hint;	      /* for whoever holds a card before a camera */
	uint64_t hint_end_ms;
	bool finding; /* a quick sync runs for the scan below */
	struct scan found;
	uint64_t seen_ns, done_ns; /* of the last scan that was written or refused */
	unsigned pin_tries;
	uint64_t pin_rest_ms;
	unsigned volume;
	bool out_of_service;
	uint64_t shutdown_ms;		/* until when it is expected; 0: it is not */
	bool viewing;			/* staff look at the camera's picture */
	uint64_t touch_ns[TOUCHES_MAX]; /* of each reader, the tag that is being read */
	uint64_t scans, commits, commit_failures;
	struct latency latency; /* from the scan's last byte to the commit */
};

uint64_t kiosk_now_ms(void);
/* UTC offset of the venue's clock at that time. */
int64_t kiosk_zone_ms(int64_t wall_ms);

/* kiosk_desk.c: one input through desk, store and screen. */
void kiosk_on_scan(void *context, size_t reader, const struct scan *scan);
/* What a camera's reader asks for, or no longer does. */
void kiosk_hint(struct kiosk *k, enum scan_hint hint);
void kiosk_on_pairing(void *context, const struct desk_pairing *p);
bool kiosk_on_act(void *context, const struct screen_act *act, struct arena *a, struct err *e);
/* The timers of desk and station, as a source of the loop. */
int kiosk_care_timeout(void *context);
void kiosk_care_run(void *context);
/* Tell the desk when something about the station changed. */
void kiosk_update_health(struct kiosk *k);
/* The roster came after an unknown badge. */
void kiosk_found(struct kiosk *k);
void kiosk_configure_desk(struct kiosk *k);

/* kiosk_staff.c: what staff do with the station itself. */
void kiosk_staff_load(struct kiosk *k);
void kiosk_set_volume(struct kiosk *k, unsigned level);
void kiosk_set_service(struct kiosk *k, bool in_service);
bool kiosk_can_shut_down(const struct kiosk *k);
void kiosk_shut_down(struct kiosk *k);
/* Their act as a line of the journal: what was done is in the log of entries. */
void kiosk_log_staff(const struct kiosk *k, const struct desk_act *act, bool done);
/* For screen_ops: the newest picture, nothing when none has come since the last. */
bool kiosk_camera(void *context, struct buf *out, struct err *e);
/* Nobody looks any more: what has come meanwhile is thrown away. */
void kiosk_forget_view(struct kiosk *k);

/* kiosk_update.c: updates, and what their installer is told. */
void kiosk_open_updates(struct kiosk *k);
/* Written when it is different now. */
void kiosk_say_alive(struct kiosk *k);
void kiosk_unsay_alive(struct kiosk *k);
void kiosk_tell_program(void *context, struct batch_program *out);
void kiosk_take_release(void *context, const struct hash *digest);
void kiosk_update_metrics(const struct kiosk *k, struct buf *out);
/* The loop's source. */
int kiosk_updates_wait(void *context);
void kiosk_updates_go(void *context);

/* kiosk_watch.c: the kiosk's watch over itself. */
void kiosk_watch(struct kiosk *k);
/* What takes pictures counts as a camera; all others are what people tap. */
bool kiosk_is_camera(const struct reader_state *s);
/* The signs that are on, the most urgent first, at most WATCH_COUNT. */
size_t kiosk_signs(const struct kiosk *k, struct batch_sign *out);
/* For syncer_config. */
size_t kiosk_tell_signs(void *context, struct batch_sign *out);
void kiosk_watch_metrics(const struct kiosk *k, struct buf *out);

/* kiosk_status.c: what others see. */
void kiosk_publish(struct kiosk *k, bool new_picture);
void kiosk_health(void *context, struct json_writer *w, bool *ok);
void kiosk_metrics(void *context, struct buf *out);
void latency_add(struct latency *l, uint64_t us);
