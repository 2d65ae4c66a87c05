#include "core/print/page.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <math.h>
#include <pango/pangocairo.h>

struct page {
	enum page_format format;
	cairo_surface_t *surface;
	cairo_t *cairo;
	PangoLayout *layout;
	struct arena arena;
	struct buf bytes;
};

enum { POINTS_PER_INCH = 72 };
#define MM_PER_INCH 25.4
#define STEP_PT	    0.5
#define SLACK_MM    0.01

/* Noto has a font for nearly every script; the others are what else a machine may have. */
static const char family[] = "Noto Sans, Noto Sans CJK SC, DejaVu Sans, sans-serif";

static double points(double mm)
{
	return mm * POINTS_PER_INCH / MM_PER_INCH;
}

static double millimetres(double pt)
{
	return pt * MM_PER_INCH / POINTS_PER_INCH;
}

static cairo_status_t take(void *context, const unsigned char *data, unsigned length)
{
	struct buf *out = context;

	buf_add(out, bytes_of(data, length));
	return buf_ok(out) ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

/* On paper a letter stands where its font wants it, not where a screen has a pixel. */
static void set_exact(struct page *p)
{
	PangoContext *context = pango_layout_get_context(p->layout);
	cairo_font_options_t *options = cairo_font_options_create();

	cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	pango_cairo_context_set_font_options(context, options);
	pango_context_set_round_glyph_positions(context, FALSE);
	pango_layout_context_changed(p->layout);
	cairo_font_options_destroy(options);
}

bool page_open(struct page **out, enum page_format format, double w_mm, double h_mm, struct err *e)
{
	struct page *p = calloc(1, sizeof(*p));

	if (!p)
		return err_set(e, ERR_INTERNAL, "no memory for a page");
	p->format = format;
	p->bytes = BUF_IN(&p->arena);
	if (format == PAGE_PDF) {
		p->surface = cairo_pdf_surface_create_for_stream(
			take, &p->bytes, points(w_mm), points(h_mm));
	} else {
		p->surface = cairo_svg_surface_create_for_stream(
			take, &p->bytes, points(w_mm), points(h_mm));
		cairo_svg_surface_set_document_unit(p->surface, CAIRO_SVG_UNIT_PT);
	}
	p->cairo = cairo_create(p->surface);
	p->layout = pango_cairo_create_layout(p->cairo);
	set_exact(p);
	if (cairo_status(p->cairo) != CAIRO_STATUS_SUCCESS || !p->layout) {
		err_set(e, ERR_INTERNAL, "page: %s",
			cairo_status_to_string(cairo_status(p->cairo)));
		page_close(p);
		return false;
	}
	*out = p;
	return true;
}

void page_next(struct page *p)
{
	cairo_show_page(p->cairo);
}

static void set_size(struct page *p, const struct page_style *style, double size_pt)
{
	PangoFontDescription *font = pango_font_description_from_string(family);

	pango_font_description_set_weight(
		font, style->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
	pango_font_description_set_absolute_size(font, size_pt * PANGO_SCALE);
	pango_layout_set_font_description(p->layout, font);
	pango_font_description_free(font);
}

static double height_of(struct page *p)
{
	PangoRectangle logical;

	pango_layout_get_extents(p->layout, NULL, &logical);
	return millimetres((double)logical.height / PANGO_SCALE);
}

/* From the wanted size down to least_pt, until the text has at most that many lines. */
static bool shrink(struct page *p, struct box box, const struct page_style *style, int lines,
	double least_pt, struct page_fit *out)
{
	for (int step = 0; style->size_pt - step * STEP_PT >= least_pt; step++) {
		double size = style->size_pt - step * STEP_PT;
		PangoRectangle logical;

		set_size(p, style, size);
		out->size_pt = size;
		pango_layout_get_extents(p->layout, NULL, &logical);
		if (pango_layout_get_line_count(p->layout) <= lines &&
			millimetres((double)logical.height / PANGO_SCALE) <= box.h + SLACK_MM &&
			millimetres((double)logical.width / PANGO_SCALE) <= box.w + SLACK_MM)
			return true;
	}
	return false;
}

/*
 * From the wanted size down. A word is never broken while a smaller size keeps it whole; at the
 * least size it may be, and then an ellipsis says that something is missing.
 */
static void fit(
	struct page *p, struct box box, const struct page_style *style, struct page_fit *out)
{
	pango_layout_set_height(p->layout, -1);
	pango_layout_set_ellipsize(p->layout, PANGO_ELLIPSIZE_NONE);
	pango_layout_set_wrap(p->layout, PANGO_WRAP_WORD);
	/* a somewhat smaller single line reads better than two */
	if (shrink(p, box, style, 1, style->size_pt * 0.75, out) ||
		shrink(p, box, style, style->lines, style->least_pt, out))
		return;
	pango_layout_set_wrap(p->layout, PANGO_WRAP_WORD_CHAR);
	pango_layout_set_height(p->layout, -style->lines);
	pango_layout_set_ellipsize(p->layout, PANGO_ELLIPSIZE_END);
	out->cut = pango_layout_is_ellipsized(p->layout);
}

struct page_fit page_text(
	struct page *p, struct box box, struct str text, const struct page_style *style)
{
	struct page_fit out = { .size_pt = style->size_pt };

	if (text.len == 0)
		return out;
	pango_layout_set_text(p->layout, text.p, (int)text.len);
	pango_layout_set_width(p->layout, (int)(points(box.w) * PANGO_SCALE));
	pango_layout_set_alignment(
		p->layout, style->align == PAGE_CENTER ? PANGO_ALIGN_CENTER : PANGO_ALIGN_LEFT);
	fit(p, box, style, &out);
	out.used_mm = height_of(p);
	out.missing = pango_layout_get_unknown_glyphs_count(p->layout) > 0;
	cairo_set_source_rgb(p->cairo, style->gray, style->gray, style->gray);
	cairo_move_to(p->cairo, points(box.x), points(box.y));
	pango_cairo_show_layout(p->cairo, p->layout);
	return out;
}

void page_qr(struct page *p, double x_mm, double y_mm, const struct qr *qr, double module_mm)
{
	double x = points(x_mm), y = points(y_mm), module = points(module_mm);

	for (uint32_t row = 0; row < qr->size; row++) {
		const uint8_t *dark = qr->dark + (size_t)row * qr->size;

		for (uint32_t from = 0, to; from < qr->size; from = to + 1) {
			for (to = from; to < qr->size && dark[to]; to++)
				;
			if (to > from)
				cairo_rectangle(p->cairo, x + (from + QR_QUIET) * module,
					y + (row + QR_QUIET) * module, (to - from) * module,
					module);
		}
	}
	/* one path: no hairlines between rows that touch */
	cairo_set_source_rgb(p->cairo, 0, 0, 0);
	cairo_fill(p->cairo);
}

void page_line(struct page *p, double x0, double y0, double x1, double y1, double width_mm)
{
	cairo_set_source_rgb(p->cairo, 0.6, 0.6, 0.6);
	cairo_set_line_width(p->cairo, points(width_mm));
	cairo_move_to(p->cairo, points(x0), points(y0));
	cairo_line_to(p->cairo, points(x1), points(y1));
	cairo_stroke(p->cairo);
}

bool page_finish(struct page *p, struct buf *out, struct err *e)
{
	cairo_status_t status;
	bool ok;

	cairo_show_page(p->cairo);
	cairo_surface_finish(p->surface);
	status = cairo_surface_status(p->surface);
	ok = status == CAIRO_STATUS_SUCCESS && cairo_status(p->cairo) == CAIRO_STATUS_SUCCESS;
	if (ok)
		buf_add(out, buf_bytes(&p->bytes));
	else
		err_set(e, ERR_INTERNAL, "page: %s", cairo_status_to_string(status));
	page_close(p);
	return ok && (buf_ok(out) || err_set(e, ERR_TOO_LARGE, "the document is too large"));
}

void page_close(struct page *p)
{
	if (!p)
		return;
	if (p->layout)
		g_object_unref(p->layout);
	cairo_destroy(p->cairo);
	cairo_surface_destroy(p->surface);
	arena_finish(&p->arena);
	free(p);
}
