#include "tests/unit/test.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/eye/jail_rules.h"

static void open_a_file(void)
{
	_exit(open("/etc/hostname", O_RDONLY) >= 0 ? 0 : 1);
}

static void open_a_socket(void)
{
	_exit(socket(AF_INET, SOCK_STREAM, 0) >= 0 ? 0 : 1);
}

static void become_another_program(void)
{
	execl("/bin/true", "true", (char *)NULL);
	_exit(1);
}

static void get_memory_and_end(void)
{
	void *p = malloc(8 << 20);

	memset(p, 1, 8 << 20);
	free(p);
	_exit(7);
}

static int outcome(void (*act)(void))
{
	pid_t pid = fork();
	int status = 0;

	if (pid == 0) {
		if (!jail_shut())
			_exit(2);
		act();
	}
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void assert_exits(void (*act)(void), int with)
{
	int status = outcome(act);

	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), with);
}

static void assert_killed(void (*act)(void))
{
	int status = outcome(act);

	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGSYS);
}

static void limits_but_under_a_sanitizer(void **state)
{
	(void)state;
	assert_int_equal(jail_can_limit(), !TEST_SANITIZED);
}

static void kills_who_asks_for_a_connection_or_a_program(void **state)
{
	void (*const acts[])(void) = { open_a_socket, become_another_program };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(acts); i++)
		if (jail_can_limit())
			assert_killed(acts[i]);
		else /* a sanitizer needs files of its own: the door stays open */
			assert_exits(acts[i], 0);
}

static void opens_no_file(void **state)
{
	(void)state;
	assert_exits(open_a_file, jail_can_limit() ? 1 : 0);
}

static void leaves_memory_and_an_end(void **state)
{
	(void)state;
	assert_exits(get_memory_and_end, 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(limits_but_under_a_sanitizer),
		cmocka_unit_test(kills_who_asks_for_a_connection_or_a_program),
		cmocka_unit_test(opens_no_file),
		cmocka_unit_test(leaves_memory_and_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
