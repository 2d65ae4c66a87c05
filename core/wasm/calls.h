/*
 * What a page asks of the core, each as a function from bytes to bytes. The WebAssembly modules
 * export them (core/wasm/bridge.h); tests and the fuzzer call the same functions natively. Pure.
 *
 * Each appends its answer to out, or gives false with an error and anything in out. Where the
 * input is packed, its values follow each other as listed, in the forms of core/wasm/packed.h.
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/base/err.h"

typedef bool call(struct buf *out, struct bytes in, struct arena *a, struct err *e);

/* A file of cards -> JSON array of the objects of `kith-badge card`, with an empty "file". */
call call_card_read;
/* A file of cards -> its first one as vCard 3.0 without what Kith does not read. */
call call_card_convert;
/*
 * Text of a code -> {"kind","host"?} and, of a badge "id" and "signed", of a pairing link "token",
 * of a ticket "code". kind as link_kind_name. Any text is something, so it never fails.
 */
call call_link_read;
/*
 * An entry's header -> its ENTRY_CANONICAL_LEN bytes. Packed: prev_hash: bytes; store_id: id; seq:
 * i64; id: id; event: u32; kind: text; boot_id: id; boot_ms, wall_ms: i64; quality: u32; sealed:
 * bool; length of the payload: u32; payload's hash: bytes.
 */
call call_entry_canonical;
/*
 * Somebody's log -> their plan, the JSON object "The plan" of docs/api.md. Packed: now_ms, zone_ms
 * (what to add to UTC): i64; lang, me: texts; people: list of (id, name: text, lang: text), id as
 * in fact.person; events: list of (number: u32, name: text); expected: bool, and if true a list of
 * ids, whose brief is wanted; rows: list of (kind: text, entry: id, event: u32, at_ms: i64, other:
 * id, own: bool, fields: list of (name: text, value: text)), where fields are the payload's members
 * as in struct fact_field; languages: list of packs (core/followup/language.h), at least one. Rows
 * of an unknown kind, or of no time of the calendar, have no effect.
 */
call call_plan;
