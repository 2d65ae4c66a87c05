#include "firmware-tools/commands/sound.h"

#include <math.h>
#include <signal.h>
#include <sys/wait.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/bytes.h"

extern char **environ;

enum { RATE = 16000, LOUD = 9000, FADE = RATE / 100, SAMPLES_MAX = RATE / 2 };

struct note {
	unsigned hz, ms;
};

static const struct note done_notes[] = { { 784, 90 }, { 1175, 130 } };
static const struct note refused_notes[] = { { 196, 450 } };

/* On the PATH, so that a missing program is said at the start and not at the first badge. */
static bool has_program(const char *name)
{
	struct str path = str_of(getenv("PATH") ? getenv("PATH") : ""), folder;
	char file[512];

	while (str_split(&path, ':', &folder)) {
		int n = snprintf(file, sizeof(file), STR_FMT "/%s", STR_ARG(folder), name);

		if (n > 0 && (size_t)n < sizeof(file) && access(file, X_OK) == 0)
			return true;
	}
	return false;
}

bool bench_sound_read(enum bench_sound *out, const char *word, struct err *e)
{
	static const char *const words[] = {
		[BENCH_SOUND_BELL] = "bell",
		[BENCH_SOUND_APLAY] = "aplay",
		[BENCH_SOUND_NONE] = "none",
	};
	size_t i = 0;

	while (word && i < ARRAY_LEN(words) && strcmp(words[i], word) != 0)
		i++;
	if (i == ARRAY_LEN(words))
		return err_set(e, ERR_USAGE, "--sound takes bell, aplay or none");
	*out = (enum bench_sound)i;
	return *out != BENCH_SOUND_APLAY || has_program("aplay") ||
	       err_set(e, ERR_NOT_FOUND,
		       "there is no aplay here: install alsa-utils, or take --sound bell");
}

/* A sine, faded in and out so that it does not click. */
static size_t add_note(int16_t *to, size_t room, const struct note *note)
{
	size_t n = (size_t)note->ms * RATE / 1000;

	n = n < room ? n : room;
	for (size_t i = 0; i < n; i++) {
		size_t edge = i < n - i ? i : n - i;
		double fade = edge < FADE ? (double)edge / FADE : 1;

		to[i] = (int16_t)(LOUD * fade *
				  sin(6.283185307179586 * note->hz * (double)i / RATE));
	}
	return n;
}

/* All of it fits the pipe, so writing never waits for the sound card. */
static void play(const struct note *notes, size_t count)
{
	static const char *const args[] = { "aplay", "-q", "-t", "raw", "-f", "S16_LE", "-r",
		"16000", "-c", "1", "-", NULL };
	static int16_t samples[SAMPLES_MAX];
	posix_spawn_file_actions_t actions;
	size_t n = 0;
	int ends[2];
	static pid_t last; /* taken leave of at the next sound: nobody waits for it */

	for (size_t i = 0; i < count; i++)
		n += add_note(samples + n, SAMPLES_MAX - n, &notes[i]);
	if (pipe(ends) != 0)
		return;
	if (last > 0)
		waitpid(last, NULL, WNOHANG);
	signal(SIGPIPE, SIG_IGN);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO);
	posix_spawn_file_actions_addclose(&actions, ends[0]);
	posix_spawn_file_actions_addclose(&actions, ends[1]);
	if (posix_spawnp(&last, args[0], &actions, NULL, (char *const *)(const void *)args,
		    environ) == 0 &&
		write(ends[1], samples, n * sizeof(*samples)) < 0) {
		/* a sound that fails is no fault of the badge */
	}
	posix_spawn_file_actions_destroy(&actions);
	close(ends[0]);
	close(ends[1]);
}

static void ring(int times)
{
	while (times-- > 0)
		fputc('\a', stderr);
}

void bench_sound_done(enum bench_sound s)
{
	if (s == BENCH_SOUND_BELL)
		ring(1);
	else if (s == BENCH_SOUND_APLAY)
		play(done_notes, ARRAY_LEN(done_notes));
}

void bench_sound_refused(enum bench_sound s)
{
	if (s == BENCH_SOUND_BELL)
		ring(3);
	else if (s == BENCH_SOUND_APLAY)
		play(refused_notes, ARRAY_LEN(refused_notes));
}
