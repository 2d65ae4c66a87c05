/* The body of POST /act, and the event object that the server sends. */
#include "kiosk/event.h"
#include "kiosk/screen.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = { 0 };
	struct screen_act act;
	struct event_info event;
	struct err e;

	if (screen_act_read(&act, bytes_of(data, size), &a, &e) && act.act.kind > ACT_HELP)
		abort();
	if (event_info_read(&event, (struct str){ (const char *)data, size }, &a, &e) &&
		(event.key_count > EVENT_KEYS_MAX || event.topic_count > EVENT_TOPICS_MAX))
		abort();
	arena_finish(&a);
	return 0;
}
