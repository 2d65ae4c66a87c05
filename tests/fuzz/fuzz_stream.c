/* Streams of frames, in pieces of changing length. */
#include "core/eye/stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct stream s = { 0 };
	struct image frame;
	struct err e = { 0 };
	unsigned piece = 1;
	uint64_t sum = 0;
	bool found;

	while (size > 0) {
		uint8_t *p;
		size_t n;

		if (!stream_space(&s, &p, &n, &e))
			break;
		piece = piece % 997 * 5 + 3;
		n = n < piece ? n : piece;
		n = n < size ? n : size;
		memcpy(p, data, n);
		data += n, size -= n;
		if (!stream_take(&s, n, &frame, &found, &e))
			break;
		/* every pixel may be read */
		for (size_t i = 0; found && i < (size_t)frame.width * frame.height; i++)
			sum += frame.pixels[i];
	}
	stream_finish(&s);
	return sum == UINT64_MAX;
}
