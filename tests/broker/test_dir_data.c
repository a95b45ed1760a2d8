/* What $dir makes of its data (PROTOCOL 6). */
#include "check.h"
#include "sim.h"

#include <stdio.h>

#include "services/services.h"

/* Any JSON but a text was taken for the empty name, which `*` serves. */
static void
test_no_text_is_no_name(void)
{
	static const char *const data[] = {
	    "{\"a\":1}", "[\"echo\"]", "true", "17"};
	struct sim *s = sim_new(&dir_service);
	char line[64];

	sim_tell(s, "w1 W 1 *");
	sim_tell(s, "w2 W 1 echo");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w2 W 1\n");
	for (size_t i = 0; i < sizeof(data) / sizeof(data[0]); i++) {
		snprintf(
		    line, sizeof(line), "c1 C 2 $dir r%zu %s {}", i, data[i]);
		sim_tell(s, line);
		snprintf(
		    line, sizeof(line), "[0] c1 C 3 \\e r%zu 0 [] {}\n", i);
		sim_want(s, line);
	}
	sim_free(s);
}

static const struct check_test tests[] = {
    {test_no_text_is_no_name,
	"PROTOCOL 6: data that is JSON but no text names nobody"},
};

CHECK_MAIN(tests)
