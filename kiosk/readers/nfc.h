/* The NFC reader's line for the table of kiosk/readers.c. */
#pragma once

#include "kiosk/scan.h"

extern const struct reader_type reader_nfc;
