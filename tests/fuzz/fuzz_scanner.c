/* What a barcode scanner sends: the bytes of a serial port, or three bytes a key stroke. */
#include "kiosk/readers/keymap.h"
#include "kiosk/readers/scan_line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void add(struct scan_line *line, uint8_t byte)
{
	struct bytes code = { NULL, 0 };
	unsigned sum = 0;

	if (!scan_line_add(line, byte, &code))
		return;
	/* never empty, never longer than a code can be, and all of it may be read */
	if (code.len == 0 || code.len > LIMIT_CODE_BYTES)
		abort();
	for (size_t i = 0; i < code.len; i++)
		sum += code.p[i];
	if (sum > 255 * code.len)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct scan_line serial = { 0 }, keyboard = { 0 };
	struct keymap keymap = { 0 };

	for (size_t i = 0; i < size; i++)
		add(&serial, data[i]);
	for (size_t i = 0; i + 3 <= size; i += 3) {
		uint8_t byte;

		if (keymap_key(&keymap, (uint16_t)(data[i] | data[i + 1] << 8), data[i + 2] % 3,
			    &byte))
			add(&keyboard, byte);
	}
	return 0;
}
