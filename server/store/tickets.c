#include "server/store/tickets.h"

#include "core/base/crypto.h"
#include "core/tag/ticket.h"
#include "server/store/events.h"
#include "server/store/people.h"

bool ticket_issue(struct db *db, uint32_t event, struct id attendee, int64_t now_ms,
	struct arena *a, struct str *code, struct str *url, struct err *e)
{
	struct ticket ticket = ticket_random();
	struct buf groups = BUF_IN(a), link = BUF_IN(a);
	struct ticket_hash hash;
	struct attendee x;
	struct event ev;

	if (!event_get(&ev, db, event, a, e) || !attendee_find(&x, db, event, attendee, a, e))
		return false;
	hash = ticket_hash(bytes_of(ev.ticket_key, sizeof(ev.ticket_key)), ticket);
	ticket_write_groups(&groups, ticket);
	buf_lit(&link, "https://");
	buf_add_str(&link, ev.host);
	buf_lit(&link, "/t#");
	ticket_write(&link, ticket);
	crypto_wipe(&ticket, sizeof(ticket));
	crypto_wipe(ev.seal_secret, sizeof(ev.seal_secret));
	*code = buf_str(&groups);
	*url = buf_str(&link);
	return attendee_set_ticket(db, event, x.attendee, hash.b, now_ms, e);
}
