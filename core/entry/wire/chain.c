#include "core/entry/wire/chain.h"

static struct hash hash_entry(const struct entry *x)
{
	uint8_t canonical[ENTRY_CANONICAL_LEN];
	struct buf b = BUF_ON(canonical);
	struct hash payload = hash_of(x->payload);

	entry_canonical(&b, x, payload.b);
	return hash_of(buf_bytes(&b));
}

void entry_seal_hash(struct entry *x)
{
	struct hash h = hash_entry(x);

	memcpy(x->hash, h.b, sizeof(x->hash));
}

bool entry_hash_ok(const struct entry *x)
{
	struct hash h = hash_entry(x);

	return memcmp(x->hash, h.b, sizeof(x->hash)) == 0;
}

struct hash request_hash(
	struct str method, struct str target, struct bytes body, const uint8_t nonce[NONCE_LEN])
{
	struct hash of_body = hash_of(body);
	const struct bytes parts[] = {
		BYTES("kith-request-1\n"),
		str_bytes(method),
		BYTES("\n"),
		str_bytes(target),
		BYTES("\n"),
		hash_bytes(&of_body),
		bytes_of(nonce, NONCE_LEN),
	};

	return hash_of_parts(parts, ARRAY_LEN(parts));
}

struct hash reply_hash(const struct hash *request, int status, struct bytes body)
{
	struct hash of_body = hash_of(body);
	const uint8_t code[2] = { (uint8_t)(status >> 8), (uint8_t)status };
	const struct bytes parts[] = {
		BYTES("kith-reply-1\n"),
		hash_bytes(request),
		bytes_of(code, 2),
		hash_bytes(&of_body),
	};

	return hash_of_parts(parts, ARRAY_LEN(parts));
}
