/* In the place of charset_iconv.c where iconv(3) is not wanted; see charset.h. */
#include "core/card/charset.h"

bool charset_convert(struct buf *out, struct bytes value, const char *iconv_name)
{
	(void)out, (void)value, (void)iconv_name;
	return false;
}
