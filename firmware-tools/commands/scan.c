/* kith-badge scan: the codes in pictures, one line each. */
#include <limits.h>
#include <stdio.h>
#include <sysexits.h>

#include "core/base/config.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/card/charset.h"
#include "core/eye/jail.h"
#include "firmware-tools/command.h"
#include "firmware-tools/options.h"

struct job {
	bool first, json;
};

static const struct option_row rows[] = {
	{ "first", NULL, "stop at the first read of each picture", offsetof(struct job, first),
		false },
	{ "json", NULL, "print a line of JSON for each code", offsetof(struct job, json), false },
};

static void print_line(
	struct buf *line, const char *file, const struct eye_code *code, struct arena *a)
{
	buf_add_str(line, str_of(file));
	buf_add_char(line, '\t');
	escape_write(line, str_bytes(charset_code_text(code->data, a)));
}

static void print_json(
	struct buf *line, const char *file, const struct eye_code *code, struct arena *a)
{
	struct json_writer w = JSON_TO(line);

	json_open(&w, NULL, '{');
	json_str(&w, "file", text_from_bytes(a, bytes_of(file, strlen(file))));
	json_str(&w, "text", charset_code_text(code->data, a));
	json_open(&w, "corners", '[');
	for (size_t i = 0; i < 4; i++)
		json_raw(&w, NULL,
			arena_printf(a, "[%.1f,%.1f]", (double)code->corners[i].x,
				(double)code->corners[i].y));
	json_close(&w, ']');
	json_str(&w, "engine", str_of(code->engine));
	json_str(&w, "pass", str_of(code->pass));
	json_raw(&w, "ms", arena_printf(a, "%.1f", (double)code->ms));
	json_close(&w, '}');
}

static bool scan_file(struct jail *jail, const char *path, const struct job *j, struct err *e)
{
	struct arena a = { 0 };
	struct eye_codes codes = { 0 };
	struct bytes file;
	bool ok = file_read(&file, path, LIMIT_IMAGE_BYTES, &a, e) &&
		  (jail_read_file(
			   jail, file, j->first ? EYE_FIRST : EYE_ALL, JAIL_STILL_MS, &codes, e) ||
			  err_in(e, "%s", path));

	for (size_t i = 0; ok && i < codes.count; i++) {
		struct buf line = BUF_IN(&a);

		(j->json ? print_json : print_line)(&line, path, &codes.code[i], &a);
		buf_add_char(&line, '\n');
		fwrite(line.p, 1, line.len, stdout);
	}
	fflush(stdout);
	arena_finish(&a);
	return ok;
}

static int run_scan(int argc, char **argv, struct arena *a, struct err *e)
{
	const struct option_table table = OPTION_TABLE("scan", rows, "IMAGE...", 1, INT_MAX);
	struct job j = { 0 };
	struct jail *jail = NULL;
	bool helped;
	int status = 0;

	(void)a;
	if (!options_read(&j, &table, argc, argv, &helped, e) || helped)
		return err_exit_status(e->code);
	if (!jail_open(&jail, e))
		return EX_SOFTWARE;
	/* a file that is no image stops nothing: the others are read all the same */
	for (char **file = argv + 1; *file; file++) {
		struct err bad = { 0 };

		if (!scan_file(jail, *file, &j, &bad)) {
			fprintf(stderr, "kith-badge scan: %s\n", bad.text);
			status = 1;
		}
	}
	jail_close(jail);
	return status;
}

const struct command command_scan = {
	.name = "scan",
	.usage = "[--first] [--json] IMAGE...",
	.help = "print the QR codes in pictures",
	.run = run_scan,
};
