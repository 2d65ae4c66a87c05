#include "core/eye/image.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>
#include <jerror.h>
#include <png.h>

void image_store_finish(struct image_store *store)
{
	free(store->pixels);
	*store = (struct image_store){ 0 };
}

bool image_store_reserve(struct image_store *store, size_t n, struct err *e)
{
	uint8_t *p;

	if (n <= store->capacity)
		return true;
	p = realloc(store->pixels, n);
	if (!p)
		return err_set(e, ERR_FULL, "no memory for a picture of %zu bytes", n);
	store->pixels = p;
	store->capacity = n;
	return true;
}

bool image_size_check(uint64_t width, uint64_t height, struct err *e)
{
	if (width == 0 || height == 0)
		return err_set(e, ERR_MALFORMED, "a picture without pixels");
	if (width > LIMIT_IMAGE_SIDE || height > LIMIT_IMAGE_SIDE ||
		width * height > LIMIT_IMAGE_PIXELS)
		return err_set(e, ERR_TOO_LARGE,
			"a picture of %llu x %llu pixels; the limit is %d a side and %d in all",
			(unsigned long long)width, (unsigned long long)height, LIMIT_IMAGE_SIDE,
			LIMIT_IMAGE_PIXELS);
	return true;
}

/* Room for a packed picture of that size, after the size was checked. */
static bool image_begin(struct image *out, struct image_store *store, uint64_t width,
	uint64_t height, struct err *e)
{
	if (!image_size_check(width, height, e) ||
		!image_store_reserve(store, (size_t)(width * height), e))
		return false;
	*out = (struct image){ store->pixels, (uint32_t)width, (uint32_t)height, (size_t)width };
	return true;
}

/* PNG */

static bool png_is(struct bytes file)
{
	return file.len >= 8 && png_sig_cmp(file.p, 0, 8) == 0;
}

static bool png_read(struct image *out, struct bytes file, struct image_store *store, struct err *e)
{
	static const png_color white = { 255, 255, 255 };
	png_image png = { .version = PNG_IMAGE_VERSION };

	if (!png_image_begin_read_from_memory(&png, file.p, file.len))
		return err_set(e, ERR_MALFORMED, "PNG: %s", png.message);
	if (!image_begin(out, store, png.width, png.height, e)) {
		png_image_free(&png);
		return err_in(e, "PNG");
	}
	png.format = PNG_FORMAT_GRAY;
	if (!png_image_finish_read(&png, &white, store->pixels, (png_int_32)out->stride, NULL))
		return err_set(e, ERR_MALFORMED, "PNG: %s", png.message);
	return true;
}

bool image_write_png(struct buf *out, const struct image *in, struct err *e)
{
	png_image png = { .version = PNG_IMAGE_VERSION, .format = PNG_FORMAT_GRAY };
	png_alloc_size_t size;
	uint8_t *file;
	bool ok;

	png.width = in->width;
	png.height = in->height;
	size = PNG_IMAGE_PNG_SIZE_MAX(png);
	file = malloc(size);
	if (!file)
		return err_set(e, ERR_FULL, "no memory for a PNG of %u x %u pixels", in->width,
			in->height);
	ok = png_image_write_to_memory(
		     &png, file, &size, 0, in->pixels, (png_int_32)in->stride, NULL) != 0;
	if (ok)
		buf_add(out, bytes_of(file, size));
	else
		err_set(e, ERR_INTERNAL, "PNG: %s", png.message);
	free(file);
	return ok;
}

/* JPEG */

struct jpeg_watch {
	struct jpeg_error_mgr errors; /* first: libjpeg hands back a pointer to it */
	struct jpeg_progress_mgr progress;
	jmp_buf give_up;
	bool ends_early;
	char text[JMSG_LENGTH_MAX];
};

static void jpeg_fail(j_common_ptr jpeg)
{
	struct jpeg_watch *w = (struct jpeg_watch *)(void *)jpeg->err;

	jpeg->err->format_message(jpeg, w->text);
	longjmp(w->give_up, 1);
}

/* Warnings are common in webcams' frames and harmless, but for the one that the end is missing. */
static void jpeg_message(j_common_ptr jpeg, int level)
{
	struct jpeg_watch *w = (struct jpeg_watch *)(void *)jpeg->err;

	if (level < 0 && jpeg->err->msg_code == JWRN_JPEG_EOF)
		w->ends_early = true;
}

static void jpeg_count_scans(j_common_ptr jpeg)
{
	struct jpeg_watch *w = (struct jpeg_watch *)(void *)jpeg->err;

	if (jpeg->is_decompressor &&
		((j_decompress_ptr)jpeg)->input_scan_number > LIMIT_IMAGE_SCANS) {
		snprintf(w->text, sizeof(w->text), "more than %d scans", LIMIT_IMAGE_SCANS);
		longjmp(w->give_up, 1);
	}
}

static bool jpeg_is(struct bytes file)
{
	return file.len >= 3 && file.p[0] == 0xFF && file.p[1] == 0xD8 && file.p[2] == 0xFF;
}

/* The part that libjpeg may leave by way of jpeg_fail. */
static bool jpeg_decode(struct jpeg_decompress_struct *jpeg, struct image *out, struct bytes file,
	struct image_store *store, struct err *e)
{
	jpeg_mem_src(jpeg, file.p, file.len);
	jpeg_read_header(jpeg, TRUE);
	if (!image_begin(out, store, jpeg->image_width, jpeg->image_height, e))
		return err_in(e, "JPEG");
	if (jpeg->num_components == 4)
		return err_set(e, ERR_UNSUPPORTED,
			"JPEG: made for print (CMYK); save it in colour or gray");
	jpeg->out_color_space = JCS_GRAYSCALE;
	jpeg_start_decompress(jpeg);
	while (jpeg->output_scanline < jpeg->output_height) {
		JSAMPROW row = store->pixels + out->stride * jpeg->output_scanline;

		jpeg_read_scanlines(jpeg, &row, 1);
	}
	return true;
}

static bool jpeg_read(
	struct image *out, struct bytes file, struct image_store *store, struct err *e)
{
	struct jpeg_decompress_struct jpeg = { 0 };
	struct jpeg_watch watch = { 0 };
	bool ok;

	jpeg.err = jpeg_std_error(&watch.errors);
	watch.errors.error_exit = jpeg_fail;
	watch.errors.emit_message = jpeg_message;
	watch.progress.progress_monitor = jpeg_count_scans;
	if (setjmp(watch.give_up)) {
		jpeg_destroy_decompress(&jpeg);
		return err_set(e, ERR_MALFORMED, "JPEG: %s", watch.text);
	}
	jpeg_create_decompress(&jpeg);
	jpeg.progress = &watch.progress;
	ok = jpeg_decode(&jpeg, out, file, store, e);
	jpeg_destroy_decompress(&jpeg);
	if (ok && watch.ends_early)
		return err_set(e, ERR_MALFORMED, "JPEG: it ends early");
	return ok;
}

/* PGM and PPM */

static bool pnm_is(struct bytes file)
{
	return file.len >= 3 && file.p[0] == 'P' &&
	       (file.p[1] == '2' || file.p[1] == '5' || file.p[1] == '6');
}

static bool is_space(uint8_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* A decimal number after white space and comments. */
static bool pnm_take_number(struct bytes *from, uint32_t limit, uint32_t *out)
{
	struct bytes at = *from;
	uint64_t n = 0;
	size_t digits = 0;

	while (at.len > 0 && (is_space(at.p[0]) || at.p[0] == '#')) {
		bool comment = at.p[0] == '#';

		do
			at.p++, at.len--;
		while (comment && at.len > 0 && at.p[0] != '\n');
	}
	for (; at.len > 0 && at.p[0] >= '0' && at.p[0] <= '9'; at.p++, at.len--, digits++) {
		n = n * 10 + (uint64_t)(at.p[0] - '0');
		if (n > limit)
			return false;
	}
	if (digits == 0)
		return false;
	*from = at;
	*out = (uint32_t)n;
	return true;
}

bool pnm_header_take(struct bytes *file, struct pnm_header *out, struct err *e)
{
	struct bytes at = *file;
	struct pnm_header h = { 0 };

	if (!pnm_is(at))
		return err_set(e, ERR_UNSUPPORTED, "not a PGM or PPM picture");
	h.kind = (char)at.p[1];
	at.p += 2, at.len -= 2;
	if (!pnm_take_number(&at, UINT32_MAX, &h.width) ||
		!pnm_take_number(&at, UINT32_MAX, &h.height) ||
		!pnm_take_number(&at, 65535, &h.max_value) || h.max_value == 0)
		return err_set(e, ERR_MALFORMED, "PGM: width, height or maximum is no number");
	if (!image_size_check(h.width, h.height, e))
		return err_in(e, "PGM");
	if (at.len == 0 || !is_space(at.p[0]))
		return err_set(e, ERR_MALFORMED, "PGM: the header ends early");
	at.p++, at.len--;
	h.body = (size_t)h.width * h.height * (h.kind == '6' ? 3 : 1) * (h.max_value > 255 ? 2 : 1);
	*file = at;
	*out = h;
	return true;
}

/* ITU-R BT.601 luma, as JPEG and cameras make it. */
static uint8_t luma(uint32_t r, uint32_t g, uint32_t b)
{
	return (uint8_t)((r * 77 + g * 150 + b * 29 + 128) >> 8);
}

static uint32_t pnm_scale(uint32_t value, uint32_t max_value)
{
	return value >= max_value ? 255 : (value * 255 + max_value / 2) / max_value;
}

void pnm_to_gray(uint8_t *gray, const uint8_t *body, const struct pnm_header *h)
{
	size_t n = (size_t)h->width * h->height, channels = h->kind == '6' ? 3 : 1;
	size_t wide = h->max_value > 255 ? 2 : 1;

	if (channels == 1 && h->max_value == 255) {
		memmove(gray, body, n);
		return;
	}
	/* gray never overtakes body: each step reads at least as much as it writes */
	for (size_t i = 0; i < n; i++) {
		uint32_t v[3] = { 0 };

		for (size_t c = 0; c < channels; c++, body += wide)
			v[c] = pnm_scale(wide == 2 ? (uint32_t)body[0] << 8 | body[1] : body[0],
				h->max_value);
		gray[i] = channels == 3 ? luma(v[0], v[1], v[2]) : (uint8_t)v[0];
	}
}

static bool pnm_read(struct image *out, struct bytes file, struct image_store *store, struct err *e)
{
	struct pnm_header h;

	if (!pnm_header_take(&file, &h, e))
		return false;
	/* two bytes a pixel is the least that the text form takes */
	if (file.len < (h.kind == '2' ? (size_t)h.width * h.height * 2 - 1 : h.body))
		return err_set(e, ERR_MALFORMED, "PGM: it ends early");
	if (!image_begin(out, store, h.width, h.height, e))
		return false;
	if (h.kind != '2') {
		pnm_to_gray(store->pixels, file.p, &h);
		return true;
	}
	for (size_t i = 0; i < (size_t)h.width * h.height; i++) {
		uint32_t v;

		if (!pnm_take_number(&file, 65535, &v))
			return err_set(e, ERR_MALFORMED, "PGM: pixel %zu is no number", i);
		store->pixels[i] = (uint8_t)pnm_scale(v, h.max_value);
	}
	return true;
}

void image_write_pgm(struct buf *out, const struct image *in)
{
	buf_printf(out, "P5\n%u %u\n255\n", in->width, in->height);
	for (uint32_t y = 0; y < in->height; y++)
		buf_add(out, bytes_of(in->pixels + in->stride * y, in->width));
}

static const struct format {
	bool (*is)(struct bytes file);
	bool (*read)(
		struct image *out, struct bytes file, struct image_store *store, struct err *e);
} formats[] = {
	{ png_is, png_read },
	{ jpeg_is, jpeg_read },
	{ pnm_is, pnm_read },
};

bool image_read(struct image *out, struct bytes file, struct image_store *store, struct err *e)
{
	if (file.len > LIMIT_IMAGE_BYTES)
		return err_set(e, ERR_TOO_LARGE, "a picture file of %zu bytes; the limit is %d",
			file.len, LIMIT_IMAGE_BYTES);
	for (size_t i = 0; i < ARRAY_LEN(formats); i++)
		if (formats[i].is(file))
			return formats[i].read(out, file, store, e);
	return err_set(e, ERR_UNSUPPORTED, "no PNG, JPEG, PGM or PPM picture");
}
