#include "kiosk/readers/keymap.h"

#include <linux/input-event-codes.h>

#include "core/base/attr.h"

/* Without and with Shift. */
static const char keys[][2] = {
	[KEY_1] = "1!",
	[KEY_2] = "2@",
	[KEY_3] = "3#",
	[KEY_4] = "4$",
	[KEY_5] = "5%",
	[KEY_6] = "6^",
	[KEY_7] = "7&",
	[KEY_8] = "8*",
	[KEY_9] = "9(",
	[KEY_0] = "0)",
	[KEY_MINUS] = "-_",
	[KEY_EQUAL] = "=+",
	[KEY_TAB] = "\t\t",
	[KEY_Q] = "qQ",
	[KEY_W] = "wW",
	[KEY_E] = "eE",
	[KEY_R] = "rR",
	[KEY_T] = "tT",
	[KEY_Y] = "yY",
	[KEY_U] = "uU",
	[KEY_I] = "iI",
	[KEY_O] = "oO",
	[KEY_P] = "pP",
	[KEY_LEFTBRACE] = "[{",
	[KEY_RIGHTBRACE] = "]}",
	[KEY_ENTER] = "\n\n",
	[KEY_A] = "aA",
	[KEY_S] = "sS",
	[KEY_D] = "dD",
	[KEY_F] = "fF",
	[KEY_G] = "gG",
	[KEY_H] = "hH",
	[KEY_J] = "jJ",
	[KEY_K] = "kK",
	[KEY_L] = "lL",
	[KEY_SEMICOLON] = ";:",
	[KEY_APOSTROPHE] = "'\"",
	[KEY_GRAVE] = "`~",
	[KEY_BACKSLASH] = "\\|",
	[KEY_Z] = "zZ",
	[KEY_X] = "xX",
	[KEY_C] = "cC",
	[KEY_V] = "vV",
	[KEY_B] = "bB",
	[KEY_N] = "nN",
	[KEY_M] = "mM",
	[KEY_COMMA] = ",<",
	[KEY_DOT] = ".>",
	[KEY_SLASH] = "/?",
	[KEY_KPASTERISK] = "**",
	[KEY_SPACE] = "  ",
	[KEY_KP7] = "77",
	[KEY_KP8] = "88",
	[KEY_KP9] = "99",
	[KEY_KPMINUS] = "--",
	[KEY_KP4] = "44",
	[KEY_KP5] = "55",
	[KEY_KP6] = "66",
	[KEY_KPPLUS] = "++",
	[KEY_KP1] = "11",
	[KEY_KP2] = "22",
	[KEY_KP3] = "33",
	[KEY_KP0] = "00",
	[KEY_KPDOT] = "..",
	[KEY_KPENTER] = "\n\n",
	[KEY_KPSLASH] = "//",
};

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Alt goes up: the number that was typed is the byte. */
static bool alt_released(struct keymap *k, uint8_t *byte)
{
	bool any = k->numbered;

	*byte = (uint8_t)k->number;
	k->number = 0;
	k->numbered = false;
	return any;
}

static bool modifier(struct keymap *k, uint16_t key, bool down)
{
	switch (key) {
	case KEY_LEFTSHIFT:
	case KEY_RIGHTSHIFT:
		k->shift = down;
		return true;
	case KEY_LEFTCTRL:
	case KEY_RIGHTCTRL:
		k->control = down;
		return true;
	case KEY_CAPSLOCK:
		k->caps ^= down;
		return true;
	default:
		return false;
	}
}

bool keymap_key(struct keymap *k, uint16_t key, int32_t value, uint8_t *byte)
{
	bool down = value != 0;
	char c;

	if (value == 2)
		return false; /* a scanner holds no key; a repeat is a late release */
	if (key == KEY_LEFTALT || key == KEY_RIGHTALT) {
		k->alt = down;
		return !down && alt_released(k, byte);
	}
	if (modifier(k, key, down) || !down || key >= ARRAY_LEN(keys))
		return false;
	c = keys[key][0];
	if (c == '\0')
		return false;
	if (k->alt) {
		if (c >= '0' && c <= '9') {
			k->number = (k->number * 10 + (unsigned)(c - '0')) % 1000;
			k->numbered = true;
		}
		return false;
	}
	if (k->shift != (k->caps && is_letter(c)))
		c = keys[key][1];
	*byte = k->control && (is_letter(c) || c == '[' || c == ']' || c == '\\' || c == '^' ||
				      c == '_')
			? (uint8_t)(c & 0x1F)
			: (uint8_t)c;
	return true;
}
