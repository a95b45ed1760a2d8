/*
 * What is told to a broker to make it do everything it can do. A line is a
 * message ("PEER FRAME …", frames as words.h has them) or one of
 *
 *	wait MS		time goes by
 *	block PEER	mail for that peer is refused
 *	open		for nobody any more
 *	policy NAME	new settings
 *	stop		good-bye
 */
#ifndef FAULT_STORY_H
#define FAULT_STORY_H

/* NULL at the end. */
extern const char *const fault_story[];

#endif
