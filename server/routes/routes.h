/* Every handler that server/routes.c names, by file. */
#pragma once

#include "core/http/http.h"

/* server/routes/streams.c */
route_handler streams_prepare, streams_post;
/* server/routes/roster.c */
route_handler roster_get;
/* server/routes/release.c */
route_handler release_get, release_piece_get;
/* server/routes/enrol.c */
route_handler enrol_post, enrolments_post;
/* server/routes/pair.c: the kiosk's, then the page's */
route_handler pairings_post, pairing_state_get, pairing_confirm_post, pair_post, pair_finish_post;
/* server/routes/signin.c */
route_handler signin_post, join_post, part_post, signout_post, organizer_signout_post;
/* server/routes/organizer_signin.c */
route_handler organizer_signin_prepare, organizer_signin_post;
struct exchange;
void organizer_signin_verify(struct exchange *x); /* on a thread for passwords */
/* server/routes/me.c */
route_handler me_get, me_consents_post, me_device_end_post, me_approval_post;
/* server/routes/codes.c */
route_handler codes_post;
/* server/routes/me_buddies.c */
route_handler me_nudge_post;
/* server/routes/me_data.c */
route_handler me_export_get, me_delete_post;
/* server/routes/me_log.c */
route_handler me_log_get;
/* server/routes/openapi.c */
route_handler openapi_get;
/* server/routes/pages.c */
route_handler page_get;
/* server/routes/status.c */
route_handler healthz_get, metrics_get;
/* server/routes/events.c: the organizer's */
route_handler organizer_events_get, organizer_event_get, ticket_post, station_revoke_post;
/* server/routes/attendees.c: the organizer's */
route_handler attendees_get, attendees_prepare, attendees_post, badge_revoke_post;
/* server/routes/queue.c: the attendee's own */
route_handler queue_get, queue_item_post, notes_post, hide_post, queue_csv_get, queue_ics_get,
	queue_vcf_get, feed_post;
/* server/routes/followups.c: the organizer's */
route_handler followups_csv_get, followups_json_get;

/* The table of server/routes.c, sorted by path, then method. */
extern const struct route server_routes[];
extern const size_t server_route_count;
