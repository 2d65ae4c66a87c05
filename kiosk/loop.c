#define _DEFAULT_SOURCE
#include "kiosk/loop.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "core/base/log.h"

struct loop {
	struct loop_source sources[LOOP_SOURCES_MAX];
	size_t count;
	int signals;
	bool stop;
};

static void on_signal(void *context)
{
	struct loop *l = context;
	struct signalfd_siginfo info;

	if (read(l->signals, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		log_info("stopping signal=%u", info.ssi_signo);
		l->stop = true;
	}
}

bool loop_open(struct loop **out, struct err *e)
{
	struct loop *l = calloc(1, sizeof(*l));
	sigset_t set;

	if (!l)
		return err_set(e, ERR_INTERNAL, "no memory for the loop");
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	if (sigprocmask(SIG_BLOCK, &set, NULL) != 0 ||
		(l->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK)) < 0) {
		free(l);
		return err_errno(e, "signals");
	}
	*out = l;
	return loop_add(
		l, (struct loop_source){ .context = l, .fd = l->signals, .run = on_signal }, e);
}

void loop_close(struct loop *l)
{
	if (!l)
		return;
	close(l->signals);
	free(l);
}

bool loop_add(struct loop *l, struct loop_source source, struct err *e)
{
	if (l->count == LOOP_SOURCES_MAX)
		return err_set(
			e, ERR_INTERNAL, "more than %d sources in one loop", LOOP_SOURCES_MAX);
	l->sources[l->count++] = source;
	return true;
}

void loop_stop(struct loop *l)
{
	l->stop = true;
}

/* Wait once and run what is due. */
static bool turn(struct loop *l, struct err *e)
{
	struct pollfd fds[LOOP_SOURCES_MAX];
	bool due[LOOP_SOURCES_MAX] = { false };
	int wait = -1, n;

	for (size_t i = 0; i < l->count; i++) {
		struct loop_source *s = &l->sources[i];
		int own = s->timeout_ms ? s->timeout_ms(s->context) : -1;

		fds[i] = (struct pollfd){ .fd = s->fd, .events = POLLIN };
		due[i] = own == 0;
		if (own >= 0 && (wait < 0 || own < wait))
			wait = own;
	}
	n = poll(fds, (nfds_t)l->count, wait);
	if (n < 0 && errno != EINTR)
		return err_errno(e, "poll");
	for (size_t i = 0; i < l->count && !l->stop; i++) {
		struct loop_source *s = &l->sources[i];
		bool readable = n > 0 && fds[i].revents != 0;

		/* a timeout that was the shortest is over now; run looks at its clock itself */
		if (readable || due[i] ||
			(n == 0 && s->timeout_ms && s->timeout_ms(s->context) == 0))
			s->run(s->context);
	}
	return true;
}

bool loop_run(struct loop *l, struct err *e)
{
	while (!l->stop)
		if (!turn(l, e))
			return false;
	return true;
}
