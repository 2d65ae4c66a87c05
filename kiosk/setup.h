/*
 * The first start: a kiosk that belongs to no event yet asks on its own screen for language,
 * network, time zone and enrolment code, and looks whether reader and camera work. Network and time
 * zone are applied by root's kith-setup, where it is installed (docs/operating.md); enrolment is
 * the command "enrol" of this program, in a process of its own.
 */
#pragma once

#include "kiosk/kiosk.h"

/* Is there an identity already? */
bool setup_is_done(const struct kiosk_config *c);
/*
 * Serve the screen until the device is enrolled and its readers were looked at (*enrolled), or
 * SIGTERM or SIGINT comes. config_file is given to the command that enrols. ready is told the
 * address. The step is kept in state_dir: after a restart it goes on there.
 */
MUST_CHECK bool setup_run(const struct kiosk_config *config, const char *config_file,
	const char *program, void (*ready)(const char *address), bool *enrolled, struct err *e);
/* The language that was chosen at the first start, in a; empty: none. */
struct str setup_language(const struct kiosk_config *c, struct arena *a);
