/*
 * What a barcode scanner means by its key strokes: a keyboard of the US layout, as scanners are
 * delivered. Control with a key gives the control character; Alt with digits of the key pad gives
 * the byte of that number, by which many scanners send what no US key types.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct keymap {
	bool shift, control, alt, caps;
	unsigned number; /* typed with Alt so far */
	bool numbered;
};

/* A key of linux/input-event-codes.h; value 0 released, 1 pressed, 2 repeated. True: it is a byte.
 */
bool keymap_key(struct keymap *k, uint16_t key, int32_t value, uint8_t *byte);
