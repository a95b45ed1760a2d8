#include "cli/terminal.h"

#define NCURSES_NOMACROS
#include <curses.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define KEY_WAIT_MS 50 /* for the rest of a key that begins with Escape */

/* curses has but one at a time, and wants it back at the end. */
static SCREEN *
opened(SCREEN *now)
{
	static SCREEN *one;

	if (now != NULL)
		one = now;
	return one;
}

bool
terminal_open(void)
{
	SCREEN *s = newterm(NULL, stdout, stdin);

	if (s == NULL)
		return false;
	opened(s);
	set_escdelay(KEY_WAIT_MS);
	cbreak();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	curs_set(0);
	return true;
}

void
terminal_close(void)
{
	endwin();
	delscreen(opened(NULL));
}

void
terminal_resize(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 &&
	    size.ws_col > 0)
		resizeterm(size.ws_row, size.ws_col);
	clearok(curscr, TRUE);
}

int
terminal_key(void)
{
	return getch();
}
