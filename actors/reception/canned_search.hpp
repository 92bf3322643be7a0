#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "actors/reception/message_template.hpp"
#include "config/reception_config.hpp"

namespace switchboard {

/// A canned reply as an agent gets it: its variables filled where they are known.
struct canned_match {
  const config::canned_reply* reply = nullptr;
  std::string language, text;
};

struct canned_query {
  std::vector<group_id> groups;  // replies of these and of every group
  std::string text;              // every word of it is in shortcut, title or text; empty: all
  std::string language, otherwise;
  template_values values;
  std::size_t limit = 20;
};

/// The best first: by shortcut, by title, by text; as declared among equals. Words are compared
/// folded. Pure.
std::vector<canned_match> search_canned(const std::vector<config::canned_reply>& all,
                                        const canned_query& query);
/// {replies: [{id, title, shortcut, language, text, groups}]}.
std::string packed_canned(const std::vector<canned_match>& found);

}  // namespace switchboard
