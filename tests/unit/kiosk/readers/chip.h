/* kith-chipsim for unit tests: started beside the test, told what to do by control lines. */
#pragma once

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/test.h"

struct chip_process {
	pid_t pid;
	int control;
	char folder[64], link[96], socket[96];
	char answer[256];
};

static inline void chip_wait_ready(int from)
{
	char line[256];
	size_t len = 0;

	while (len < sizeof(line) - 1 && read(from, line + len, 1) == 1 && line[len] != '\n')
		len++;
	line[len] = 0;
	assert_true(strncmp(line, "ready ", 6) == 0);
}

static inline void chip_start(struct chip_process *c)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int out[2];

	*c = (struct chip_process){ .folder = "/tmp/kith-reader-XXXXXX" };
	assert_non_null(mkdtemp(c->folder));
	snprintf(c->link, sizeof(c->link), "%s/reader", c->folder);
	snprintf(c->socket, sizeof(c->socket), "%s/control", c->folder);
	assert_int_equal(setenv("KITH_LOCK_DIR", c->folder, 1), 0);
	assert_int_equal(pipe(out), 0);
	c->pid = fork();
	if (c->pid == 0) {
		dup2(out[1], STDOUT_FILENO);
		close(out[0]);
		execl(TEST_BIN "/kith-chipsim", "kith-chipsim", "--link", c->link, "--control",
			c->socket, "--timing", "none", (char *)NULL);
		_exit(127);
	}
	close(out[1]);
	chip_wait_ready(out[0]);
	close(out[0]);
	c->control = socket(AF_UNIX, SOCK_STREAM, 0);
	memcpy(to.sun_path, c->socket, strlen(c->socket));
	assert_int_equal(connect(c->control, (struct sockaddr *)&to, sizeof(to)), 0);
}

/* What follows "ok". */
static inline const char *chip_send(struct chip_process *c, const char *line)
{
	size_t len = 0;

	assert_int_equal(write(c->control, line, strlen(line)), strlen(line));
	assert_int_equal(write(c->control, "\n", 1), 1);
	while (len < sizeof(c->answer) - 1 && read(c->control, c->answer + len, 1) == 1 &&
		c->answer[len] != '\n')
		len++;
	c->answer[len] = 0;
	if (strncmp(c->answer, "ok", 2) != 0)
		fail_msg("%s: %s", line, c->answer);
	return c->answer + 2;
}

static inline void chip_stop(struct chip_process *c)
{
	char command[128];

	close(c->control);
	kill(c->pid, SIGTERM);
	waitpid(c->pid, NULL, 0);
	snprintf(command, sizeof(command), "rm -r %s", c->folder);
	assert_int_equal(system(command), 0);
}
