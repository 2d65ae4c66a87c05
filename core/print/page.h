/*
 * Paper: pages of text, QR codes and lines as PDF or SVG, by cairo and pango, whose one home is
 * this folder. Lengths are millimetres from the upper left corner, font sizes points.
 *
 * Text is shaped by pango, so names in every script come out right as long as a font has them
 * (Debian: fonts-noto-core, fonts-noto-cjk). Codes are drawn as rectangles, never as pictures.
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/eye/qr_write.h"

enum page_format { PAGE_PDF, PAGE_SVG /* one page only */ };

struct page; /* all pages of one document */

struct box {
	double x, y, w, h;
};

enum page_align { PAGE_START, PAGE_CENTER };

struct page_style {
	double size_pt, least_pt; /* shrunk from the first to the second until it fits */
	int lines;		  /* at most */
	bool bold;
	enum page_align align;
	double gray; /* 0 black to 1 white */
};

struct page_fit {
	double used_mm; /* height that the text took */
	double size_pt; /* at last */
	bool cut;	/* an ellipsis stands in for the rest */
	bool missing;	/* no font here has some of the letters */
};

MUST_CHECK bool page_open(
	struct page **out, enum page_format format, double w_mm, double h_mm, struct err *e);
/* Begin the next page of a PDF. */
void page_next(struct page *p);
/* Text at the top of box, in the direction of its own script. Empty text takes no room. */
struct page_fit page_text(
	struct page *p, struct box box, struct str text, const struct page_style *style);
/* The symbol with its quiet zone of QR_QUIET modules, module_mm a module. */
void page_qr(struct page *p, double x_mm, double y_mm, const struct qr *qr, double module_mm);
void page_line(struct page *p, double x0, double y0, double x1, double y1, double width_mm);
/* The whole document; p is closed. */
MUST_CHECK bool page_finish(struct page *p, struct buf *out, struct err *e);
void page_close(struct page *p); /* without a document; accepts NULL */
