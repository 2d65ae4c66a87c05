/*
 * bench-eye: the pictures of a folder before each reader, for tests/bench/eye.mjs, which judges.
 *
 *	bench-eye [-g GRAY_DIR] [-r ROUNDS] [-o READER] [-p] FILE...
 *
 * A line for each picture and reader: file, width, height, reader, CPU seconds (the least of the
 * rounds), then for each code: its bytes in hex, its centre, who read it, and its text, in hex
 * too. At the end "# memory", the bytes that the eye holds and how many it may. -o: one reader
 * alone; -p: each pass of the eye alone. With -g each picture's gray pixels go to GRAY_DIR/N, N its
 * number from 0, for other readers.
 */
#include <getopt.h>
#include <stdio.h>
#include <sysexits.h>

#include "core/base/config.h"
#include "core/base/text.h"
#include "core/card/charset.h"
#include "core/eye/eye.h"

enum { CODES_MAX = 512 };

struct bench {
	struct eye *eye;
	void *zbar, *zxing;
	struct image image;
	uint8_t *packed; /* the picture in rows without gaps */
	struct arena arena;
	struct buf codes; /* of the reader at work, as columns */
	size_t pass;
	size_t most; /* pixels of the largest picture */
};

static double cpu_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void add_code(struct bench *b, struct bytes data, const struct eye_point corners[4],
	const char *engine, const char *pass)
{
	float x = 0, y = 0;

	for (size_t i = 0; i < 4; i++) {
		x += corners[i].x / 4;
		y += corners[i].y / 4;
	}
	buf_printf(&b->codes, "\t");
	hex_write(&b->codes, data);
	buf_printf(&b->codes, ",%.0f,%.0f,%s:%s,", (double)x, (double)y, engine, pass);
	hex_write(&b->codes, str_bytes(charset_code_text(data, &b->arena)));
}

static void on_found(void *context, struct bytes data, const struct eye_point corners[4])
{
	add_code(context, data, corners, "", "");
}

static void read_zbar(struct bench *b)
{
	engine_zbar.scan(b->zbar, b->packed, b->image.width, b->image.height, on_found, b);
}

static void read_zxing(struct bench *b)
{
	if (engine_zxing.scan)
		engine_zxing.scan(
			b->zxing, b->packed, b->image.width, b->image.height, on_found, b);
}

static void read_eye(struct bench *b, enum eye_mode mode)
{
	struct eye_codes codes = { 0 };
	struct err e = { 0 };

	if (!eye_read(b->eye, &b->image, mode, &codes, &e)) {
		fprintf(stderr, "bench-eye: %s\n", e.text);
		return;
	}
	for (size_t i = 0; i < codes.count; i++)
		add_code(b, codes.code[i].data, codes.code[i].corners, codes.code[i].engine,
			codes.code[i].pass);
}

static void read_first(struct bench *b)
{
	read_eye(b, EYE_FIRST);
}

static void read_all(struct bench *b)
{
	read_eye(b, EYE_ALL);
}

static void read_glance(struct bench *b)
{
	read_eye(b, EYE_GLANCE);
}

static void read_pass(struct bench *b)
{
	struct eye_codes codes = { 0 };
	struct err e = { 0 };

	if (!eye_read_pass(b->eye, &b->image, b->pass, &codes, &e))
		fprintf(stderr, "bench-eye: %s\n", e.text);
	for (size_t i = 0; i < codes.count; i++)
		add_code(b, codes.code[i].data, codes.code[i].corners, codes.code[i].engine,
			codes.code[i].pass);
}

static const struct {
	const char *name;
	void (*read)(struct bench *b);
} readers[] = {
	{ "zbar", read_zbar },
	{ "zxing", read_zxing },
	{ "kith", read_first },
	{ "kith-all", read_all },
	{ "kith-glance", read_glance },
};

/* The least CPU time of the rounds, and what was read. */
static void measure(struct bench *b, const char *path, const char *name,
	void (*read)(struct bench *b), int rounds)
{
	double least = 0;

	for (int r = 0; r < rounds; r++) {
		double began = cpu_s(), took;

		b->codes = BUF_IN(&b->arena);
		read(b);
		took = cpu_s() - began;
		least = r == 0 || took < least ? took : least;
	}
	printf("%s\t%u\t%u\t%s\t%.6f", path, b->image.width, b->image.height, name, least);
	fwrite(b->codes.p, 1, b->codes.len, stdout);
	printf("\n");
}

static bool bench_file(struct bench *b, const char *path, const char *gray, size_t number,
	int rounds, const char *only, bool passes, struct err *e)
{
	static struct image_store store;
	struct bytes file;
	size_t pixels;

	arena_reset(&b->arena);
	if (!file_read(&file, path, LIMIT_IMAGE_BYTES, &b->arena, e) ||
		!image_read(&b->image, file, &store, e))
		return err_in(e, "%s", path);
	pixels = (size_t)b->image.width * b->image.height;
	b->most = pixels > b->most ? pixels : b->most;
	b->packed = arena_alloc(&b->arena, pixels);
	for (uint32_t y = 0; y < b->image.height; y++)
		memcpy(b->packed + (size_t)y * b->image.width,
			b->image.pixels + b->image.stride * y, b->image.width);
	if (gray) {
		struct str to = arena_printf(&b->arena, "%s/%zu", gray, number);

		if (!file_replace(to.p, bytes_of(b->packed, pixels), 0600, e))
			return false;
	}
	for (size_t i = 0; i < ARRAY_LEN(readers); i++)
		if (!only || strcmp(only, readers[i].name) == 0)
			measure(b, path, readers[i].name, readers[i].read, rounds);
	for (b->pass = 0; passes && eye_pass_name(b->pass); b->pass++)
		measure(b, path, eye_pass_name(b->pass), read_pass, rounds);
	fflush(stdout);
	return true;
}

int main(int argc, char **argv)
{
	struct bench b = { 0 };
	struct err e = { 0 };
	const char *gray = NULL, *only = NULL;
	int rounds = 1, status = 0;
	bool passes = false;

	for (int c; (c = getopt(argc, argv, "g:r:o:p")) != -1;) {
		if (c == 'g')
			gray = optarg;
		else if (c == 'o')
			only = optarg;
		else if (c == 'p')
			passes = true;
		else if (c == 'r')
			rounds = (int)strtol(optarg, NULL, 10);
		else
			return EX_USAGE;
	}
	if (!eye_open(&b.eye, &e) || !engine_zbar.open(&b.zbar, &e) ||
		!engine_zxing.open(&b.zxing, &e)) {
		fprintf(stderr, "bench-eye: %s\n", e.text);
		return EX_SOFTWARE;
	}
	for (int i = optind; i < argc; i++)
		if (!bench_file(
			    &b, argv[i], gray, (size_t)(i - optind), rounds, only, passes, &e)) {
			fprintf(stderr, "bench-eye: %s\n", e.text);
			status = 1;
		}
	printf("# memory\t%zu\t%zu\n", eye_memory(b.eye), EYE_MEMORY_LEAST + 2 * b.most);
	engine_zxing.close(b.zxing);
	engine_zbar.close(b.zbar);
	eye_close(b.eye);
	arena_finish(&b.arena);
	return status;
}
