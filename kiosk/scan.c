#include "kiosk/scan.h"

const char *const scan_hint_names[HINT_COUNT] = { [HINT_NONE] = "",
	[HINT_LIGHT] = "light",
	[HINT_CLOSER] = "closer",
	[HINT_TILT] = "tilt",
	[HINT_STILL] = "still" };

bool scan_hint_read(struct bytes word, enum scan_hint *out)
{
	for (unsigned i = 0; i < HINT_COUNT; i++)
		if (bytes_equal(word, str_bytes(str_of(scan_hint_names[i])))) {
			*out = (enum scan_hint)i;
			return true;
		}
	return false;
}
