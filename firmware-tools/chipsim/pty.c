#define _DEFAULT_SOURCE	    /* speeds above 38400 */
#define _XOPEN_SOURCE	700 /* posix_openpt */

#include "firmware-tools/chipsim/pty.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "core/base/bytes.h"

static bool make_raw(int fd, struct err *e)
{
	struct termios t;

	if (tcgetattr(fd, &t) != 0)
		return err_errno(e, "cannot read the settings of the pseudo-terminal");
	t.c_iflag &= (tcflag_t) ~(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
	t.c_oflag &= (tcflag_t)~OPOST;
	t.c_lflag &= (tcflag_t) ~(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
	t.c_cflag = (t.c_cflag & (tcflag_t) ~(CSIZE | PARENB)) | CS8 | CREAD | CLOCAL;
	t.c_cc[VMIN] = 1;
	t.c_cc[VTIME] = 0;
	cfsetispeed(&t, B115200);
	cfsetospeed(&t, B115200);
	if (tcsetattr(fd, TCSANOW, &t) != 0)
		return err_errno(e, "cannot make the pseudo-terminal raw");
	return true;
}

/* A new link beside the old one, renamed over it: whoever opens it finds one or the other. */
static bool put_link(const char *link, const char *device, struct err *e)
{
	char fresh[512];
	struct stat st;
	int n = snprintf(fresh, sizeof(fresh), "%s.new.%ld", link, (long)getpid());

	if (n < 0 || (size_t)n >= sizeof(fresh))
		return err_set(e, ERR_USAGE, "the path of the link is too long");
	if (lstat(link, &st) == 0 && !S_ISLNK(st.st_mode))
		return err_set(e, ERR_CONFLICT, "%s exists and is no symbolic link", link);
	unlink(fresh);
	if (symlink(device, fresh) != 0)
		return err_errno(e, "cannot make the link %s", fresh);
	if (rename(fresh, link) != 0) {
		err_errno(e, "cannot put the link %s in place", link);
		unlink(fresh);
		return false;
	}
	return true;
}

static bool open_pair(struct sim_pty *p, struct err *e)
{
	const char *name;

	p->master = posix_openpt(O_RDWR | O_NOCTTY);
	if (p->master < 0 || fcntl(p->master, F_SETFD, FD_CLOEXEC) != 0 ||
		fcntl(p->master, F_SETFL, O_NONBLOCK) != 0 || grantpt(p->master) != 0 ||
		unlockpt(p->master) != 0)
		return err_errno(e, "cannot open a pseudo-terminal");
	name = ptsname(p->master);
	if (!name || strlen(name) >= sizeof(p->device))
		return err_set(e, ERR_IO, "the pseudo-terminal has no name");
	memcpy(p->device, name, strlen(name) + 1);
	p->slave = open(p->device, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (p->slave < 0)
		return err_errno(e, "cannot open %s", p->device);
	return make_raw(p->slave, e);
}

bool sim_pty_open(struct sim_pty *p, const char *link, struct err *e)
{
	*p = (struct sim_pty){ .master = -1, .slave = -1, .link = link };
	if (open_pair(p, e) && put_link(link, p->device, e))
		return true;
	sim_pty_close(p);
	return false;
}

void sim_pty_close(struct sim_pty *p)
{
	char target[sizeof(p->device)];
	ssize_t n;

	if (!p->link)
		return;
	n = readlink(p->link, target, sizeof(target));
	if (n > 0 &&
		bytes_equal(bytes_of(target, (size_t)n), bytes_of(p->device, strlen(p->device))))
		unlink(p->link);
	if (p->slave >= 0)
		close(p->slave);
	if (p->master >= 0)
		close(p->master);
	p->slave = p->master = -1;
	p->device[0] = '\0';
}

uint32_t sim_pty_baud(const struct sim_pty *p)
{
	static const struct {
		speed_t code;
		uint32_t baud;
	} speeds[] = { { B9600, 9600 }, { B19200, 19200 }, { B38400, 38400 }, { B57600, 57600 },
		{ B115200, 115200 }, { B230400, 230400 }, { B460800, 460800 }, { B921600, 921600 },
		{ B1152000, 1152000 } };
	struct termios t;

	if (p->master < 0 || tcgetattr(p->master, &t) != 0)
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(speeds); i++)
		if (cfgetospeed(&t) == speeds[i].code)
			return speeds[i].baud;
	return 0;
}
