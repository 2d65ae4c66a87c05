/*
 * A command of kith-server: one function in server/commands/, one line in the table of
 * server/commands.c, a few lines in docs/man/kith-server.8.
 */
#pragma once

#include "server/server.h"

struct invocation {
	const char *store; /* --store */
	int argc;	   /* argv[0] is the command's last word; getopt_long may be used */
	char **argv;
	struct arena *arena;
};

struct command {
	const char *name;  /* one or two words */
	const char *usage; /* its arguments */
	const char *help;  /* one line */
	/* Prints its answer on stdout. False with e; ERR_USAGE prints the usage too. */
	bool (*run)(struct invocation *in, struct err *e);
};

/* Sorted by name. */
extern const struct command server_commands[];
extern const size_t server_command_count;

/* server/commands/access.c */
bool command_enrol(struct invocation *in, struct err *e);
bool command_organizer_add(struct invocation *in, struct err *e);
/* server/commands/event.c */
bool command_event_add(struct invocation *in, struct err *e);
bool command_event_key(struct invocation *in, struct err *e);
bool command_event_list(struct invocation *in, struct err *e);
bool command_event_rekey(struct invocation *in, struct err *e);
bool command_event_set(struct invocation *in, struct err *e);
/* server/commands/people.c */
bool command_badge_revoke(struct invocation *in, struct err *e);
bool command_import(struct invocation *in, struct err *e);
bool command_ticket(struct invocation *in, struct err *e);
/* server/commands/backup.c */
bool command_backup(struct invocation *in, struct err *e);
bool command_restore(struct invocation *in, struct err *e);
/* server/commands/release.c */
bool command_release_add(struct invocation *in, struct err *e);
bool command_release_list(struct invocation *in, struct err *e);
bool command_release_withdraw(struct invocation *in, struct err *e);
/* server/commands/export.c */
bool command_export(struct invocation *in, struct err *e);
/* server/commands/run.c */
bool command_run(struct invocation *in, struct err *e);

/* Open the store for a command, without anything that runs. */
MUST_CHECK bool command_open(
	struct server **out, const struct invocation *in, enum store_use use, struct err *e);
/* The nth argument after the options, or ERR_USAGE. last: none may follow. */
MUST_CHECK bool command_argument(
	const struct invocation *in, int n, bool last, struct str *out, struct err *e);
/* What getopt_long found wrong. */
bool command_bad_option(struct err *e);
