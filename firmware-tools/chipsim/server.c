#include "firmware-tools/chipsim/server.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/base/text.h"

static bool set_flags(int fd)
{
	return fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 && fcntl(fd, F_SETFL, O_NONBLOCK) == 0;
}

/* A socket file stays behind when a program is killed; one that nobody answers at may go. */
static bool clear_stale(const char *path, const struct sockaddr_un *at, struct err *e)
{
	struct stat st;
	int fd, refused;

	if (lstat(path, &st) != 0)
		return true;
	if (!S_ISSOCK(st.st_mode))
		return err_set(e, ERR_CONFLICT, "%s exists and is no socket", path);
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (fd < 0)
		return err_errno(e, "cannot make a socket");
	refused = connect(fd, (const struct sockaddr *)at, sizeof(*at));
	close(fd);
	if (refused == 0)
		return err_set(e, ERR_CONFLICT, "another program serves %s", path);
	if (unlink(path) != 0)
		return err_errno(e, "cannot replace %s", path);
	return true;
}

void sim_server_init(struct sim_server *v)
{
	memset(v, 0, sizeof(*v));
	v->fd = -1;
	for (size_t i = 0; i < SERVER_CLIENTS; i++)
		v->clients[i].fd = -1;
}

bool sim_server_open(struct sim_server *v, const char *path, struct err *e)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };

	if (strlen(path) >= sizeof(at.sun_path))
		return err_set(e, ERR_USAGE, "the path of a socket has at most %zu characters",
			sizeof(at.sun_path) - 1);
	memcpy(at.sun_path, path, strlen(path) + 1);
	if (!clear_stale(path, &at, e))
		return false;
	v->fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (v->fd < 0 || !set_flags(v->fd) ||
		bind(v->fd, (const struct sockaddr *)&at, sizeof(at)) != 0) {
		err_errno(e, "cannot listen at %s", path);
		sim_server_close(v);
		return false;
	}
	v->path = path;
	if (listen(v->fd, SERVER_CLIENTS) != 0) {
		err_errno(e, "cannot listen at %s", path);
		sim_server_close(v);
		return false;
	}
	return true;
}

static void client_drop(struct server_client *c)
{
	if (c->fd >= 0)
		close(c->fd);
	arena_finish(&c->arena);
	*c = (struct server_client){ .fd = -1 };
}

void sim_server_close(struct sim_server *v)
{
	for (size_t i = 0; i < SERVER_CLIENTS; i++)
		client_drop(&v->clients[i]);
	if (v->path)
		unlink(v->path);
	if (v->fd >= 0)
		close(v->fd);
	v->fd = -1;
	v->path = NULL;
}

size_t sim_server_fds(const struct sim_server *v, struct pollfd *fds)
{
	size_t n = 0;
	bool room = false;

	for (size_t i = 0; i < SERVER_CLIENTS; i++) {
		const struct server_client *c = &v->clients[i];

		room |= c->fd < 0;
		if (c->fd < 0)
			continue;
		fds[n].fd = c->fd;
		fds[n].events = 0;
		if (!c->ended && c->len < sizeof(c->in))
			fds[n].events |= POLLIN;
		if (c->unsent.len > 0)
			fds[n].events |= POLLOUT;
		n++;
	}
	fds[n].fd = room ? v->fd : -1;
	fds[n].events = POLLIN;
	return n + 1;
}

static void flush(struct server_client *c)
{
	while (c->fd >= 0 && c->unsent.len > 0) {
		ssize_t n = send(c->fd, c->unsent.p, c->unsent.len, MSG_NOSIGNAL);

		if (n > 0) {
			c->unsent = bytes_of(c->unsent.p + n, c->unsent.len - (size_t)n);
		} else if (errno == EAGAIN || errno == EWOULDBLOCK) {
			return;
		} else if (errno != EINTR) {
			client_drop(c);
			return;
		}
	}
	if (c->unsent.len == 0)
		arena_reset(&c->arena);
}

static void answer(struct server_client *c, struct buf *reply)
{
	buf_add_char(reply, '\n');
	c->unsent = buf_bytes(reply);
	flush(c);
}

static void read_more(struct server_client *c)
{
	ssize_t n = recv(c->fd, c->in + c->len, sizeof(c->in) - c->len, 0);

	if (n > 0)
		c->len += (size_t)n;
	else if (n == 0)
		c->ended = true;
	else if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)
		client_drop(c);
}

static void forget_front(struct server_client *c, size_t n)
{
	memmove(c->in, c->in + n, c->len - n);
	c->len -= n;
}

static void do_line(struct server_client *c, struct sim *s, struct bytes line, uint64_t world_ns)
{
	struct buf reply = BUF_IN(&c->arena);
	struct str text;

	if (!utf8_check(line, &text))
		buf_lit(&reply, "err the line is not UTF-8");
	else
		sim_control_line(s, text, world_ns, &reply, &c->wait);
	if (c->wait.kind == WAIT_NOTHING)
		answer(c, &reply);
}

/* The line at the front of c->in; true when there was one, or a part of one too long. */
static bool take_line(struct server_client *c, struct sim *s, uint64_t world_ns)
{
	const char *end = memchr(c->in, '\n', c->len);
	size_t len = end ? (size_t)(end - c->in) : c->len;
	bool skipped = c->skipping;

	if (!end && c->len < sizeof(c->in))
		return false;
	c->skipping = !end;
	if (!end && !skipped) {
		struct buf reply = BUF_IN(&c->arena);

		buf_printf(&reply, "err a line has at most %d characters", SERVER_LINE_MAX - 1);
		answer(c, &reply);
	} else if (end && !skipped) {
		do_line(c, s, bytes_of(c->in, len), world_ns);
	}
	if (c->fd >= 0)
		forget_front(c, end ? len + 1 : len);
	return true;
}

static void work(struct server_client *c, struct sim *s, uint64_t world_ns)
{
	while (c->fd >= 0) {
		if (c->unsent.len > 0)
			return;
		if (c->wait.kind != WAIT_NOTHING) {
			struct buf reply = BUF_IN(&c->arena);

			if (!sim_wait_over(s, &c->wait))
				return;
			sim_wait_answer(s, &c->wait, &reply);
			c->wait.kind = WAIT_NOTHING;
			answer(c, &reply);
			continue;
		}
		if (!take_line(c, s, world_ns))
			break;
	}
	if (c->ended)
		client_drop(c);
}

static void accept_one(struct sim_server *v)
{
	int fd = accept(v->fd, NULL, NULL);
	size_t i = 0;

	if (fd < 0)
		return;
	while (i < SERVER_CLIENTS && v->clients[i].fd >= 0)
		i++;
	if (i == SERVER_CLIENTS || !set_flags(fd))
		close(fd);
	else
		v->clients[i].fd = fd;
}

void sim_server_run(
	struct sim_server *v, struct sim *s, const struct pollfd *fds, size_t n, uint64_t world_ns)
{
	for (size_t i = 0; i < n; i++) {
		struct server_client *c = NULL;

		if (fds[i].fd >= 0 && fds[i].fd == v->fd && (fds[i].revents & POLLIN))
			accept_one(v);
		for (size_t k = 0; k < SERVER_CLIENTS && fds[i].fd >= 0; k++)
			if (v->clients[k].fd == fds[i].fd)
				c = &v->clients[k];
		if (!c)
			continue;
		if (fds[i].revents & POLLIN)
			read_more(c);
		else if (fds[i].revents & (POLLHUP | POLLERR))
			client_drop(c);
		if (c->fd >= 0 && (fds[i].revents & POLLOUT))
			flush(c);
	}
	for (size_t k = 0; k < SERVER_CLIENTS; k++)
		if (v->clients[k].fd >= 0)
			work(&v->clients[k], s, world_ns);
}
