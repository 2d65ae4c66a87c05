/*
 * Packed input: how a page hands values to the WebAssembly module without JSON. Integers are
 * little-endian and unaligned; a text is a u32 length and that many bytes of UTF-8; a list is a u32
 * count and its members. core/web/lib/packed.ts writes it, core/wasm/calls.h says which values
 * stand in which call.
 *
 * Reading goes from the front and keeps going after a mistake, with zeros and empty texts; the
 * caller asks packed_ok once, at the end. Texts borrow from the input.
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/bytes.h"
#include "core/base/err.h"
#include "core/base/id.h"

struct packed {
	struct bytes in; /* what is left */
	size_t size;	 /* of the whole input */
	const char *why; /* the first mistake; NULL: none so far */
	size_t at;	 /* where it is */
};

#define PACKED_OF(bytes_value) ((struct packed){ .in = (bytes_value), .size = (bytes_value).len })

uint32_t packed_u32(struct packed *p);
int64_t packed_i64(struct packed *p);
bool packed_bool(struct packed *p); /* a u32 of 0 or 1 */
/* Without a look at its bytes. */
struct bytes packed_bytes(struct packed *p);
struct str packed_text(struct packed *p);
/* Any form that id_read takes, as a text; an empty text is no id, all zero. */
struct id packed_id(struct packed *p);
/*
 * Of a list whose members take at least smallest bytes each. More than can follow is a mistake and
 * gives 0, so that nobody makes room for what is not there.
 */
size_t packed_count(struct packed *p, size_t smallest);
/* ERR_MALFORMED names the first mistake, or what is left over. */
MUST_CHECK bool packed_ok(const struct packed *p, struct err *e);
