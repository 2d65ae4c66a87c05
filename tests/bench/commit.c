/*
 * The floor under a tap: for each line on standard input one small row is committed to SQLite
 * (WAL, synchronous=FULL), and the nanoseconds that it took are told. usage: bench-commit FILE
 */
#include "core/base/clock.h"
#include "tests/bench/raw.h"

int main(int argc, char **argv)
{
	struct raw *raw = NULL;
	struct err e = { 0 };
	char line[64];
	bool ok = argc == 2 ? raw_open(&raw, argv[1], &e)
			    : err_set(&e, ERR_USAGE, "usage: bench-commit FILE");

	while (ok && fgets(line, sizeof(line), stdin)) {
		uint64_t from = clock_monotonic_ns();

		ok = raw_add_one(raw, &e);
		printf("%llu\n", (unsigned long long)(clock_monotonic_ns() - from));
		fflush(stdout);
	}
	raw_close(raw);
	if (!ok)
		fprintf(stderr, "bench-commit: %s\n", e.text);
	return ok ? 0 : err_exit_status(e.code);
}
