/* What the tabulator does in a shell. */
#ifndef CLI_COMPLETE_H
#define CLI_COMPLETE_H

#include <histedit.h>

/*
 * A function for EL_ADDFN: completes the word at the cursor, or lists what it
 * may become. The editor's EL_CLIENTDATA is a struct cli.
 */
unsigned char complete_word(EditLine *el, int key);

#endif
