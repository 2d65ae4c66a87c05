/* Character sets of cards. Everything that is no UTF-8 becomes it here, or in charset_convert. */
#pragma once

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/base/bytes.h"

/*
 * A file's bytes without its byte order mark, and out of UTF-16 (marked, or told by its NULs).
 * *is_utf8: it said or showed what it is. Else the bytes are unchanged and each value is judged
 * by charset_read. Borrows from in, or lives in a.
 */
struct bytes charset_open(struct bytes in, bool *is_utf8, struct arena *a);
/*
 * One value with its declared character set (empty: none). Bytes that are good UTF-8 are taken as
 * that, also under a declared one-byte set, for mislabelled UTF-8 is common and UTF-8 by accident
 * is not. An unknown set, and bytes that are not what was declared, are read as Windows-1252.
 */
struct str charset_read(struct bytes value, struct str declared, struct arena *a);
/*
 * The text of a QR code, which names no character set: UTF-8 where it is that; Shift-JIS where
 * all its high bytes form kanji and kana as Japanese writes them; else Windows-1252. What Latin
 * letters happen to form as well counts as Latin: such pairs begin with bytes of 0xE0 and above,
 * those of everyday Japanese hardly ever do.
 */
struct str charset_code_text(struct bytes code, struct arena *a);
/*
 * From a set with iconv's name to UTF-8 at the end of out. False, with out unchanged, for a set
 * that is not there or bytes that are not in it. The one function here that is not pure: it is
 * iconv(3)'s (charset_iconv.c), and in WebAssembly the browser's (core/wasm/charset_import.c).
 */
bool charset_convert(struct buf *out, struct bytes value, const char *iconv_name);
