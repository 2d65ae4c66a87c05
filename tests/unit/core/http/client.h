/* A client with a raw socket, for the tests of core/http: it sends exactly the bytes it is told. */
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/http/http.h"
#include "tests/unit/test.h"

static int client_connect(const char *address)
{
	const char *colon = strrchr(address, ':');
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	uint64_t port;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_non_null(colon);
	assert_true(str_u64(str_of(colon + 1), &port));
	to.sin_port = htons((uint16_t)port);
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	return fd;
}

UNUSED static void client_send(int fd, struct bytes b)
{
	while (b.len > 0) {
		ssize_t n = send(fd, b.p, b.len, MSG_NOSIGNAL);

		if (n <= 0)
			return; /* the server may close early, which the test then sees */
		b.p += n;
		b.len -= (size_t)n;
	}
}

/* Everything until the server closes, as a string in a. */
UNUSED static const char *client_read_all(int fd, struct arena *a)
{
	struct buf in = BUF_IN(a);
	uint8_t part[4096];
	ssize_t n;

	while ((n = recv(fd, part, sizeof(part), 0)) > 0)
		buf_add(&in, bytes_of(part, (size_t)n));
	return arena_cstr(a, buf_str(&in));
}

/* Until text has come. */
UNUSED static const char *client_read_until(int fd, const char *text, struct arena *a)
{
	struct buf in = BUF_IN(a);
	uint8_t one;

	while (recv(fd, &one, 1, 0) == 1) {
		buf_add(&in, bytes_of(&one, 1));
		if (str_ends(buf_str(&in), str_of(text)))
			return arena_cstr(a, buf_str(&in));
	}
	fail_msg("closed before \"%s\" came", text);
	return NULL;
}

/*
 * Send raw and read everything that comes of it. The sending side is closed after the first head
 * has come: libmicrohttpd reads what arrives together as one event, and would not see the end.
 */
UNUSED static const char *client_ask(const char *address, struct bytes raw, struct arena *a)
{
	int fd = client_connect(address);
	const char *head, *rest;
	struct buf in = BUF_IN(a);
	uint8_t one;

	client_send(fd, raw);
	while (!str_ends(buf_str(&in), STR("\r\n\r\n")) && recv(fd, &one, 1, 0) == 1)
		buf_add_u8(&in, one);
	head = arena_cstr(a, buf_str(&in));
	shutdown(fd, SHUT_WR);
	rest = client_read_all(fd, a);
	close(fd);
	return arena_printf(a, "%s%s", head, rest).p;
}

UNUSED static int status_of(const char *reply)
{
	uint64_t status;

	return strlen(reply) > 12 && str_u64((struct str){ reply + 9, 3 }, &status) ? (int)status
										    : 0;
}

UNUSED static size_t count_of(const char *in, const char *what)
{
	size_t n = 0;

	for (const char *at = in; (at = strstr(at, what)); at += strlen(what))
		n++;
	return n;
}
