#define _DEFAULT_SOURCE /* NI_NUMERICHOST and friends with glibc's strict mode */
#include "core/http/wire.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 1024, FILES_FOR_OTHERS = 128 };

void address_text(const struct sockaddr *a, char out[64])
{
	const void *at = NULL;
	int family = a->sa_family;

	out[0] = '\0';
	if (family == AF_INET) {
		at = &((const struct sockaddr_in *)(const void *)a)->sin_addr;
	} else if (family == AF_INET6) {
		const struct in6_addr *six =
			&((const struct sockaddr_in6 *)(const void *)a)->sin6_addr;

		at = six;
		if (IN6_IS_ADDR_V4MAPPED(six)) {
			at = six->s6_addr + 12;
			family = AF_INET;
		}
	}
	if (!at || !inet_ntop(family, at, out, 64))
		out[0] = '\0';
}

static bool split(const char *where, char host[64], char port[8], struct err *e)
{
	const char *colon = strrchr(where, ':');
	size_t len = colon ? (size_t)(colon - where) : 0;
	uint64_t number;

	if (!colon || !str_u64(str_of(colon + 1), &number) || number > 65535)
		return err_set(e, ERR_USAGE, "\"%.80s\" is no ADDR:PORT", where);
	if (len > 1 && where[0] == '[' && where[len - 1] == ']') {
		where++;
		len -= 2;
	}
	if (len == 0 || len >= 64)
		return err_set(e, ERR_USAGE,
			"\"%.80s\" is no ADDR:PORT; for every address write 0.0.0.0 or [::]",
			where);
	memcpy(host, where, len);
	host[len] = '\0';
	snprintf(port, 8, "%u", (unsigned)number);
	return true;
}

static void name_it(struct listener *l)
{
	union {
		struct sockaddr a;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
		struct sockaddr_storage s;
	} u = { 0 };
	socklen_t len = sizeof(u);
	char text[64];

	if (getsockname(l->fd, &u.a, &len) != 0)
		return;
	address_text(&u.a, text);
	l->loopback = address_is_loopback(str_of(text));
	if (u.a.sa_family == AF_INET6)
		snprintf(l->address, sizeof(l->address), "[%.46s]:%u", text, ntohs(u.v6.sin6_port));
	else
		snprintf(l->address, sizeof(l->address), "%.46s:%u", text, ntohs(u.v4.sin_port));
}

/* To be freed with freeaddrinfo(). */
static bool resolve(struct addrinfo **out, const char *where, struct err *e)
{
	struct addrinfo want = { .ai_socktype = SOCK_STREAM,
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV };
	char host[64], port[8];

	if (!split(where, host, port, e))
		return false;
	return getaddrinfo(host, port, &want, out) == 0 ||
	       err_set(e, ERR_USAGE, "\"%s\" is no address of this machine; write it in numbers",
		       host);
}

bool http_listen_check(const char *where, bool loopback, struct err *e)
{
	struct addrinfo *found = NULL;
	char text[64];

	if (!resolve(&found, where, e))
		return false;
	address_text(found->ai_addr, text);
	freeaddrinfo(found);
	return !loopback || address_is_loopback(str_of(text)) ||
	       err_set(e, ERR_USAGE, "%s is open to the network: give an address of 127.0.0.1",
		       where);
}

bool listener_open(struct listener *out, const char *where, struct err *e)
{
	struct addrinfo *found = NULL;
	int one = 1;

	*out = (struct listener){ .fd = -1 };
	if (!resolve(&found, where, e))
		return false;
	out->fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (out->fd < 0 || setsockopt(out->fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) != 0 ||
		bind(out->fd, found->ai_addr, found->ai_addrlen) != 0 ||
		listen(out->fd, BACKLOG) != 0) {
		err_errno(e, "cannot listen on %s", where);
		if (out->fd >= 0)
			close(out->fd);
		freeaddrinfo(found);
		return false;
	}
	freeaddrinfo(found);
	name_it(out);
	return true;
}

unsigned files_for(unsigned connections)
{
	struct rlimit now;
	rlim_t want = connections + FILES_FOR_OTHERS;

	if (getrlimit(RLIMIT_NOFILE, &now) != 0 || now.rlim_cur == RLIM_INFINITY ||
		now.rlim_cur >= want)
		return connections;
	if (now.rlim_max != RLIM_INFINITY && now.rlim_max < want)
		want = now.rlim_max;
	now.rlim_cur = want;
	if (setrlimit(RLIMIT_NOFILE, &now) != 0 && getrlimit(RLIMIT_NOFILE, &now) != 0)
		return connections;
	if (now.rlim_cur >= connections + FILES_FOR_OTHERS)
		return connections;
	/* a small allowance is shared: half for connections */
	return (unsigned)(now.rlim_cur > 2 * FILES_FOR_OTHERS ? now.rlim_cur - FILES_FOR_OTHERS
							      : now.rlim_cur / 2);
}
