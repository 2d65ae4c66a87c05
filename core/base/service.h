/*
 * What systemd is told of a service (sd_notify(3)): that it serves, that it is alive, that it
 * ends. Started in any other way, nothing happens.
 */
#pragma once

/* Once, as soon as it serves. */
void service_ready(void);
void service_stopping(void);
/* How often service_alive is due, ms: a third of what the unit's WatchdogSec allows. 0: never. */
int service_watchdog_ms(void);
void service_alive(void);
