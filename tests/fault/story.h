/*
 * What is told to a broker to make it do everything it can do. A line is a
 * message ("PEER FRAME …", frames as words.h has them; "@PEER …" for one at
 * the administrative port) or one of
 *
 *	wait MS		time goes by
 *	block PEER	mail for that peer is refused
 *	open		for nobody any more
 *	policy NAME	new settings
 *	queue N		… with room for so many waiting requests (0: any)
 *	drain		no new requests
 *	stop		good-bye
 */
#ifndef FAULT_STORY_H
#define FAULT_STORY_H

/* NULL at the end. Behind the second one the broker takes no requests. */
extern const char *const fault_story[];
extern const char *const fault_story_of_a_drain[];

#endif
