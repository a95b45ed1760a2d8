/*
 * A client, and workers for it, against a real pigatod:
 *
 *	live work ADDRESS …          echo, stream, fail, die; until killed
 *	live features ADDRESS        exit status 0: all went as it should
 *	live load ADDRESSES NUMBER   the same, whatever happens to brokers
 */
#include "live.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int
main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc > 2 && strcmp(argv[1], "work") == 0)
		return live_work(argc - 2, argv + 2);
	if (argc == 3 && strcmp(argv[1], "features") == 0)
		return live_features(argv[2]);
	if (argc == 4 && strcmp(argv[1], "load") == 0)
		return live_load(argv[2], atol(argv[3]));
	fprintf(stderr, "usage: live work|features|load ADDRESS …\n");
	return 2;
}
