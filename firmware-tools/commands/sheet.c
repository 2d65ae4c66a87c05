/* kith-badge sheet: the badges of a list on paper, to be cut. */
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

#include "core/base/config.h"
#include "firmware-tools/command.h"
#include "firmware-tools/commands/badge_print.h"
#include "firmware-tools/options.h"

#define CUT_MM	 4.0  /* length of a cutting mark */
#define CUT_LINE 0.15 /* its width */

struct sheet {
	struct badge_print print;
	const char *out, *paper, *queues;
	bool no_marks;
	double paper_w, paper_h;
	size_t columns, rows;
	double left, top; /* of the first badge */
};

static const struct option_row rows[] = {
	BADGE_PRINT_ROWS(struct sheet, print, "of a badge in mm (90x55)"),
	{ "out", "FILE", "the sheet: .pdf, or .svg (one file a page)", offsetof(struct sheet, out),
		true },
	{ "paper", "a4|letter", "of the sheet (a4)", offsetof(struct sheet, paper), false },
	{ "queues", "N", "desks that hand badges out, by surname: print each badge's letters",
		offsetof(struct sheet, queues), false },
	{ "no-marks", NULL, "without cutting marks", offsetof(struct sheet, no_marks), false },
};

static bool read_paper(struct sheet *s, struct err *e)
{
	static const struct {
		const char *name;
		double w, h;
	} papers[] = { { "a4", 210, 297 }, { "letter", 215.9, 279.4 } };

	for (size_t i = 0; i < ARRAY_LEN(papers); i++) {
		if (strcmp(s->paper ? s->paper : "a4", papers[i].name) != 0)
			continue;
		s->paper_w = papers[i].w;
		s->paper_h = papers[i].h;
		return true;
	}
	return err_set(e, ERR_USAGE, "--paper is a4 or letter, not \"%.40s\"", s->paper);
}

/* As many as fit, in the middle of the paper, with room for the marks around them. */
static bool lay_out(struct sheet *s, struct err *e)
{
	double room_w = s->paper_w - 2 * CUT_MM, room_h = s->paper_h - 2 * CUT_MM;

	s->columns = (size_t)(room_w / s->print.w_mm);
	s->rows = (size_t)(room_h / s->print.h_mm);
	if (s->columns == 0 || s->rows == 0)
		return err_set(e, ERR_USAGE,
			"a badge of %.0f x %.0f mm is larger than the paper (%.0f x %.0f mm)",
			s->print.w_mm, s->print.h_mm, room_w, room_h);
	s->left = (s->paper_w - (double)s->columns * s->print.w_mm) / 2;
	s->top = (s->paper_h - (double)s->rows * s->print.h_mm) / 2;
	return true;
}

static bool read_queues(struct sheet *s, struct arena *a, struct err *e)
{
	struct badge_print *p = &s->print;
	struct str *surnames;
	uint64_t desks;
	size_t n;

	if (!s->queues)
		return true;
	if (!str_u64(str_of(s->queues), &desks) || desks < 1 || desks > QUEUES_MAX)
		return err_set(
			e, ERR_USAGE, "--queues takes a number of desks, 1 to %d", QUEUES_MAX);
	surnames = ARENA_ARRAY(a, p->list.count, struct str);
	for (size_t i = 0; i < p->list.count; i++)
		surnames[i] = p->list.rows[i].surname;
	p->queue_of = ARENA_ARRAY(a, p->list.count, size_t);
	n = queues_split(p->queues, p->queue_of, surnames, p->list.count, (size_t)desks, a);
	for (size_t i = 0; i < n; i++)
		printf("desk %zu\t" STR_FMT "\t%zu badges\n", i + 1, STR_ARG(p->queues[i].label),
			p->queues[i].people);
	return true;
}

/* Short lines outside the badges, at each edge. */
static void draw_marks(const struct sheet *s, struct page *page)
{
	double right = s->left + (double)s->columns * s->print.w_mm;
	double bottom = s->top + (double)s->rows * s->print.h_mm;

	for (size_t i = 0; i <= s->columns; i++) {
		double x = s->left + (double)i * s->print.w_mm;

		page_line(page, x, s->top - CUT_MM, x, s->top - 1, CUT_LINE);
		page_line(page, x, bottom + 1, x, bottom + CUT_MM, CUT_LINE);
	}
	for (size_t i = 0; i <= s->rows; i++) {
		double y = s->top + (double)i * s->print.h_mm;

		page_line(page, s->left - CUT_MM, y, s->left - 1, y, CUT_LINE);
		page_line(page, right + 1, y, right + CUT_MM, y, CUT_LINE);
	}
}

static bool draw_page(
	struct sheet *s, struct page *page, size_t first, struct arena *a, struct err *e)
{
	if (!s->no_marks)
		draw_marks(s, page);
	for (size_t i = 0; i < s->columns * s->rows && first + i < s->print.list.count; i++) {
		size_t column = i % s->columns, row = i / s->columns;
		struct box box = { s->left + (double)column * s->print.w_mm,
			s->top + (double)row * s->print.h_mm, s->print.w_mm, s->print.h_mm };

		if (!badge_print_draw(&s->print, page, box, &s->print.list.rows[first + i], a, e))
			return false;
	}
	return true;
}

static bool save(struct page *page, const char *path, struct arena *a, struct err *e)
{
	struct buf out = BUF_IN(a);

	return page_finish(page, &out, e) && file_replace(path, buf_bytes(&out), 0644, e);
}

/* "badges.svg" is page 1 of one, else "badges-1.svg" and so on. */
static const char *page_path(const struct sheet *s, size_t number, size_t pages, struct arena *a)
{
	struct str path = str_of(s->out);

	if (pages == 1)
		return s->out;
	return arena_printf(a, STR_FMT "-%zu.svg", STR_ARG(str_sub(path, 0, path.len - 4)), number)
		.p;
}

static bool draw_svgs(struct sheet *s, size_t pages, struct arena *a, struct err *e)
{
	size_t each = s->columns * s->rows;

	for (size_t i = 0; i < pages; i++) {
		struct page *page;

		if (!page_open(&page, PAGE_SVG, s->paper_w, s->paper_h, e))
			return false;
		if (!draw_page(s, page, i * each, a, e)) {
			page_close(page);
			return false;
		}
		if (!save(page, page_path(s, i + 1, pages, a), a, e))
			return false;
	}
	return true;
}

static bool draw_pdf(struct sheet *s, size_t pages, struct arena *a, struct err *e)
{
	size_t each = s->columns * s->rows;
	struct page *page;

	if (!page_open(&page, PAGE_PDF, s->paper_w, s->paper_h, e))
		return false;
	for (size_t i = 0; i < pages; i++) {
		if (i > 0)
			page_next(page);
		if (!draw_page(s, page, i * each, a, e)) {
			page_close(page);
			return false;
		}
	}
	return save(page, s->out, a, e);
}

static bool make(struct sheet *s, struct arena *a, struct err *e)
{
	bool svg = str_ends(str_of(s->out), STR(".svg"));
	size_t each, pages;

	if (!svg && !str_ends(str_of(s->out), STR(".pdf")))
		return err_set(
			e, ERR_USAGE, "%.200s: the file's name ends in .pdf or .svg", s->out);
	if (!read_paper(s, e) || !badge_print_open(&s->print, "90x55", a, e) || !lay_out(s, e) ||
		!read_queues(s, a, e))
		return false;
	each = s->columns * s->rows;
	pages = (s->print.list.count + each - 1) / each;
	if (svg ? !draw_svgs(s, pages, a, e) : !draw_pdf(s, pages, a, e))
		return false;
	badge_print_summary(&s->print, s->print.list.count, pages);
	return true;
}

static int run_sheet(int argc, char **argv, struct arena *a, struct err *e)
{
	const struct option_table table = OPTION_TABLE("sheet", rows, "", 0, 0);
	struct sheet s = { 0 };
	bool helped, ok;

	ok = options_read(&s, &table, argc, argv, &helped, e);
	if (ok && !helped)
		ok = make(&s, a, e);
	crypto_wipe(&s.print.key, sizeof(s.print.key));
	return ok ? 0 : err_exit_status(e->code);
}

const struct command command_sheet = {
	.name = "sheet",
	.usage = "--list FILE --out FILE [OPTION...]",
	.help = "print the badges of a list on sheets (PDF, SVG)",
	.run = run_sheet,
};
