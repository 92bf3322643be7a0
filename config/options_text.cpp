#include "config/option_table.hpp"
#include "config/options_loader.hpp"
#include "config/quantity.hpp"

namespace switchboard::config {
namespace {

std::string bounds(const option& o) {
  switch (o.kind) {
    case option_kind::text:
      return "text";
    case option_kind::path:
      return "path";
    case option_kind::flag:
      return "true or false";
    case option_kind::whole_number:
      return std::to_string(o.least) + " to " + std::to_string(o.most);
    case option_kind::size:
      return format_size(o.least) + " to " + format_size(o.most);
    case option_kind::duration:
      return format_duration(millis{o.least}) + " to " + format_duration(millis{o.most});
    case option_kind::choice: {
      std::string out;
      for (const auto& one : o.choices) out += (out.empty() ? "" : " | ") + one;
      return o.choices.size() == 1 ? "only " + out : out;
    }
  }
  return {};
}

std::string effect(const option& o) {
  return o.effect == takes_effect::on_reload ? "reload" : "restart";
}

std::string quoted(const option& o) {
  return o.initial.empty() ? "\"\"" : std::string(o.initial);
}

/// "listen.channel.port" has the sections "listen" and "channel".
std::vector<std::string_view> sections_of(std::string_view key) {
  std::vector<std::string_view> out;
  for (auto dot = key.find('.'); dot != std::string_view::npos; dot = key.find('.')) {
    out.push_back(key.substr(0, dot));
    key.remove_prefix(dot + 1);
  }
  return out;
}

}  // namespace

std::string options_help() {
  std::string out =
      "Options, as keys of the options file or as --set key=value on the command line.\n"
      "\"reload\" options are taken up by a running daemon on SIGHUP, the others at its next "
      "start.\n";
  std::string_view section = "?";
  for (const auto& one : option_table()) {
    auto dot = one.key.find('.');
    auto now = dot == std::string_view::npos ? std::string_view() : one.key.substr(0, dot);
    if (now != section) out += "\n";
    section = now;
    out += "  " + std::string(one.key) + " = " + quoted(one) + "\n      " + std::string(one.text) +
           " (" + bounds(one) + "; " + effect(one) + ")\n";
  }
  return out;
}

std::string options_example() {
  std::string out =
      "# switchboardd: every option at its default. Relative paths count from this file's folder.\n"
      "# In brackets: what it can be, and whether a change needs a reload (SIGHUP) or a "
      "restart.\n\n";
  std::vector<std::string_view> open;
  for (const auto& one : option_table()) {
    auto sections = sections_of(one.key);
    std::size_t shared = 0;
    while (shared < open.size() && shared < sections.size() && open[shared] == sections[shared]) {
      ++shared;
    }
    if (shared == 0 && (!sections.empty() || !open.empty())) out += "\n";
    for (auto i = shared; i < sections.size(); ++i) {
      out += std::string(2 * i, ' ') + std::string(sections[i]) + ":\n";
    }
    open = sections;
    std::string indent(2 * sections.size(), ' ');
    out += indent + "# " + std::string(one.text) + " [" + bounds(one) + "; " + effect(one) + "]\n";
    out += indent + std::string(one.key.substr(one.key.rfind('.') + 1)) + ": " + quoted(one) + "\n";
  }
  return out;
}

}  // namespace switchboard::config
