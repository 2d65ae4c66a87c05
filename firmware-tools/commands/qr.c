/* kith-badge qr: a text as a QR code, as SVG, PNG or PGM. */
#include <getopt.h>
#include <stdio.h>
#include <sysexits.h>

#include "core/base/config.h"
#include "core/base/limits.h"
#include "core/base/text.h"
#include "core/eye/qr_reach.h"
#include "core/tag/link.h"
#include "core/tag/short_code.h"
#include "firmware-tools/command.h"

enum { MODULE_PX = 8, STDIN_MAX = 16 << 10 /* more never fits a code */ };

struct qr_options {
	const char *out;
	enum qr_level level; /* where levelled; else the best that costs no room */
	bool levelled, explain;
	uint64_t distance_mm;
	uint32_t module_px;
};

static bool draw_pgm(
	struct buf *out, const struct qr *qr, uint32_t module_px, struct arena *a, struct err *e)
{
	struct image image;

	if (!qr_draw(&image, qr, module_px, a, e))
		return false;
	image_write_pgm(out, &image);
	return true;
}

static bool draw_png(
	struct buf *out, const struct qr *qr, uint32_t module_px, struct arena *a, struct err *e)
{
	struct image image;

	return qr_draw(&image, qr, module_px, a, e) && image_write_png(out, &image, e);
}

static bool draw_svg(
	struct buf *out, const struct qr *qr, uint32_t module_px, struct arena *a, struct err *e)
{
	(void)a, (void)e;
	qr_write_svg(out, qr, module_px);
	return true;
}

static const struct {
	const char *suffix;
	bool (*draw)(struct buf *out, const struct qr *qr, uint32_t module_px, struct arena *a,
		struct err *e);
} formats[] = {
	{ ".svg", draw_svg },
	{ ".png", draw_png },
	{ ".pgm", draw_pgm },
};

static bool qr_draw_as(struct buf *out, const struct qr *qr, const struct qr_options *options,
	struct arena *a, struct err *e)
{
	struct str name = options->out ? str_of(options->out) : STR(".svg");

	for (size_t i = 0; i < ARRAY_LEN(formats); i++)
		if (str_ends(name, str_of(formats[i].suffix)))
			return formats[i].draw(out, qr, options->module_px, a, e);
	return err_set(
		e, ERR_USAGE, "%s: the file's name ends in .svg, .png or .pgm", options->out);
}

static bool read_options(struct qr_options *out, int argc, char **argv, struct err *e)
{
	static const struct option options[] = {
		{ "out", required_argument, NULL, 'o' },
		{ "level", required_argument, NULL, 'l' },
		{ "module", required_argument, NULL, 'm' },
		{ "explain", no_argument, NULL, 'e' },
		{ "distance", required_argument, NULL, 'd' },
		{ NULL, 0, NULL, 0 },
	};
	uint64_t n;

	for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		switch (c) {
		case 'o':
			out->out = optarg;
			break;
		case 'l':
			if (!qr_level_read(str_of(optarg), &out->level))
				return err_set(e, ERR_USAGE, "--level is L, M, Q or H, not \"%s\"",
					optarg);
			out->levelled = true;
			break;
		case 'e':
			out->explain = true;
			break;
		case 'd':
			if (!str_u64(str_of(optarg), &out->distance_mm) ||
				out->distance_mm < QR_DISTANCE_MIN_MM ||
				out->distance_mm > QR_DISTANCE_MAX_MM)
				return err_set(e, ERR_USAGE,
					"--distance is %d to %d millimetres, not \"%s\"",
					QR_DISTANCE_MIN_MM, QR_DISTANCE_MAX_MM, optarg);
			out->explain = true;
			break;
		case 'm':
			if (!str_u64(str_of(optarg), &n) || n < 1 || n > QR_MODULE_PX_MAX)
				return err_set(e, ERR_USAGE,
					"--module is 1 to %d pixels, not \"%s\"", QR_MODULE_PX_MAX,
					optarg);
			out->module_px = (uint32_t)n;
			break;
		default:
			return err_set(e, ERR_USAGE, "kith-badge --help shows the options");
		}
	}
	if (optind + 1 != argc)
		return err_set(e, ERR_USAGE, "one text, or - to read it from standard input");
	return true;
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
	const struct qr *qr, enum qr_level level, size_t len, const struct qr_options *o, FILE *to)
{
	static const struct {
		char letter;
		int percent;
	} levels[] = { { 'L', 7 }, { 'M', 15 }, { 'Q', 25 }, { 'H', 30 } };
	struct qr_reach r = qr_reach_for(qr->size, (double)o->distance_mm);

	fprintf(to,
		"version %d, %u x %u modules: the smallest that holds these %zu bytes at level "
		"%c\n",
		qr->version, qr->size, qr->size, len, o->levelled ? levels[level].letter : 'M');
	fprintf(to, "level %c, %d percent of it may be lost: %s\n", levels[level].letter,
		levels[level].percent,
		o->levelled	     ? "as asked"
		: level > QR_LEVEL_M ? "M would do, and this needs no larger code"
				     : "more would need a larger code");
	fprintf(to, "modules of %.2f mm, %.0f mm with the quiet zone, for %.0f mm: %s\n",
		r.module_mm, r.width_mm, (double)o->distance_mm,
		r.all_mm > (double)o->distance_mm + 1
			? "smaller ones do not print well"
			: "a camera of 1280 pixels and 66 degrees sees 3 pixels of each");
	fprintf(to, "read up to %.0f mm by phones and other readers, up to %.0f mm by a kiosk\n",
		r.all_mm, r.eye_mm);
}

static bool make(const struct qr_options *options, const char *text, struct arena *a, struct err *e)
{
	struct bytes data = bytes_of(text, strlen(text));
	struct buf out = BUF_IN(a);
	enum qr_level level = options->level;
	FILE *words = options->out ? stdout : stderr;
	struct qr qr;

	if (strcmp(text, "-") == 0 && !read_stdin(&data, a, e))
		return false;
	if (!(options->levelled ? qr_make(&qr, data, level, a, e)
				: qr_make_sturdy(&qr, data, &level, a, e)) ||
		!qr_draw_as(&out, &qr, options, a, e))
		return false;
	tell_short_code(data, words);
	if (options->explain)
		explain(&qr, level, data.len, options, words);
	if (options->out)
		return file_replace(options->out, buf_bytes(&out), 0644, e);
	if (fwrite(out.p, 1, out.len, stdout) != out.len || fflush(stdout) != 0)
		return err_errno(e, "standard output");
	return true;
}

static int run_qr(int argc, char **argv, struct arena *a, struct err *e)
{
	struct qr_options options = {
		.level = QR_LEVEL_M, .module_px = MODULE_PX, .distance_mm = QR_DISTANCE_MM
	};

	if (!read_options(&options, argc, argv, e) || !make(&options, argv[optind], a, e))
		return err_exit_status(e->code);
	return 0;
}

const struct command command_qr = {
	.name = "qr",
	.usage = "[--out FILE] [--level L|M|Q|H] [--module PX] [--explain] [--distance MM] TEXT|-",
	.help = "draw a text as a QR code (.svg, .png, .pgm)",
	.run = run_qr,
};
