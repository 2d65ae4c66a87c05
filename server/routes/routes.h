/* Every handler that server/routes.c names, by file. */
#pragma once

#include "core/http/http.h"

/* server/routes/streams.c */
route_handler streams_prepare, streams_post;
/* server/routes/roster.c */
route_handler roster_get;
/* server/routes/status.c */
route_handler healthz_get, metrics_get;
/* server/routes/events.c: the organizer's */
route_handler organizer_events_get, organizer_event_get, ticket_post, station_revoke_post;
/* server/routes/attendees.c: the organizer's */
route_handler attendees_get, attendees_prepare, attendees_post;

/* The table of server/routes.c, sorted by path, then method. */
extern const struct route server_routes[];
extern const size_t server_route_count;
