/* A thread that makes a backup every backup_every_s seconds, the first one once that age is
 * reached. */
#pragma once

#include "server/server.h"

struct backup_timer;
/* ERR_NOT_FOUND when the folder has no key: it must be made by hand, since its secret half leaves.
 */
MUST_CHECK bool backup_timer_start(struct backup_timer **out, struct server *s, struct err *e);
/* Waits for a backup that is being made. Accepts NULL. */
void backup_timer_stop(struct backup_timer *t);
