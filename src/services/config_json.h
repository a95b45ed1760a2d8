/* Options of config.h as $conf tells them in JSON. */
#ifndef SERVICES_CONFIG_JSON_H
#define SERVICES_CONFIG_JSON_H

#include <jansson.h>

#include "services/config.h"

/* The value alone; gives, NULL for want of memory. */
json_t *config_json_value(const struct config_value *v);

/* Name, value, default, source, reloadable; gives, NULL for want of memory. */
json_t *config_json_option(const struct config_option *o);

#endif
