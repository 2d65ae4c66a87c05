#include "core/print/badge_art.h"

#include "core/eye/qr_reach.h"

#define PAD_MM	     4.0
#define GAP_MM	     1.5
#define CODE_TEXT_MM 4.5 /* of the short code's line */

enum { EVENT, NAME, ORGANIZATION, TITLE, LINE, CODE, QUEUE };

static const struct page_style styles[] = {
	[EVENT] = { 9, 7, 1, false, PAGE_START, 0.35 },
	[NAME] = { 28, 7, 2, true, PAGE_START, 0 },
	[ORGANIZATION] = { 14, 7, 2, false, PAGE_START, 0 },
	[TITLE] = { 11, 7, 2, false, PAGE_START, 0.25 },
	[LINE] = { 11, 7, 3, false, PAGE_START, 0.25 },
	[CODE] = { 9, 6, 1, false, PAGE_CENTER, 0 },
	[QUEUE] = { 12, 7, 1, true, PAGE_CENTER, 0.35 },
};

/* The code for a square of side_mm: with the error correction that lets its modules be large. */
static bool choose_code(struct qr *out, double *module_mm, const struct badge_art *art,
	double side_mm, double wanted_mm, struct arena *a, struct err *e)
{
	static const enum qr_level levels[] = { QR_LEVEL_M, QR_LEVEL_L };

	for (size_t i = 0; i < ARRAY_LEN(levels); i++) {
		if (!qr_make(out, str_bytes(art->link), levels[i], a, e))
			return false;
		*module_mm = side_mm / (out->size + 2 * QR_QUIET);
		if (*module_mm >= wanted_mm) {
			*module_mm = wanted_mm;
			return true;
		}
	}
	if (*module_mm >= QR_MODULE_LEAST_MM)
		return true;
	return err_set(e, ERR_TOO_LARGE,
		"the code has %u modules a side and needs %.0f mm at %.1f mm each: there are %.0f "
		"mm, "
		"so make the badge larger or the host shorter",
		out->size, (out->size + 2 * QR_QUIET) * QR_MODULE_LEAST_MM, QR_MODULE_LEAST_MM,
		side_mm);
}

static void note_fit(struct badge_art_report *out, const struct page_fit *fit)
{
	out->cut |= fit->cut;
	out->missing |= fit->missing;
}

/* One text below the other; what has no room left is left out, and said. */
static void stack(
	struct page *p, struct box *left, struct str text, int style, struct badge_art_report *out)
{
	struct page_fit fit;

	if (text.len == 0)
		return;
	if (left->h < 3) {
		out->cut = true;
		return;
	}
	fit = page_text(p, *left, text, &styles[style]);
	note_fit(out, &fit);
	left->y += fit.used_mm + GAP_MM;
	left->h -= fit.used_mm + GAP_MM;
}

static void draw_texts(
	struct page *p, struct box text, const struct badge_art *art, struct badge_art_report *out)
{
	struct box name;

	stack(p, &text, art->event, EVENT, out);
	/* the name must not push the organization off the badge */
	name = text;
	name.h = art->organization.len > 0 ? text.h * 0.6 : text.h;
	stack(p, &name, art->name, NAME, out);
	text.h -= name.y - text.y;
	text.y = name.y;
	stack(p, &text, art->organization, ORGANIZATION, out);
	stack(p, &text, art->title, TITLE, out);
	stack(p, &text, art->line, LINE, out);
}

bool badge_art_draw(struct page *p, struct box box, const struct badge_art *art, double distance_mm,
	struct badge_art_report *out, struct arena *a, struct err *e)
{
	bool wide = box.w > box.h;
	double wanted = qr_module_mm(distance_mm);
	double below = art->code.len > 0 ? CODE_TEXT_MM : 0;
	double room = wide ? box.h - PAD_MM - below : box.w - 2 * PAD_MM;
	struct box text = { box.x + PAD_MM, box.y + PAD_MM, 0, 0 };
	struct page_fit fit;
	struct qr qr;
	double x, y;

	*out = (struct badge_art_report){ 0 };
	/* half of the badge at most is the code's */
	if (room > 0.5 * (wide ? box.w : box.h))
		room = 0.5 * (wide ? box.w : box.h);
	if (!choose_code(&qr, &out->module_mm, art, room, wanted, a, e))
		return false;
	out->code_mm = out->module_mm * (qr.size + 2 * QR_QUIET);
	out->reads_mm = qr_reads_mm(out->module_mm);
	out->near = out->module_mm < wanted;
	x = wide ? box.x + box.w - out->code_mm : box.x + (box.w - out->code_mm) / 2;
	y = wide ? box.y + (box.h - out->code_mm - below) / 2
		 : box.y + box.h - out->code_mm - below;
	/* the quiet zone is white paper already: text may come as near as its edge */
	text.w = wide ? box.w - 2 * PAD_MM - out->code_mm + QR_QUIET * out->module_mm / 2
		      : box.w - 2 * PAD_MM;
	text.h = (wide ? box.y + box.h - PAD_MM : y) - text.y;
	draw_texts(p, text, art, out);
	page_qr(p, x, y, &qr, out->module_mm);
	if (art->code.len > 0) {
		double quiet = QR_QUIET * out->module_mm;
		struct box code = { x, y + out->code_mm - quiet / 2, out->code_mm, CODE_TEXT_MM };

		fit = page_text(p, code, art->code, &styles[CODE]);
		note_fit(out, &fit);
	}
	if (art->queue.len > 0) {
		struct box queue = { box.x + box.w - 22, box.y + PAD_MM / 2, 20, 6 };

		fit = page_text(p, queue, art->queue, &styles[QUEUE]);
		note_fit(out, &fit);
	}
	return true;
}
