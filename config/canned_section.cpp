#include "config/dispatch_sections.hpp"
#include "config/reception_section.hpp"

namespace switchboard::config {
namespace {

constexpr std::size_t longest_reply = 4096;

void read_reply_texts(const yaml_value& value, std::map<std::string, std::string>& out) {
  yaml_map languages(value);
  for (const auto& [language, one] : languages.entries()) {
    std::string text;
    if (!one.text(text, longest_reply)) continue;
    if (text.empty()) one.refuse("must not be empty");
    check_placeholders(one, text);
    out[language] = text;
  }
}

}  // namespace

void read_canned_replies(const yaml_value& section, dispatch_config& all) {
  declared_ids ids;
  auto groups = group_names(all);
  for (const auto& one : section.list(10'000)) {
    canned_reply reply;
    reply.where = one.where();
    yaml_map map(one);
    reply.id = ids.read(map);
    reply.title = reply.id;
    if (auto v = map.find("title")) v->text(reply.title);
    if (auto v = map.find("shortcut")) v->text(reply.shortcut, 64);
    if (auto v = map.find("groups")) {
      for (const auto& g : v->one_or_list(1000)) {
        if (std::string id; g.reference(id, "group", groups)) reply.groups.emplace_back(id);
      }
    }
    if (auto v = map.need("texts")) read_reply_texts(*v, reply.texts);
    map.finish();
    all.reception.canned_replies.push_back(std::move(reply));
  }
}

}  // namespace switchboard::config
