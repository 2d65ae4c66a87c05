#include "core/base/service.h"

#include <stdint.h>
#include <systemd/sd-daemon.h>

void service_ready(void)
{
	(void)sd_notify(0, "READY=1");
}

void service_stopping(void)
{
	(void)sd_notify(0, "STOPPING=1");
}

int service_watchdog_ms(void)
{
	uint64_t us;

	if (sd_watchdog_enabled(0, &us) <= 0)
		return 0;
	return us / 3000 > INT32_MAX ? INT32_MAX : (int)(us / 3000);
}

void service_alive(void)
{
	(void)sd_notify(0, "WATCHDOG=1");
}
