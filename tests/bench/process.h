/* A program of ours as a child: started, ready, its CPU time, stopped. */
#pragma once

#include <sys/types.h>

#include "core/base/err.h"

struct process {
	pid_t pid; /* 0: none */
	int out;   /* its standard output */
	char address[64];
};

/*
 * Run argv (argv[0] is a path; NULL-terminated), its standard error to log_path, and wait for its
 * line "ready ADDR:PORT". It ends when this process does.
 */
MUST_CHECK bool process_start(
	struct process *p, char *const argv[], const char *log_path, struct err *e);
/* User and system time of all its threads, in seconds. */
double process_cpu(const struct process *p);
/* SIGTERM, and wait. No effect without a process. */
void process_stop(struct process *p);
