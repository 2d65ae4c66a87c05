/* What a ticket code needs of randomness and SHA-256; ticket.c stays pure. */
#include "core/base/crypto.h"
#include "core/tag/ticket.h"

struct ticket ticket_random(void)
{
	struct ticket t = { { 0 } };

	crypto_random(t.b, sizeof(t.b));
	return t;
}

struct ticket_hash ticket_hash(struct bytes key, struct ticket t)
{
	struct hash h = hmac_of(key, bytes_of(t.b, TICKET_LEN));
	struct ticket_hash out;

	memcpy(out.b, h.b, TICKET_HASH_LEN);
	return out;
}
