/*
 * The eye before pictures of any content. The first bytes choose: a raw picture of the rest, or
 * a drawn code with bytes of it changed, so that the paths behind the finders are reached too.
 */
#include "core/eye/eye.h"
#include "core/eye/qr_write.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SIDE_MAX = 256 };

static void look(struct eye *eye, const struct image *in, enum eye_mode mode)
{
	struct eye_codes codes;
	struct err e = { 0 };

	if (!eye_read(eye, in, mode, &codes, &e)) {
		if (!e.text[0])
			abort();
		return;
	}
	for (size_t i = 0; i < codes.count; i++)
		if (codes.code[i].data.len > EYE_DATA_MAX || !codes.code[i].pass[0])
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct eye *eye;
	static uint8_t pixels[SIDE_MAX * SIDE_MAX];
	struct arena a = { 0 };
	struct err e = { 0 };
	struct image in = { 0 };

	if ((!eye && !eye_open(&eye, &e)) || size < 4)
		return 0;
	if (data[0] & 1) {
		struct qr qr;
		size_t len = 1 + data[1] % 40;

		if (len <= size - 3 &&
			qr_make(&qr, bytes_of(data + 3, len), (enum qr_level)(data[2] & 3), &a,
				&e) &&
			qr_draw(&in, &qr, 1 + (data[2] >> 2 & 3), &a, &e) &&
			(size_t)in.stride * in.height <= sizeof(pixels)) {
			memcpy(pixels, in.pixels, in.stride * in.height);
			for (size_t i = 3 + len; i + 3 <= size; i += 3)
				pixels[((size_t)data[i] << 8 | data[i + 1]) %
					(in.stride * in.height)] = data[i + 2];
			in.pixels = pixels;
		}
	} else {
		in.width = 1 + data[1] % SIDE_MAX;
		in.height = 1 + data[2] % SIDE_MAX;
		in.stride = in.width;
		for (size_t i = 0; i < (size_t)in.width * in.height; i++)
			pixels[i] = data[3 + i % (size - 3)];
		in.pixels = pixels;
	}
	if (in.pixels)
		look(eye, &in, data[0] & 2 ? EYE_VIDEO : EYE_FIRST);
	arena_finish(&a);
	return 0;
}
