#define _DEFAULT_SOURCE
#include "kiosk/syncer.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/log.h"
#include "core/base/text.h"
#include "kiosk/sync.h"

enum {
	REQUEST_TIMEOUT_MS = 15000,
	BATCH_OVERHEAD = 600 /* bytes of JSON around an entry's payload, at most */
};

struct syncer {
	struct syncer_config config;
	struct transport *transport;
	struct sync sync;
	struct syncer_state state;
	struct arena arena; /* of the request in the air */
	int epoll, netlink;
	size_t sent; /* entries in the batch in the air */
	struct id timeline;
	uint64_t refusal_seq; /* of the last reply: what the server told up to */
	bool roster_reported; /* somebody waits for roster_done */
	bool roster_begun;    /* a full fetch was begun in this run */
	bool names_whole;     /* and came to its end */
};

/* Tells when a network interface comes up. Not essential: the probe finds out too, a second later.
 */
static int open_netlink(void)
{
	struct sockaddr_nl where = { .nl_family = AF_NETLINK,
		.nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);

	if (fd >= 0 && bind(fd, (struct sockaddr *)&where, sizeof(where)) != 0) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static uint64_t boot_ms(struct clock_time *now)
{
	struct err e;

	if (!clock_now(now, &e))
		log_error("clock: %s", e.text);
	return now->boot_ms;
}

static uint64_t roster_have(const struct syncer *s, struct arena *a)
{
	struct str cursor;
	struct err e;
	uint64_t rev = 0;
	size_t dot;

	if (!store_roster_cursor(s->config.store, &cursor, a, &e))
		return 0;
	dot = str_find_char(cursor, '.', 0);
	return dot != SIZE_MAX && str_u64(str_sub(cursor, dot + 1, cursor.len), &rev) ? rev : 0;
}

bool syncer_open(struct syncer **out, const struct syncer_config *config, struct err *e)
{
	struct syncer *s = calloc(1, sizeof(*s));
	struct epoll_event ev = { .events = EPOLLIN };

	if (!s)
		return err_set(e, ERR_INTERNAL, "no memory for the sync");
	s->config = *config;
	s->netlink = open_netlink();
	s->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (s->epoll < 0 || !transport_open(&s->transport, config->identity, e)) {
		if (s->epoll < 0)
			err_errno(e, "epoll");
		syncer_close(s);
		return false;
	}
	ev.data.fd = transport_fd(s->transport);
	epoll_ctl(s->epoll, EPOLL_CTL_ADD, ev.data.fd, &ev);
	ev.data.fd = s->netlink;
	if (s->netlink >= 0)
		epoll_ctl(s->epoll, EPOLL_CTL_ADD, s->netlink, &ev);
	sync_init(&s->sync);
	s->sync.roster_asked = true; /* names are in memory only: every start fetches them all */
	s->state.pending = store_pending(config->store);
	*out = s;
	return true;
}

void syncer_close(struct syncer *s)
{
	if (!s)
		return;
	transport_close(s->transport);
	if (s->netlink >= 0)
		close(s->netlink);
	if (s->epoll >= 0)
		close(s->epoll);
	arena_finish(&s->arena);
	free(s);
}

int syncer_fd(const struct syncer *s)
{
	return s->epoll;
}

struct syncer_state syncer_state(const struct syncer *s)
{
	struct syncer_state state = s->state;

	state.pending = store_pending(s->config.store);
	return state;
}

int syncer_timeout_ms(const struct syncer *s)
{
	struct clock_time now = { 0 };
	uint64_t at = boot_ms(&now), again;

	if (sync_next(&s->sync, at, store_pending(s->config.store), &again) != SYNC_NOTHING)
		return 0;
	if (again == UINT64_MAX)
		return -1;
	return again <= at ? 0 : again - at > 60000 ? 60000 : (int)(again - at);
}

static void set_link(struct syncer *s, enum syncer_link link, const char *trouble)
{
	if (s->state.link != link)
		log_info("sync link=%d %s", (int)link, trouble);
	s->state.link = link;
	snprintf(s->state.trouble, sizeof(s->state.trouble), "%s", trouble);
	s->config.changed(s->config.context);
}

static void failed(struct syncer *s, const struct transport_reply *r)
{
	struct clock_time now = { 0 };
	uint32_t jitter;
	char status[64];

	crypto_random(&jitter, sizeof(jitter));
	s->state.failures++;
	sync_failed(&s->sync, boot_ms(&now), r->can_probe, r->retry_after_s, jitter);
	snprintf(status, sizeof(status), "the server answers %d", r->status);
	set_link(s, r->status == 0 && !r->connected ? SYNCER_OFFLINE : SYNCER_REFUSED,
		r->status ? status : r->error.text);
}

/* Revoked: what the server holds is deleted here, and nothing more is sent (docs/security.md). */
static void wipe(struct syncer *s)
{
	struct err e;

	s->sync.state = SYNC_HALTED;
	if (!store_wipe(s->config.store, &e))
		log_error("wipe: %s", e.text);
	s->config.roster(s->config.context, NULL, 0, true, true, false);
	set_link(s, SYNCER_REVOKED, "this kiosk's rights were ended by the organizer");
}

static bool take_answer(struct syncer *s, const struct batch_reply *r, struct err *e)
{
	struct store *store = s->config.store;
	struct store_head head = store_head(store);
	uint8_t own[ENTRY_HASH_LEN];
	bool have = r->durable_seq <= head.last_seq && r->durable_seq >= head.prune_floor &&
		    store_hash_at(store, r->durable_seq, own, e);

	switch (sync_judge(r, head.last_seq, head.prune_floor, have ? own : NULL)) {
	case SYNC_WIPE:
		wipe(s);
		return true;
	case SYNC_FORK:
		log_warn("sync: the server holds another history of this stream, a new one begins");
		return store_fork(store, e);
	case SYNC_TAKE:
		break;
	}
	if (!store_set_cursor(store, r->durable_seq, e))
		return false;
	return r->safe_seq <= head.prune_floor || store_prune(store, r->safe_seq, e);
}

/* A signed order to wipe, on whatever route it came (docs/sync-protocol.md: 403 revoked). */
static bool ordered_to_wipe(struct syncer *s, const struct transport_reply *r)
{
	struct json *root;
	bool wanted = false;
	struct err e;

	return r->status == 403 && json_read(&root, r->body, &s->arena, &e) &&
	       json_get_bool(root, "wipe", &wanted) && wanted;
}

static void batch_done(void *context, const struct transport_reply *r)
{
	struct syncer *s = context;
	struct batch_reply reply;
	struct clock_time now = { 0 };
	struct err e = { 0 };

	if (r->status == 413 && s->sent > 1) {
		sync_halve(&s->sync, s->sent);
		return;
	}
	if (ordered_to_wipe(s, r)) {
		wipe(s);
		return;
	}
	if (r->status != 200) {
		failed(s, r);
		return;
	}
	if (!batch_reply_read(&reply, r->body, &s->arena, &e)) {
		log_warn("sync: status=%d %s", r->status, e.text);
		failed(s, r);
		return;
	}
	boot_ms(&now);
	sync_succeeded(&s->sync, now.boot_ms, &reply);
	for (size_t i = 0; i < reply.refusal_count; i++)
		log_warn("sync: the server keeps but does not use entry=%s reason=" STR_FMT,
			id_uuid_text(reply.refusals[i].id).s, STR_ARG(reply.refusals[i].reason));
	s->state.refusals += reply.refusal_count;
	s->state.ok_boot_ms = now.boot_ms;
	s->state.server_offset_ms = reply.server_ms - now.wall_ms;
	s->refusal_seq = reply.refusal_seq;
	if (!id_is_none(s->timeline) && !id_equal(s->timeline, reply.timeline)) {
		s->sync.roster_asked = true;
		s->refusal_seq = 0; /* a restored server numbers anew: hear them all again */
	}
	s->timeline = reply.timeline;
	if (!take_answer(s, &reply, &e)) {
		log_error("sync: %s", e.text);
		failed(s, &(struct transport_reply){ .connected = true, .error = e });
		return;
	}
	if (s->sync.state == SYNC_HALTED)
		return;
	set_link(s, SYNCER_ONLINE, "");
	if (s->config.release)
		s->config.release(s->config.context, reply.has_release ? &reply.release : NULL);
}

static bool send_batch(struct syncer *s, struct err *e)
{
	struct store_head head = store_head(s->config.store);
	struct batch b = { .store_id = head.store_id,
		.event = head.event,
		.from_seq = head.cursor + 1,
		.role = s->config.role,
		.refusal_seq = s->refusal_seq };
	struct buf text = BUF_IN(&s->arena);
	struct str target;

	if (!store_read(s->config.store, b.from_seq, s->sync.batch_max,
		    (LIMIT_BATCH_BYTES - BATCH_OVERHEAD * (s->sync.batch_max + 1)) / 4 * 3,
		    &s->arena, &b.entries, &b.count, b.prev_hash, e))
		return false;
	if (s->config.signs) {
		b.has_signs = true;
		b.signs = ARENA_ARRAY(&s->arena, BATCH_SIGNS_MAX, struct batch_sign);
		b.sign_count = s->config.signs(s->config.context, b.signs);
	}
	if (s->config.program)
		s->config.program(s->config.context, &b.program);
	boot_ms(&b.now);
	b.pending = head.last_seq - head.cursor - b.count;
	batch_write(&text, &b);
	s->sent = b.count;
	s->state.requests++;
	target = arena_printf(&s->arena, "/v1/streams/%s", id_uuid_text(head.store_id).s);
	return transport_send(s->transport, "POST", target.p, buf_bytes(&text), REQUEST_TIMEOUT_MS,
		batch_done, s, e);
}

static size_t read_ids(const struct json *list, const struct id **out, struct arena *a)
{
	struct id *ids = ARENA_ARRAY(a, list ? list->count : 0, struct id);
	size_t n = 0;

	for (const struct json *o = list ? list->first : NULL; o; o = o->next)
		if (o->type == JSON_STRING && id_read(o->text, &ids[n]))
			n++;
	*out = ids;
	return n;
}

static struct str get_text(const struct json *o, const char *key)
{
	struct str s;

	return json_get_str(o, key, &s) ? s : STR("");
}

static bool read_row(struct roster_row *row, const struct json *o, struct arena *a)
{
	const struct json *in = json_get(o, "checked_in_ms");

	*row = (struct roster_row){ 0 };
	if (!json_get_id(o, "id", &row->id))
		return false;
	row->name = get_text(o, "name");
	row->organization = get_text(o, "organization");
	row->lang = get_text(o, "lang");
	row->badge_count = read_ids(json_get(o, "badges"), &row->badges, a);
	row->revoked_count = read_ids(json_get(o, "revoked"), &row->revoked, a);
	row->has_ticket = json_get_blob(o, "ticket", row->ticket, sizeof(row->ticket));
	row->checked_in = in && in->type == JSON_NUMBER && str_i64(in->text, &row->checked_in_ms);
	return json_get_bool(o, "gone", &row->gone) || !row->gone;
}

static bool take_roster(struct syncer *s, struct bytes body, bool *more, struct err *e)
{
	struct roster_row *rows;
	const struct json *list, *event;
	struct json *root;
	struct str cursor;
	bool full = false, settled = false;
	size_t n = 0;

	if (!json_read(&root, body, &s->arena, e))
		return false;
	list = json_get(root, "rows");
	if (!list || !json_get_str(root, "cursor", &cursor) || !json_get_bool(root, "more", more) ||
		!json_get_bool(root, "full", &full))
		return err_set(e, ERR_MALFORMED, "roster: a field is missing");
	/* an older server does not say */
	if (!json_get_bool(root, "settled", &settled))
		settled = false;
	rows = ARENA_ARRAY(&s->arena, list->count, struct roster_row);
	for (const struct json *o = list->first; o; o = o->next)
		if (read_row(&rows[n], o, &s->arena))
			n++;
	/* of several pages, the first one does not wipe what the network may never bring again */
	if (!store_roster_write(s->config.store, rows, n, full && !*more, cursor, e))
		return false;
	s->config.roster(s->config.context, rows, n, full, !*more, settled);
	event = json_get(root, "event");
	if (event) {
		struct buf text = BUF_IN(&s->arena);

		json_copy(&text, event);
		s->config.event(s->config.context, buf_str(&text));
	}
	s->sync.roster_have = roster_have(s, &s->arena);
	return true;
}

static void roster_done(void *context, const struct transport_reply *r)
{
	struct syncer *s = context;
	struct err e = { 0 };
	bool more = false, ok = r->status == 200 && take_roster(s, r->body, &more, &e);

	if (!ok && e.text[0])
		log_warn("roster: %s", e.text);
	if (ordered_to_wipe(s, r)) {
		wipe(s);
	} else if (!ok) {
		s->sync.roster_asked = true;
		s->roster_begun = s->names_whole;
		failed(s, r);
	} else {
		sync_succeeded(&s->sync, 0, NULL);
		s->sync.roster_asked = more;
		s->names_whole = s->names_whole || !more;
		if (more)
			s->sync.roster_wait_ms = 0;
		else if (s->sync.roster_rev < s->sync.roster_have)
			s->sync.roster_rev = s->sync.roster_have;
	}
	if (!more && s->roster_reported) {
		s->roster_reported = false;
		s->config.roster_done(s->config.context, ok);
	}
	s->config.changed(s->config.context);
}

static bool fetch_roster(struct syncer *s, struct err *e)
{
	struct buf target = BUF_IN(&s->arena);
	struct str cursor = { NULL, 0 };

	if (!store_roster_cursor(s->config.store, &cursor, &s->arena, e))
		return false;
	/* the first fetch of a run is full, for the names that only memory holds */
	buf_lit(&target, "/v1/roster?after=");
	if (s->roster_begun)
		percent_write(&target, cursor);
	s->roster_begun = true;
	buf_add_u8(&target, 0);
	return transport_send(s->transport, "GET", (const char *)target.p,
		(struct bytes){ NULL, 0 }, REQUEST_TIMEOUT_MS, roster_done, s, e);
}

static void probe_done(void *context, const struct transport_reply *r)
{
	struct syncer *s = context;
	struct clock_time now = { 0 };

	sync_probed(&s->sync, boot_ms(&now), r->status != 0);
}

static void drain_netlink(struct syncer *s)
{
	char buffer[4096];
	bool any = false;

	while (s->netlink >= 0 && recv(s->netlink, buffer, sizeof(buffer), 0) > 0)
		any = true;
	if (any)
		sync_link_up(&s->sync);
}

void syncer_run(struct syncer *s)
{
	struct clock_time now = { 0 };
	struct err e = { 0 };
	enum sync_act act;
	uint64_t again;
	bool ok = true;

	drain_netlink(s);
	transport_run(s->transport);
	act = sync_next(&s->sync, boot_ms(&now), store_pending(s->config.store), &again);
	if (act == SYNC_NOTHING)
		return;
	sync_began(&s->sync, act, now.boot_ms);
	if (act == SYNC_PROBE) {
		if (!transport_probe(s->transport, probe_done, s, &e))
			sync_probed(&s->sync, now.boot_ms, false);
		return;
	}
	arena_reset(&s->arena);
	ok = act == SYNC_SEND ? send_batch(s, &e) : fetch_roster(s, &e);
	if (!ok) {
		log_error("sync: %s", e.text);
		failed(s, &(struct transport_reply){ .connected = true, .error = e });
	}
}

bool syncer_roster_now(struct syncer *s)
{
	if (s->state.link != SYNCER_ONLINE)
		return false;
	s->sync.roster_asked = true;
	s->sync.roster_wait_ms = 0;
	s->roster_reported = true;
	return true;
}

bool syncer_now(struct syncer *s)
{
	if (s->state.link == SYNCER_REVOKED)
		return false;
	sync_now(&s->sync);
	return true;
}

bool syncer_request(struct syncer *s, const char *method, const char *target, struct bytes body,
	transport_done *done, void *context, struct err *e)
{
	if (s->state.link == SYNCER_REVOKED)
		return err_set(e, ERR_FORBIDDEN, "%s", s->state.trouble);
	return transport_send(
		s->transport, method, target, body, REQUEST_TIMEOUT_MS, done, context, e);
}
