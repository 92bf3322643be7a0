#include "adapters/center_http/path_template.hpp"

#include <algorithm>

#include "runtime/base/text.hpp"

namespace switchboard::center {
namespace {

bool unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

bool in_target(char c) {
  return unreserved(c) || std::string_view("/?&=%:@!$'()*+,;").find(c) != std::string_view::npos;
}

tl::unexpected<error> unknown(const std::string& name, const std::vector<std::string>& known) {
  auto near = nearest_name(name, known);
  std::string all;
  for (const auto& one : known) all += (all.empty() ? "" : ", ") + one;
  return fail(errc::invalid_argument,
              "unknown {" + name + "}" +
                  (near.empty() ? "; there are " + all : "; did you mean {" + near + "}?"));
}

}  // namespace

std::string percent_encoded(std::string_view text) {
  constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  for (char c : text) {
    if (unreserved(c)) {
      out += c;
    } else {
      auto byte = static_cast<unsigned char>(c);
      out += {'%', digits[byte >> 4], digits[byte & 15]};
    }
  }
  // A part of dots alone would lead out of its folder, encoded or not.
  if (out == "." || out == "..") return out == "." ? "%2E" : "%2E%2E";
  return out;
}

result<path_template> path_template::parse(std::string_view text,
                                           const std::vector<std::string>& known) {
  if (!text.starts_with('/')) return fail(errc::invalid_argument, "expected a path from /");
  path_template out;
  while (!text.empty()) {
    auto open = std::min(text.find('{'), text.size());
    auto plain = text.substr(0, open);
    auto wrong = std::find_if_not(plain.begin(), plain.end(), in_target);
    if (wrong != plain.end()) {
      return fail(errc::invalid_argument, std::string("no path can hold '") + *wrong + "'");
    }
    if (!plain.empty()) out.parts_.push_back({std::string(plain), false});
    text.remove_prefix(open);
    if (text.empty()) break;
    auto close = text.find('}');
    if (close == std::string_view::npos) return fail(errc::invalid_argument, "a { is never closed");
    std::string name(text.substr(1, close - 1));
    if (std::find(known.begin(), known.end(), name) == known.end()) return unknown(name, known);
    out.parts_.push_back({std::move(name), true});
    text.remove_prefix(close + 1);
  }
  return out;
}

std::string path_template::expand(const std::map<std::string, std::string>& values) const {
  std::string out;
  for (const auto& part : parts_) {
    if (!part.name) {
      out += part.text;
    } else if (auto at = values.find(part.text); at != values.end()) {
      out += percent_encoded(at->second);
    }
  }
  return out;
}

bool path_template::uses(std::string_view name) const {
  return std::any_of(parts_.begin(), parts_.end(),
                     [&](const part& p) { return p.name && p.text == name; });
}

}  // namespace switchboard::center
