/* Pictures of every format, as files and as frames of a webcam (MJPEG takes the same way). */
#include "core/eye/image.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct image_store store = { 0 };
	struct image image;
	struct err e = { 0 };
	uint64_t sum = 0;

	if (image_read(&image, bytes_of(data, size), &store, &e)) {
		/* every pixel may be read, and has a value */
		for (uint32_t y = 0; y < image.height; y++)
			for (uint32_t x = 0; x < image.width; x++)
				sum += image.pixels[y * image.stride + x];
		if (image.width == 0 || image.height == 0 ||
			sum > (uint64_t)image.width * image.height * 255)
			abort();
	} else if (!e.text[0]) {
		abort();
	}
	image_store_finish(&store);
	return 0;
}
