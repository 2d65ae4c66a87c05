#include "tests/bench/kiosk.h"

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/entry/wire/chain.h"

/* One boot for all of them: the server keeps a clock for each station anyway. */
static struct clock_time time_now(void)
{
	static struct clock_time first;
	struct clock_time now;
	struct err e;

	if (first.boot_ms == 0 && !clock_now(&first, &e))
		first.boot_ms = 1;
	now = first;
	now.wall_ms = clock_wall_ms();
	now.boot_ms = first.boot_ms + (uint64_t)(now.wall_ms - first.wall_ms);
	return now;
}

void bench_kiosk_init(struct bench_kiosk *k)
{
	*k = (struct bench_kiosk){ .id = crypto_random_id(), .store_id = crypto_random_id() };
	sign_keypair(k->public_key, k->secret_key);
}

struct entry bench_kiosk_write(struct bench_kiosk *k, uint32_t event, enum entry_kind kind,
	struct str plain, const uint8_t *seal_to, struct arena *a)
{
	struct buf sealed = BUF_IN(a);
	struct entry x = {
		.store_id = k->store_id,
		.seq = ++k->last_seq,
		.event = event,
		.kind = kind,
		.time = time_now(),
		.sealed = seal_to != NULL,
		.payload = arena_copy(a, str_bytes(plain)),
	};

	x.id = crypto_uuid7((uint64_t)x.time.wall_ms);
	if (seal_to) {
		seal_write(&sealed, str_bytes(plain), seal_to);
		x.payload = buf_bytes(&sealed);
	}
	memcpy(x.prev_hash, k->last_hash, sizeof(x.prev_hash));
	entry_seal_hash(&x);
	memcpy(k->last_hash, x.hash, sizeof(k->last_hash));
	return x;
}

static struct bytes signed_request(const struct bench_kiosk *k, struct str method,
	struct str target, struct bytes body, struct arena *a)
{
	struct arena own = { 0 };
	struct buf out = BUF_IN(&own);
	struct bytes whole;
	uint8_t nonce[NONCE_LEN], signature[SIGNATURE_LEN];
	struct hash h;

	crypto_random(nonce, sizeof(nonce));
	h = request_hash(method, target, body, nonce);
	sign_message(signature, hash_bytes(&h), k->secret_key);
	buf_printf(&out,
		STR_FMT " " STR_FMT
			" HTTP/1.1\r\nHost: 127.0.0.1\r\nKith-Station: %s\r\nKith-Nonce: ",
		STR_ARG(method), STR_ARG(target), id_uuid_text(k->id).s);
	base64url_write(&out, bytes_of(nonce, sizeof(nonce)));
	buf_lit(&out, "\r\nKith-Signature: ");
	base64url_write(&out, bytes_of(signature, sizeof(signature)));
	if (body.len > 0)
		buf_printf(&out, "\r\nContent-Type: application/json\r\nContent-Length: %zu",
			body.len);
	buf_lit(&out, "\r\n\r\n");
	buf_add(&out, body);
	whole = arena_copy(a, buf_bytes(&out));
	arena_finish(&own);
	return whole;
}

struct load_request bench_kiosk_batch(const struct bench_kiosk *k, uint32_t event,
	struct entry *entries, size_t n, struct arena *a)
{
	struct batch b = {
		.store_id = k->store_id,
		.event = event,
		.from_seq = n ? entries[0].seq : k->last_seq + 1,
		.now = time_now(),
		.entries = entries,
		.count = n,
	};
	struct arena own = { 0 };
	struct buf body = BUF_IN(&own);
	struct str target = arena_printf(&own, "/v1/streams/%s", id_uuid_text(k->store_id).s);
	struct load_request r = { .durable_seq = b.from_seq + n - 1 };

	memcpy(b.prev_hash, n ? entries[0].prev_hash : k->last_hash, sizeof(b.prev_hash));
	batch_write(&body, &b);
	r.text = signed_request(k, STR("POST"), target, buf_bytes(&body), a);
	arena_finish(&own);
	return r;
}

struct load_request bench_kiosk_get(const struct bench_kiosk *k, struct str target, struct arena *a)
{
	return (struct load_request){
		.text = signed_request(k, STR("GET"), target, (struct bytes){ NULL, 0 }, a),
		.durable_seq = UINT64_MAX,
	};
}
