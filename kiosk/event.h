/* The event as a kiosk knows it: the event object of docs/sync-protocol.md, read. */
#pragma once

#include "core/base/json.h"
#include "core/tag/badge.h"

enum { EVENT_KEYS_MAX = 256 /* as many as there are numbers */, EVENT_TOPICS_MAX = 6 };

struct event_info {
	uint32_t number;
	struct str name, host;		     /* host: of badge and ticket links; empty: any */
	struct str topics[EVENT_TOPICS_MAX]; /* more are left out: a kiosk has room for six */
	size_t topic_count;
	struct badge_key keys[EVENT_KEYS_MAX];
	size_t key_count;
	bool badge_checkin; /* setting badge_checkin: a printed code may check in */
};

/* Texts live in a. Unknown members are passed over. ERR_MALFORMED names the field. */
MUST_CHECK bool event_info_read(
	struct event_info *out, struct str json, struct arena *a, struct err *e);
