/* jansson takes no text that is no UTF-8: null stands for it. */
#include "services/config_json.h"

static json_t *
of_texts(const struct config_value *v)
{
	json_t *list = json_array();

	for (size_t i = 0; i < v->n; i++) {
		json_t *text = json_string(v->text[i]);

		json_array_append_new(list, text != NULL ? text : json_null());
	}
	return list;
}

json_t *
config_json_value(const struct config_value *v)
{
	json_t *text;

	if (v->type == CONFIG_FLAG)
		return json_boolean(v->number != 0);
	if (v->type == CONFIG_NUMBER)
		return json_integer(v->number);
	if (v->type == CONFIG_TEXTS)
		return of_texts(v);
	text = json_string(v->text[0]);
	return text != NULL ? text : json_null();
}

json_t *
config_json_option(const struct config_option *o)
{
	json_t *source = json_string(o->source);

	return json_pack("{s:s,s:o,s:o,s:o,s:b}", "name", o->name, "value",
	    config_json_value(&o->value), "default", config_json_value(&o->def),
	    "source", source != NULL ? source : json_null(), "reloadable",
	    (int)o->reloadable);
}
