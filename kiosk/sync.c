#include "kiosk/sync.h"

void sync_init(struct sync *s)
{
	*s = (struct sync){ .batch_max = LIMIT_BATCH_ENTRIES };
}

static enum sync_act later(uint64_t at, uint64_t *again_ms)
{
	if (at < *again_ms)
		*again_ms = at;
	return SYNC_NOTHING;
}

enum sync_act sync_next(const struct sync *s, uint64_t now_ms, uint64_t pending, uint64_t *again_ms)
{
	bool roster = s->roster_asked || s->roster_rev > s->roster_have;
	uint64_t beat = s->sent_ms + SYNC_HEARTBEAT_MS;

	*again_ms = UINT64_MAX;
	if (s->state == SYNC_SENDING || s->state == SYNC_HALTED)
		return SYNC_NOTHING;
	if (s->asked)
		return SYNC_SEND;
	if (s->state == SYNC_WAITING && now_ms < s->wait_until_ms) {
		if (s->unreachable && !s->probing) {
			if (now_ms >= s->probe_ms)
				return SYNC_PROBE;
			later(s->probe_ms, again_ms);
		}
		return later(s->wait_until_ms, again_ms);
	}
	if (pending > 0 || s->sent_ms == 0 || s->state == SYNC_WAITING)
		return SYNC_SEND;
	if (roster && now_ms >= s->roster_wait_ms)
		return SYNC_ROSTER;
	if (now_ms >= beat)
		return SYNC_SEND;
	if (roster)
		later(s->roster_wait_ms, again_ms);
	return later(beat, again_ms);
}

void sync_began(struct sync *s, enum sync_act act, uint64_t now_ms)
{
	if (act == SYNC_PROBE) {
		s->probing = true;
		return;
	}
	s->state = SYNC_SENDING;
	if (act == SYNC_SEND) {
		s->asked = false;
		s->sent_ms = now_ms ? now_ms : 1;
	}
	if (act == SYNC_ROSTER) {
		s->roster_asked = false;
		s->roster_wait_ms = now_ms + SYNC_WAIT_MIN_MS;
	}
}

void sync_failed(
	struct sync *s, uint64_t now_ms, bool unreachable, int64_t retry_after_s, uint32_t jitter)
{
	uint64_t wait = SYNC_WAIT_MIN_MS;

	for (unsigned i = 0; i < s->failures && wait < SYNC_WAIT_MAX_MS; i++)
		wait *= 2;
	if (wait > SYNC_WAIT_MAX_MS)
		wait = SYNC_WAIT_MAX_MS;
	/* half to all of it, so that a hall of kiosks does not return in step */
	wait = wait / 2 + jitter % (wait / 2 + 1);
	if (retry_after_s > 0 && retry_after_s < 3600 && wait < (uint64_t)retry_after_s * 1000)
		wait = (uint64_t)retry_after_s * 1000;
	s->failures++;
	s->state = SYNC_WAITING;
	s->unreachable = unreachable;
	s->wait_until_ms = now_ms + wait;
	s->probe_ms = now_ms + SYNC_PROBE_MS;
}

void sync_halve(struct sync *s, size_t sent)
{
	s->batch_max = sent > 1 ? sent / 2 : 1;
	s->state = SYNC_IDLE;
}

void sync_probed(struct sync *s, uint64_t now_ms, bool reachable)
{
	s->probing = false;
	s->probe_ms = now_ms + SYNC_PROBE_MS;
	if (reachable)
		sync_link_up(s);
}

void sync_link_up(struct sync *s)
{
	if (s->state == SYNC_WAITING && s->unreachable)
		s->wait_until_ms = 0;
}

void sync_now(struct sync *s)
{
	s->asked = true;
}

enum sync_verdict sync_judge(const struct batch_reply *r, uint64_t last_seq, uint64_t prune_floor,
	const uint8_t *own_hash)
{
	if (r->wipe)
		return SYNC_WIPE;
	if (r->status == BATCH_FORK || r->durable_seq > last_seq)
		return SYNC_FORK;
	if (r->durable_seq < prune_floor)
		/* the server lost what it called safe: what is left here starts a stream of its own
		 */
		return SYNC_FORK;
	if (r->durable_seq > 0 &&
		(!own_hash || memcmp(own_hash, r->durable_hash, ENTRY_HASH_LEN) != 0))
		return SYNC_FORK;
	return SYNC_TAKE;
}

void sync_succeeded(struct sync *s, uint64_t now_ms, const struct batch_reply *r)
{
	(void)now_ms;
	s->state = SYNC_IDLE;
	s->failures = 0;
	s->unreachable = false;
	if (s->batch_max < LIMIT_BATCH_ENTRIES)
		s->batch_max = s->batch_max * 2 > LIMIT_BATCH_ENTRIES ? LIMIT_BATCH_ENTRIES
								      : s->batch_max * 2;
	if (r)
		s->roster_rev = r->roster_rev;
}
