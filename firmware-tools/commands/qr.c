/* kith-badge qr: a text as a QR code, as PDF, SVG, PNG or PGM. */
#include <stdio.h>

#include "core/base/config.h"
#include "core/base/limits.h"
#include "core/base/text.h"
#include "core/eye/qr_reach.h"
#include "core/print/page.h"
#include "core/tag/link.h"
#include "core/tag/short_code.h"
#include "firmware-tools/command.h"
#include "firmware-tools/options.h"

enum { MODULE_PX = 8, STDIN_MAX = 16 << 10 /* more never fits a code */ };

struct job {
	const char *out, *level_word, *module, *distance;
	bool explain;
	enum qr_level level; /* where it was asked for; else the best that costs no room */
	uint64_t distance_mm, module_px;
};

static const struct option_row rows[] = {
	{ "out", "FILE", "ends in .pdf, .svg, .png or .pgm (SVG, to standard output)",
		offsetof(struct job, out), false },
	{ "level", "L|M|Q|H", "how much of it may be lost (M, or more at no cost)",
		offsetof(struct job, level_word), false },
	{ "module", "PX", "pixels a module of pictures, 1 to 64 (8)", offsetof(struct job, module),
		false },
	{ "explain", NULL, "say why the code is as it is", offsetof(struct job, explain), false },
	{ "distance", "MM", "from where it is to be read: the size of a PDF; explains (250)",
		offsetof(struct job, distance), false },
};

static bool draw_pgm(
	struct buf *out, const struct qr *qr, const struct job *j, struct arena *a, struct err *e)
{
	struct image image;

	if (!qr_draw(&image, qr, (uint32_t)j->module_px, a, e))
		return false;
	image_write_pgm(out, &image);
	return true;
}

static bool draw_png(
	struct buf *out, const struct qr *qr, const struct job *j, struct arena *a, struct err *e)
{
	struct image image;

	return qr_draw(&image, qr, (uint32_t)j->module_px, a, e) && image_write_png(out, &image, e);
}

static bool draw_svg(
	struct buf *out, const struct qr *qr, const struct job *j, struct arena *a, struct err *e)
{
	(void)a, (void)e;
	qr_write_svg(out, qr, (uint32_t)j->module_px);
	return true;
}

/* Paper has a size: the one that is read from the distance. */
static bool draw_pdf(
	struct buf *out, const struct qr *qr, const struct job *j, struct arena *a, struct err *e)
{
	struct qr_reach reach = qr_reach_for(qr->size, (double)j->distance_mm);
	struct page *page;

	(void)a;
	if (!page_open(&page, PAGE_PDF, reach.width_mm, reach.width_mm, e))
		return false;
	page_qr(page, 0, 0, qr, reach.module_mm);
	return page_finish(page, out, e);
}

static const struct {
	const char *suffix;
	bool (*draw)(struct buf *out, const struct qr *qr, const struct job *j, struct arena *a,
		struct err *e);
} formats[] = {
	{ ".pdf", draw_pdf },
	{ ".svg", draw_svg },
	{ ".png", draw_png },
	{ ".pgm", draw_pgm },
};

static bool draw(
	struct buf *out, const struct qr *qr, const struct job *j, struct arena *a, struct err *e)
{
	struct str name = j->out ? str_of(j->out) : STR(".svg");

	for (size_t i = 0; i < ARRAY_LEN(formats); i++)
		if (str_ends(name, str_of(formats[i].suffix)))
			return formats[i].draw(out, qr, j, a, e);
	return err_set(
		e, ERR_USAGE, "%.200s: the file's name ends in .pdf, .svg, .png or .pgm", j->out);
}

/* A number of an option, within its bounds. */
static bool read_number(uint64_t *out, const char *text, const char *name, uint64_t least,
	uint64_t most, struct err *e)
{
	if (!text || (str_u64(str_of(text), out) && *out >= least && *out <= most))
		return true;
	return err_set(e, ERR_USAGE, "--%s is %llu to %llu, not \"%.40s\"", name,
		(unsigned long long)least, (unsigned long long)most, text);
}

static bool prepare(struct job *j, struct err *e)
{
	j->level = QR_LEVEL_M;
	j->module_px = MODULE_PX;
	j->distance_mm = QR_DISTANCE_MM;
	j->explain = j->explain || j->distance;
	if (j->level_word && !qr_level_read(str_of(j->level_word), &j->level))
		return err_set(
			e, ERR_USAGE, "--level is L, M, Q or H, not \"%.40s\"", j->level_word);
	return read_number(&j->module_px, j->module, "module", 1, QR_MODULE_PX_MAX, e) &&
	       read_number(&j->distance_mm, j->distance, "distance", QR_DISTANCE_MIN_MM,
		       QR_DISTANCE_MAX_MM, e);
}

/* /dev/stdin cannot be opened where it is a socket, so it is read as it stands. */
static bool read_stdin(struct bytes *out, struct arena *a, struct err *e)
{
	struct buf b = BUF_IN(a);
	uint8_t chunk[4096];
	size_t n;

	while ((n = fread(chunk, 1, sizeof(chunk), stdin)) > 0 && b.len <= STDIN_MAX)
		buf_add(&b, bytes_of(chunk, n));
	if (ferror(stdin))
		return err_errno(e, "standard input");
	*out = buf_bytes(&b);
	return true;
}

/* What people type where no camera helps: it belongs under a badge's code. */
static void tell_short_code(struct bytes data, FILE *to)
{
	struct short_code code;
	struct link link;
	struct str text;

	if (!utf8_check(data, &text) || link_read(text, &link) != LINK_BADGE)
		return;
	code = short_code_of(link.id);
	fprintf(to, "short code %.5s-%.5s\n", code.s, code.s + 5);
}

static void explain(
	const struct qr *qr, enum qr_level level, size_t len, const struct job *j, FILE *to)
{
	static const struct {
		char letter;
		int percent;
	} levels[] = { { 'L', 7 }, { 'M', 15 }, { 'Q', 25 }, { 'H', 30 } };
	struct qr_reach r = qr_reach_for(qr->size, (double)j->distance_mm);

	fprintf(to,
		"version %d, %u x %u modules: the smallest that holds these %zu bytes at level "
		"%c\n",
		qr->version, qr->size, qr->size, len, j->level_word ? levels[level].letter : 'M');
	fprintf(to, "level %c, %d percent of it may be lost: %s\n", levels[level].letter,
		levels[level].percent,
		j->level_word	     ? "as asked"
		: level > QR_LEVEL_M ? "M would do, and this needs no larger code"
				     : "more would need a larger code");
	fprintf(to, "modules of %.2f mm, %.0f mm with the quiet zone, for %.0f mm: %s\n",
		r.module_mm, r.width_mm, (double)j->distance_mm,
		r.all_mm > (double)j->distance_mm + 1
			? "smaller ones do not print well"
			: "a camera of 1280 pixels and 66 degrees sees 3 pixels of each");
	fprintf(to, "read up to %.0f mm by phones and other readers, up to %.0f mm by a kiosk\n",
		r.all_mm, r.eye_mm);
}

static bool make(const struct job *j, const char *text, struct arena *a, struct err *e)
{
	struct bytes data = bytes_of(text, strlen(text));
	struct buf out = BUF_IN(a);
	enum qr_level level = j->level;
	FILE *words = j->out ? stdout : stderr;
	struct qr qr;

	if (strcmp(text, "-") == 0 && !read_stdin(&data, a, e))
		return false;
	if (!(j->level_word ? qr_make(&qr, data, level, a, e)
			    : qr_make_sturdy(&qr, data, &level, a, e)) ||
		!draw(&out, &qr, j, a, e))
		return false;
	tell_short_code(data, words);
	if (j->explain)
		explain(&qr, level, data.len, j, words);
	if (j->out)
		return file_replace(j->out, buf_bytes(&out), 0644, e);
	if (fwrite(out.p, 1, out.len, stdout) != out.len || fflush(stdout) != 0)
		return err_errno(e, "standard output");
	return true;
}

static int run_qr(int argc, char **argv, struct arena *a, struct err *e)
{
	const struct option_table table = OPTION_TABLE("qr", rows, "TEXT|-", 1, 1);
	struct job j = { 0 };
	bool helped;

	if (!options_read(&j, &table, argc, argv, &helped, e) ||
		(!helped && (!prepare(&j, e) || !make(&j, argv[1], a, e))))
		return err_exit_status(e->code);
	return 0;
}

const struct command command_qr = {
	.name = "qr",
	.usage = "[--out FILE] [--level L|M|Q|H] [--module PX] [--explain] [--distance MM] TEXT|-",
	.help = "draw a text as a QR code (.pdf, .svg, .png, .pgm)",
	.run = run_qr,
};
