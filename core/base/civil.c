/* The calendar without libc's time zones: pure, so that the phone runs the same code. */
#include "core/base/clock.h"

#include <stdio.h>

enum { DAY_MS = 86400000 };

int64_t clock_day(int64_t wall_ms)
{
	int64_t day = wall_ms / DAY_MS;

	return wall_ms % DAY_MS < 0 ? day - 1 : day;
}

/* Eras of 400 years begin on 1 March of year 0, which puts the leap day at a year's end. */
void clock_civil(int64_t day, int *year, int *month, int *day_of_month)
{
	int64_t z = day + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;

	*day_of_month = (int)(doy - (153 * mp + 2) / 5 + 1);
	*month = (int)(mp < 10 ? mp + 3 : mp - 9);
	*year = (int)(yoe + era * 400 + (*month <= 2));
}

int64_t clock_day_of(int year, int month, int day_of_month)
{
	int64_t y = year - (month <= 2);
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t yoe = y - era * 400;
	int64_t doy = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day_of_month - 1;
	int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

	return era * 146097 + doe - 719468;
}

struct clock_text clock_text(int64_t wall_ms)
{
	struct clock_text t;
	int64_t day = clock_day(wall_ms);
	int s = (int)((wall_ms - day * DAY_MS) / 1000);
	int year, month, day_of_month;

	clock_civil(day, &year, &month, &day_of_month);
	snprintf(t.s, sizeof(t.s), "%04d-%02d-%02dT%02d:%02d:%02dZ", year, month, day_of_month,
		s / 3600, s / 60 % 60, s % 60);
	return t;
}
