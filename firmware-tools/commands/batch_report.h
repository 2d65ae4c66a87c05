/* What became of a list: for the operator's eyes, and as CSV. */
#pragma once

#include <stdio.h>

#include "firmware-tools/commands/attendees.h"
#include "firmware-tools/commands/journal.h"

/* Counts, and by name every badge that is half written and every chip that was given up. */
void batch_report_print(FILE *to, const struct attendee_list *list, const struct journal *journal);
/*
 * A row for each of the list: line, name, badge, state (written, half written, not yet), uid, chip,
 * time; and one (spoilt) for each chip that was given up.
 */
void batch_report_write(
	struct buf *out, const struct attendee_list *list, const struct journal *journal);
