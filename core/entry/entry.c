#include "core/entry/entry.h"

static const struct {
	enum entry_kind kind;
	const char *name;
} kinds[] = {
#define X(kind, number, name) { kind, name },
	ENTRY_KINDS(X)
#undef X
};

const char *entry_kind_name(enum entry_kind kind)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (kinds[i].kind == kind)
			return kinds[i].name;
	return "unknown";
}

bool entry_kind_read(struct str name, enum entry_kind *out)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (str_equal(str_of(kinds[i].name), name)) {
			*out = kinds[i].kind;
			return true;
		}
	}
	return false;
}

bool entry_kind_is_known(enum entry_kind kind)
{
	return kind > 0 && kind < ENTRY_KIND_END;
}

bool entry_kind_is_plain(enum entry_kind kind)
{
	return kind == ENTRY_CHECKIN || kind == ENTRY_CHECKOUT || kind == ENTRY_MEETING;
}

void entry_canonical(
	struct buf *out, const struct entry *x, const uint8_t payload_hash[ENTRY_HASH_LEN])
{
	buf_add(out, BYTES("kith-entry-1"));
	buf_add(out, bytes_of(x->prev_hash, ENTRY_HASH_LEN));
	buf_add(out, id_bytes(&x->store_id));
	buf_add_u64be(out, x->seq);
	buf_add(out, id_bytes(&x->id));
	buf_add_u32be(out, x->event);
	buf_add_u16be(out, (uint16_t)x->kind);
	buf_add(out, id_bytes(&x->time.boot_id));
	buf_add_u64be(out, x->time.boot_ms);
	buf_add_u64be(out, (uint64_t)x->time.wall_ms);
	buf_add_u8(out, (uint8_t)x->time.quality);
	buf_add_u8(out, x->sealed);
	buf_add_u32be(out, (uint32_t)x->payload.len);
	buf_add(out, bytes_of(payload_hash, ENTRY_HASH_LEN));
}
