#pragma once

#include <string>
#include <string_view>

#include "config/dispatch_config.hpp"
#include "config/yaml_value.hpp"

/// Readers of what concerns reception. `forms` come before what names them. Private to this room.
namespace switchboard::config {

struct kept_words;

void read_forms(const yaml_value& section, reception_config& out);
void read_input(const yaml_value& section, const dispatch_config& all, input_policy& out);
void read_alerts(const yaml_value& section, alert_settings& out);
/// As read_alerts, with `teams`, which must be the configuration's: after agents and teams.
void read_general_alerts(const yaml_value& section, dispatch_config& all);
void read_attachments(const yaml_value& section, attachment_policy& out);
void read_rating(const yaml_value& section, rating_policy& out);
/// `dispositions` and `disposition_required` of a group's wrap-up.
void read_dispositions(yaml_map& wrap_up, disposition_policy& out);
void read_word_lists(const yaml_value& section, dispatch_config& all);
/// Reads the lists' files, which lie below `folder` (named_files.hpp). Words are trimmed, empty
/// lines and those that begin with # left out.
void read_word_files(const std::string& folder, reception_config& out, error_list& errors,
                     kept_words* kept = nullptr);
void read_canned_replies(const yaml_value& section, dispatch_config& all);

/// Refuses a placeholder that no automatic message and no canned reply knows.
void check_placeholders(const yaml_value& value, std::string_view text);

}  // namespace switchboard::config
