/*
 * A USB barcode scanner: "reader = scanner DEVICE". As a serial port (/dev/ttyACM0, /dev/ttyUSB0:
 * 9600 8N1, taken exclusively) or as a keyboard (/dev/input/by-id/...-event-kbd, grabbed, so that
 * nothing of it reaches the screen). It must end each code by Enter (suffix CR or LF), as scanners
 * do when they are delivered; what has no Enter is dropped after 2 s, with a word in the log.
 */
#pragma once

#include "kiosk/readers/device.h"
#include "kiosk/scan.h"

enum { SCANNER_SILENCE_MS = 2000 };

extern const struct reader_type reader_scanner;

/* reader_scanner's open, over other calls than the system's; its wait and close serve both. */
MUST_CHECK bool scanner_open(
	void **reader, const char *path, const struct device_calls *calls, struct err *e);
