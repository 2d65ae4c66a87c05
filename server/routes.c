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
	{ "POST", "/v1/events/{event}/stations/{station}/revoke", ROLE_ORGANIZER, ROUTE_WRITE,
		station_revoke_post, NULL, 0, "end a kiosk's rights" },
	{ "GET", "/v1/roster", ROLE_STATION, ROUTE_READ, roster_get, NULL, 0,
		"what a kiosk knows of attendees while offline, since a cursor" },
	{ "POST", "/v1/streams/{store_id}", ROLE_STATION | ROLE_ATTENDEE, ROUTE_WRITE, streams_post,
		streams_prepare, LIMIT_BATCH_BYTES, "entries of a station's log, or a heartbeat" },
};
const size_t server_route_count = ARRAY_LEN(server_routes);
