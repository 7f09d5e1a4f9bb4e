/* SPDX-License-Identifier: MIT */
#include "io/alarm.h"

#include <signal.h>
#include <sys/time.h>

static void interrupt(int number)
{
    (void)number;
}

void alarm_set(time_t seconds)
{
    struct sigaction act = {.sa_handler = interrupt};
    struct itimerval timer = {.it_value.tv_sec = seconds};
    timer.it_interval.tv_usec = seconds > 0 ? 100000 : 0;
    if (seconds > 0)
        (void)sigaction(SIGALRM, &act, NULL);
    (void)setitimer(ITIMER_REAL, &timer, NULL);
}
