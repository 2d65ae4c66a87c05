#define _DEFAULT_SOURCE
#include "tests/bench/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static NORETURN void become(char *const argv[], int out, const char *log_path)
{
	int log = open(log_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (log >= 0 && dup2(log, STDERR_FILENO) >= 0 && dup2(out, STDOUT_FILENO) >= 0)
		execv(argv[0], argv);
	_exit(127);
}

static bool wait_ready(struct process *p, struct err *e)
{
	char line[256];
	size_t n = 0;

	while (n < sizeof(line) - 1) {
		ssize_t got = read(p->out, line + n, 1);

		if (got <= 0)
			return err_set(e, ERR_INTERNAL, "it ended before it was ready");
		if (line[n] != '\n') {
			n++;
			continue;
		}
		line[n] = '\0';
		if (sscanf(line, "ready %63s", p->address) == 1)
			return true;
		n = 0;
	}
	return err_set(e, ERR_INTERNAL, "it says too much");
}

bool process_start(struct process *p, char *const argv[], const char *log_path, struct err *e)
{
	int ends[2];

	*p = (struct process){ .out = -1 };
	if (pipe(ends) != 0)
		return err_errno(e, "pipe");
	fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	fcntl(ends[1], F_SETFD, FD_CLOEXEC);
	p->pid = fork();
	if (p->pid == 0)
		become(argv, ends[1], log_path);
	close(ends[1]);
	p->out = ends[0];
	if (p->pid > 0 && wait_ready(p, e))
		return true;
	process_stop(p);
	return err_in(e, "%s (see %s)", argv[0], log_path);
}

double process_cpu(const struct process *p)
{
	struct timespec t = { 0, 0 };
	clockid_t clock;

	if (clock_getcpuclockid(p->pid, &clock) == 0)
		clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void process_stop(struct process *p)
{
	if (p->pid > 0) {
		kill(p->pid, SIGTERM);
		while (waitpid(p->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	if (p->out >= 0)
		close(p->out);
	*p = (struct process){ .out = -1 };
}
