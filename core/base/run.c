#define _DEFAULT_SOURCE
#include "core/base/run.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NOT_RUN = 127 };

static _Noreturn void become(const struct run *r, int out, pid_t parent)
{
	if (r->die_with_us) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(NOT_RUN);
	}
	if (out >= 0 && dup2(out, STDOUT_FILENO) < 0)
		_exit(NOT_RUN);
	/* execvp takes char * for history's sake and changes none of them */
	execvp(r->argv[0], (char *const *)(uintptr_t)r->argv);
	_exit(NOT_RUN);
}

/* False with *too_large when it prints without end. */
static bool drain(int fd, struct buf *out, bool *too_large)
{
	char chunk[4096];
	ssize_t n;

	*too_large = false;
	while ((n = read(fd, chunk, sizeof(chunk))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		*too_large = out->len + (size_t)n > RUN_OUTPUT_MAX;
		if (*too_large)
			return false;
		buf_add(out, bytes_of(chunk, (size_t)n));
	}
	return true;
}

bool run_wait(const struct run *r, int *status, struct err *e)
{
	int ends[2] = { -1, -1 }, how = 0;
	pid_t self = getpid(), pid;
	bool too_large = false, read_ok = true;

	if (r->out && pipe(ends) != 0)
		return err_errno(e, "pipe");
	/* else the program would keep its own output readable, and never hear that nobody reads */
	for (int i = 0; r->out && i < 2; i++)
		fcntl(ends[i], F_SETFD, FD_CLOEXEC);
	pid = fork();
	if (pid == 0)
		become(r, ends[1], self);
	if (ends[1] >= 0)
		close(ends[1]);
	if (pid > 0 && r->out)
		read_ok = drain(ends[0], r->out, &too_large);
	if (ends[0] >= 0)
		close(ends[0]);
	if (pid < 0)
		return err_errno(e, "%s", r->argv[0]);
	while (waitpid(pid, &how, 0) < 0)
		if (errno != EINTR)
			return err_errno(e, "%s", r->argv[0]);
	if (too_large)
		return err_set(e, ERR_TOO_LARGE, "%s prints without end", r->argv[0]);
	if (!read_ok)
		return err_set(e, ERR_IO, "%s: what it printed cannot be read", r->argv[0]);
	*status = WIFSIGNALED(how) ? 128 + WTERMSIG(how) : WEXITSTATUS(how);
	return *status != NOT_RUN || err_set(e, ERR_IO, "%s cannot be run", r->argv[0]);
}

bool run_ok(const struct run *r, struct err *e)
{
	int status;

	if (!run_wait(r, &status, e))
		return false;
	return status == 0 || err_set(e, ERR_IO, "%s ended with status %d", r->argv[0], status);
}
