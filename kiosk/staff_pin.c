#include "kiosk/staff_pin.h"

#include <termios.h>
#include <unistd.h>

#include "core/base/crypto.h"

enum { PIN_MIN = 4, PIN_MAX = 8, LINE_SIZE = 64 };

bool staff_pin_check(struct str pin, struct err *e)
{
	bool ok = pin.len >= PIN_MIN && pin.len <= PIN_MAX;

	for (size_t i = 0; i < pin.len; i++)
		ok = ok && pin.p[i] >= '0' && pin.p[i] <= '9';
	return ok || err_set(e, ERR_MALFORMED, "a staff PIN has %d to %d digits", PIN_MIN, PIN_MAX);
}

static bool read_line(FILE *in, char line[LINE_SIZE], struct err *e)
{
	size_t n;

	if (!fgets(line, LINE_SIZE, in))
		return err_set(e, ERR_MALFORMED, "no PIN was given");
	n = strcspn(line, "\r\n");
	line[n] = '\0';
	return true;
}

/*
 * Without echo; nor do keys stop the program meanwhile, which would leave the terminal so: they
 * arrive as characters, and are no digits.
 */
static bool ask(FILE *in, const char *prompt, char line[LINE_SIZE], struct err *e)
{
	struct termios before, quiet;
	bool terminal = tcgetattr(fileno(in), &before) == 0, ok;

	if (!terminal)
		return read_line(in, line, e);
	quiet = before;
	quiet.c_lflag &= ~(tcflag_t)(ECHO | ISIG);
	fprintf(stderr, "%s: ", prompt);
	fflush(stderr);
	if (tcsetattr(fileno(in), TCSAFLUSH, &quiet) != 0)
		return err_errno(e, "the terminal would show the PIN");
	ok = read_line(in, line, e);
	(void)tcsetattr(fileno(in), TCSAFLUSH, &before);
	fprintf(stderr, "\n");
	return ok;
}

bool staff_pin_make(FILE *in, FILE *out, struct err *e)
{
	char pin[LINE_SIZE] = "", again[LINE_SIZE] = "", hash[PASSWORD_HASH_LEN];
	bool ok = ask(in, "PIN", pin, e) && staff_pin_check(str_of(pin), e);

	if (ok && isatty(fileno(in)))
		ok = ask(in, "the same again", again, e) &&
		     (strcmp(pin, again) == 0 ||
			     err_set(e, ERR_MALFORMED, "the two PINs are not the same"));
	ok = ok && password_hash(hash, str_of(pin), e);
	crypto_wipe(pin, sizeof(pin));
	crypto_wipe(again, sizeof(again));
	if (!ok)
		return false;
	return fprintf(out, "staff_pin_hash = %s\n", hash) > 0 || err_errno(e, "standard output");
}
