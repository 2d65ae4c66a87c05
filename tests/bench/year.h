/*
 * One attendee's year, made up: 4 events, 120 people, promises, favours, referrals, introductions,
 * leads, rhythms; a person who works through the queue on most days, ignores some people and goes
 * on holiday. The log that comes of it, checked day by day against what a queue owes its owner.
 */
#pragma once

#include "core/followup/followup.h"

enum { YEAR_DAYS = 365, YEAR_FIRST_DAY = 20454 /* Thursday, 2026-01-01 */ };

struct year;

/*
 * seed: another year each, from first_day on (days since 1970). step_days: look into the queue
 * every so many days. checked: judge each plan (year_wrong). Freed by year_free.
 */
struct year *year_new(unsigned seed, int64_t first_day, int step_days, bool checked);
void year_free(struct year *y);

/*
 * The next day: what happens, and what the owner does about it. False after the last one. The plan
 * of that morning, if the owner looked, is *plan until the next call; else NULL.
 */
bool year_day(struct year *y, const struct followup_plan **plan, int64_t *day);
/* The log so far. */
const struct fact *year_facts(const struct year *y, size_t *n);
/* What of the last plan breaks a promise of the queue's, as a sentence; NULL: nothing. */
const char *year_wrong(const struct year *y);
/* "Ben Kim" for a key of the plan's. */
struct str year_name(const struct year *y, struct id key);
