/*
 * QR codes to print or show (ISO/IEC 18004), by libqrencode: this is its one home.
 * Plain bytes, without ECI or byte order mark, which old readers stumble over.
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/eye/image.h"

/* Share of the symbol that may be lost: 7, 15, 25, 30 percent. */
enum qr_level { QR_LEVEL_L, QR_LEVEL_M, QR_LEVEL_Q, QR_LEVEL_H };

enum {
	QR_QUIET = 4, /* modules of white around it, ISO/IEC 18004 6.3.8 */
	QR_MODULE_PX_MAX = 64,
};

struct qr {
	uint32_t size;	     /* modules a side: 21 to 177 */
	const uint8_t *dark; /* size * size, 1 for a dark module; in the arena */
	int version;	     /* 1 to 40 */
};

MUST_CHECK bool qr_level_read(struct str letter, enum qr_level *out);
/* The smallest symbol that holds data at that level. ERR_TOO_LARGE names the limit. */
MUST_CHECK bool qr_make(
	struct qr *out, struct bytes data, enum qr_level level, struct arena *a, struct err *e);
/* A whole SVG document: one path, one unit a module, with its quiet zone; module_px sets its size.
 */
void qr_write_svg(struct buf *out, const struct qr *qr, uint32_t module_px);
/* A picture with its quiet zone, module_px pixels a module, in the arena. */
MUST_CHECK bool qr_draw(
	struct image *out, const struct qr *qr, uint32_t module_px, struct arena *a, struct err *e);
