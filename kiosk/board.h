/* What the board says of its own supply and heat, as far as it has senses for that (a Pi has). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct board {
	bool power_known, power_low;
	bool heat_known;
	int64_t heat_mc; /* 1/1000 degree C */
};

/*
 * From SYS below root ("" for the real one): hwmon's rpi_volt in0_lcrit_alarm, the firmware's
 * get_throttled bits (0: under-voltage, 3: soft limit of temperature; raspberrypi/documentation,
 * vcgencmd get_throttled), thermal zones of type cpu-thermal. Never fails: unknown stays unknown.
 */
void board_read(struct board *out, const char *root);
