/*
 * What an operator hears who looks at the chips and not at the terminal: two rising notes when a
 * badge is done, one long low one when a chip is refused (a bell: once, thrice). Never needed: the
 * words say the same.
 */
#pragma once

#include "core/base/err.h"

enum bench_sound { BENCH_SOUND_BELL, BENCH_SOUND_APLAY, BENCH_SOUND_NONE };

/*
 * "bell", "aplay" or "none"; NULL is the bell. ERR_USAGE: another word; ERR_NOT_FOUND: there is no
 * aplay here.
 */
MUST_CHECK bool bench_sound_read(enum bench_sound *out, const char *word, struct err *e);
/* Neither waits until it was heard. With aplay SIGPIPE is ignored from then on. */
void bench_sound_done(enum bench_sound s);
void bench_sound_refused(enum bench_sound s);
