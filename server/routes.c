/* Every route of the server: who may call it, and what answers. docs/api.md is the contract. */
#include "server/routes/routes.h"

#include "core/base/limits.h"

/* Sorted by path, then method; a test keeps it so. */
const struct route server_routes[] = {
	{ "GET", "/healthz", ROLE_ANYONE, ROUTE_READ, healthz_get, NULL, 0,
		"whether it serves, and whether backups run" },
	{ "GET", "/metrics", ROLE_ANYONE, ROUTE_READ, metrics_get, NULL, 0,
		"numbers for Prometheus" },
	{ "GET", "/v1/events", ROLE_ORGANIZER, ROUTE_READ, organizer_events_get, NULL, 0,
		"the events of this organizer" },
	{ "GET", "/v1/events/{event}", ROLE_ORGANIZER, ROUTE_READ, organizer_event_get, NULL, 0,
		"an event's counts, stations and backups" },
	{ "GET", "/v1/events/{event}/attendees", ROLE_ORGANIZER, ROUTE_READ, attendees_get, NULL, 0,
		"its attendees, found by name" },
	{ "POST", "/v1/events/{event}/attendees", ROLE_ORGANIZER, ROUTE_WRITE, attendees_post,
		attendees_prepare, LIMIT_CSV_BYTES, "import a list of attendees, or preview it" },
	{ "POST", "/v1/events/{event}/attendees/{attendee}/ticket", ROLE_ORGANIZER, ROUTE_WRITE,
		ticket_post, NULL, 0, "a new ticket code for an attendee" },
	{ "GET", "/v1/events/{event}/followups.csv", ROLE_ORGANIZER, ROUTE_READ, followups_csv_get,
		NULL, 0, "the follow-up list, by consent, for spreadsheets" },
	{ "GET", "/v1/events/{event}/followups.json", ROLE_ORGANIZER, ROUTE_READ,
		followups_json_get, NULL, 0, "the follow-up list, by consent" },
	{ "POST", "/v1/events/{event}/stations/{station}/revoke", ROLE_ORGANIZER, ROUTE_WRITE,
		station_revoke_post, NULL, 0, "end a kiosk's rights" },
	{ "POST", "/v1/me/feed", ROLE_ATTENDEE, ROUTE_WRITE, feed_post, NULL, 0,
		"a new secret address for the calendar feed; the former one ends" },
	{ "POST", "/v1/me/hide", ROLE_ATTENDEE, ROUTE_WRITE, hide_post, NULL, 0,
		"withdraw from a meeting" },
	{ "POST", "/v1/notes", ROLE_ATTENDEE, ROUTE_WRITE, notes_post, NULL, 0,
		"write or change a note about a meeting or contact" },
	{ "GET", "/v1/queue", ROLE_ATTENDEE, ROUTE_READ, queue_get, NULL, 0,
		"the follow-up queue of whoever asks" },
	{ "GET", "/v1/queue.csv", ROLE_ATTENDEE, ROUTE_READ, queue_csv_get, NULL, 0,
		"the queue for spreadsheets" },
	{ "GET", "/v1/queue.ics", ROLE_ATTENDEE | ROLE_ANYONE, ROUTE_READ, queue_ics_get, NULL, 0,
		"the queue as a calendar, by session or by its secret address" },
	{ "GET", "/v1/queue.vcf", ROLE_ATTENDEE, ROUTE_READ, queue_vcf_get, NULL, 0,
		"the queue's people as vCards" },
	{ "POST", "/v1/queue/{key}", ROLE_ATTENDEE, ROUTE_WRITE, queue_item_post, NULL, 0,
		"done, snooze, drop or open again" },
	{ "GET", "/v1/roster", ROLE_STATION, ROUTE_READ, roster_get, NULL, 0,
		"what a kiosk knows of attendees while offline, since a cursor" },
	{ "POST", "/v1/streams/{store_id}", ROLE_STATION | ROLE_ATTENDEE, ROUTE_WRITE, streams_post,
		streams_prepare, LIMIT_BATCH_BYTES, "entries of a station's log, or a heartbeat" },
};
const size_t server_route_count = ARRAY_LEN(server_routes);
