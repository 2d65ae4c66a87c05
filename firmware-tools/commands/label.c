/* kith-badge label: badges one by one on a label printer, or as a PDF with a page each, or an SVG.
 */
#include <stdio.h>
#include <sysexits.h>

#include "core/base/config.h"
#include "core/print/printer.h"
#include "firmware-tools/command.h"
#include "firmware-tools/commands/badge_print.h"
#include "firmware-tools/options.h"

struct label {
	struct badge_print print;
	const char *out, *printer, *only;
	bool all;
};

static const struct option_row rows[] = {
	BADGE_PRINT_ROWS(struct label, print, "of the label in mm (100x62)"),
	{ "only", "ID", "the badge of one person in the list", offsetof(struct label, only),
		false },
	{ "all", NULL, "every badge of the list", offsetof(struct label, all), false },
	{ "printer", "NAME|URI", "a CUPS queue, or ipp://HOST/ipp/print",
		offsetof(struct label, printer), false },
	{ "out", "FILE", "write a PDF there instead, or an SVG of one", offsetof(struct label, out),
		false },
};

static bool wanted(const struct label *l, const struct attendee_row *row)
{
	struct id id;

	return l->all || (id_read(str_of(l->only), &id) && id_equal(id, row->badge));
}

static bool is_svg(const struct label *l)
{
	return l->out && str_ends(str_of(l->out), STR(".svg"));
}

static bool check(const struct label *l, struct err *e)
{
	struct id id;

	if (!l->printer == !l->out)
		return err_set(e, ERR_USAGE, "give either --printer or --out");
	if (l->all == (l->only != NULL))
		return err_set(e, ERR_USAGE, "give either --only with a badge's id, or --all");
	if (l->only && !id_read(str_of(l->only), &id))
		return err_set(e, ERR_USAGE, "--only takes a badge's id, as it stands in the list");
	if (l->out && !is_svg(l) && !str_ends(str_of(l->out), STR(".pdf")))
		return err_set(
			e, ERR_USAGE, "%.200s: the file's name ends in .pdf or .svg", l->out);
	if (l->all && is_svg(l))
		return err_set(e, ERR_USAGE, "an SVG has one label: give --only, or write a PDF");
	return true;
}

static bool draw(struct label *l, struct page *page, size_t *labels, struct arena *a, struct err *e)
{
	struct box box = { 0, 0, l->print.w_mm, l->print.h_mm };

	for (size_t i = 0; i < l->print.list.count; i++) {
		if (!wanted(l, &l->print.list.rows[i]))
			continue;
		if (*labels > 0)
			page_next(page);
		if (!badge_print_draw(&l->print, page, box, &l->print.list.rows[i], a, e))
			return false;
		++*labels;
	}
	return *labels > 0 || err_set(e, ERR_NOT_FOUND, "%s: nobody has the badge %.40s",
				      l->print.list_file, l->only);
}

static bool deliver(const struct label *l, struct bytes pdf, struct err *e)
{
	const struct printer_job job = { l->printer, "Kith badges", pdf, l->print.w_mm,
		l->print.h_mm };
	int id;

	if (l->out)
		return file_replace(l->out, pdf, 0644, e);
	if (!printer_send(&job, &id, e))
		return err_in(e, "%s", l->printer);
	printf("job %d at %s\n", id, l->printer);
	return true;
}

static bool make(struct label *l, struct arena *a, struct err *e)
{
	struct buf pdf = BUF_IN(a);
	struct page *page;
	size_t labels = 0;

	if (!check(l, e) || !badge_print_open(&l->print, "100x62", a, e) ||
		!page_open(&page, is_svg(l) ? PAGE_SVG : PAGE_PDF, l->print.w_mm, l->print.h_mm, e))
		return false;
	if (!draw(l, page, &labels, a, e)) {
		page_close(page);
		return false;
	}
	if (!page_finish(page, &pdf, e) || !deliver(l, buf_bytes(&pdf), e))
		return false;
	badge_print_summary(&l->print, labels, labels);
	return true;
}

static int run_label(int argc, char **argv, struct arena *a, struct err *e)
{
	const struct option_table table = OPTION_TABLE("label", rows, "", 0, 0);
	struct label l = { 0 };
	bool helped, ok;

	ok = options_read(&l, &table, argc, argv, &helped, e);
	if (ok && !helped)
		ok = make(&l, a, e);
	crypto_wipe(&l.print.key, sizeof(l.print.key));
	return ok ? 0 : err_exit_status(e->code);
}

const struct command command_label = {
	.name = "label",
	.usage = "--list FILE --only ID|--all --printer NAME|--out FILE",
	.help = "print badges on a label printer, by CUPS",
	.run = run_label,
};
