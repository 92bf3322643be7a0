#include "tools/switchboardctl/envelope.hpp"

#include "tools/switchboardctl/language.hpp"
#include "tools/switchboardctl/text_width.hpp"

namespace switchboard::ctl {
namespace {

constexpr int envelope_version = 1;

}  // namespace

failure failure_of(const error& e) {
  failure out;
  out.exit = e.code == errc::deadline_exceeded ? exit_code::timed_out : exit_code::failed;
  out.code = to_string(e.code);
  out.message = e.message;
  if (!e.field.empty()) out.details["field"] = e.field;
  if (!e.detail_name.empty()) out.details[e.detail_name] = e.detail;
  return out;
}

std::string envelope(const outcome& what) {
  json out;
  out["version"] = envelope_version;
  out["ok"] = what.has_value();
  if (what) {
    out["data"] = what->data;
  } else {
    auto& e = out["error"];
    e["code"] = what.error().code;
    e["message"] = what.error().message;
    for (auto& [name, value] : what.error().details.items()) {
      if (!e.contains(name)) e[name] = value;
    }
  }
  return out.dump(-1, ' ', false, json::error_handler_t::replace) + '\n';
}

std::string failure_text(const failure& why, std::string_view program) {
  std::string out =
      std::string(program) + ": " + terminal::printable(translated(why.message)) + '\n';
  if (!why.details.is_object() || !why.details.contains("errors")) return out;
  const auto& errors = why.details["errors"];
  // The daemon says them in its message, and how many here.
  if (!errors.is_array()) return out;
  for (auto& line : errors) {
    out +=
        terminal::printable(line.is_string() ? translated(line.get<std::string>()) : line.dump()) +
        '\n';
  }
  return out;
}

}  // namespace switchboard::ctl
