/*
 * A response shares the frame that came in. Frames are not ended by a zero,
 * so who asks for the text gets a copy of it, made when it is first asked for.
 */
#include "lib/response.h"

#include "base/alloc.h"
#include "lib/json.h"

void
pgt_response_init(struct pigato_response *response, int error, bool is_final,
    struct pgt_frame *data)
{
	*response = (struct pigato_response){
	    .error = error,
	    .is_final = is_final,
	};
	pgt_frame_init(&response->data);
	if (data != NULL)
		pgt_frame_move(&response->data, data);
}

void
pgt_response_clear(struct pigato_response *response)
{
	pgt_frame_clear(&response->data);
	pgt_free(response->text);
}

int
pigato_response_error(const struct pigato_response *response)
{
	return response->error;
}

bool
pigato_response_is_final(const struct pigato_response *response)
{
	return response->is_final;
}

static const char *
require_text(struct pigato_response *response, struct pgt_slice data)
{
	if (data.n == 0)
		return "";
	if (response->text != NULL)
		return response->text;
	response->text = pgt_alloc(data.n + 1);
	if (response->text != NULL)
		memcpy(response->text, data.p, data.n);
	return response->text;
}

const char *
pigato_response_data(const struct pigato_response *response, size_t *size)
{
	struct pgt_slice data = pgt_frame_view(&response->data);
	/* No response is ever const: its text is made on demand. */
	const char *text =
	    require_text((struct pigato_response *)response, data);

	if (size != NULL)
		*size = text == NULL ? 0 : data.n;
	return text;
}

struct json_t *
pigato_response_json(const struct pigato_response *response)
{
	return pgt_json_read(pgt_frame_view(&response->data));
}

struct pigato_response *
pigato_response_keep(const struct pigato_response *response)
{
	struct pigato_response *kept = pgt_alloc(sizeof(*kept));

	if (kept == NULL)
		return NULL;
	pgt_response_init(kept, response->error, response->is_final, NULL);
	pgt_frame_share(
	    &kept->data, &((struct pigato_response *)response)->data);
	return kept;
}

void
pigato_response_free(struct pigato_response *response)
{
	if (response == NULL)
		return;
	pgt_response_clear(response);
	pgt_free(response);
}
