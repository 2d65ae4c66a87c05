/* kith-server: one table of commands over one store. */
#include <getopt.h>
#include <sys/stat.h>
#include <sysexits.h>

#include "core/base/crypto.h"
#include "server/command.h"

static void print_help(FILE *to)
{
	fprintf(to, "usage: kith-server --store URL COMMAND [ARGUMENT]...\n"
		    "       kith-server --help | --version\n\n"
		    "URL is a folder, made by the first \"event add\".\n\n");
	for (size_t i = 0; i < server_command_count; i++)
		fprintf(to, "  %-14s %-42s %s\n", server_commands[i].name, server_commands[i].usage,
			server_commands[i].help);
}

/* The command at argv[0], and how many words its name has. */
static const struct command *find(int argc, char **argv, int *words)
{
	for (size_t i = 0; i < server_command_count; i++) {
		struct str rest = str_of(server_commands[i].name), word;
		bool same = true;
		int n = 0;

		while (same && str_split(&rest, ' ', &word)) {
			same = n < argc && str_equal(word, str_of(argv[n]));
			n++;
		}
		if (same) {
			*words = n;
			return &server_commands[i];
		}
	}
	return NULL;
}

static int run(const struct command *c, struct invocation *in)
{
	struct err e = { 0 };
	bool ok;

	optind = 0; /* begin anew, with options anywhere */
	ok = crypto_init(&e) && c->run(in, &e);
	if (ok && fflush(stdout) != 0)
		ok = err_errno(&e, "cannot write the answer");
	if (ok)
		return EX_OK;
	fprintf(stderr, "kith-server %s: %s\n", c->name, e.text);
	if (e.code == ERR_USAGE)
		fprintf(stderr, "usage: kith-server --store URL %s %s\n", c->name, c->usage);
	return err_exit_status(e.code);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "store", required_argument, NULL, 's' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'v' },
		{ NULL, 0, NULL, 0 },
	};
	struct arena arena = { 0 };
	struct invocation in = { .arena = &arena };
	const struct command *c;
	int option, words, status;

	umask(S_IRWXG | S_IRWXO);
	/* '+': the command's own options are the command's */
	while ((option = getopt_long(argc, argv, "+", options, NULL)) != -1) {
		switch (option) {
		case 's':
			in.store = optarg;
			break;
		case 'h':
			print_help(stdout);
			return EX_OK;
		case 'v':
			printf("kith-server %s\n", KITH_VERSION);
			return EX_OK;
		default:
			return EX_USAGE;
		}
	}
	c = find(argc - optind, argv + optind, &words);
	if (!c || !in.store) {
		if (optind < argc && !c)
			fprintf(stderr, "kith-server: no command \"%s\"\n", argv[optind]);
		else if (c)
			fprintf(stderr, "kith-server: --store is missing\n");
		print_help(stderr);
		return EX_USAGE;
	}
	in.argc = argc - optind - (words - 1);
	in.argv = argv + optind + (words - 1);
	status = run(c, &in);
	arena_finish(&arena);
	return status;
}
