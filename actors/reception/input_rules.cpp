#include "actors/reception/input_rules.hpp"

#include <algorithm>

#include "runtime/codec/byte_reader.hpp"
#include "runtime/text/characters.hpp"

namespace switchboard {
namespace {

error refusal(const named_input& in, std::string_view setting, std::string field,
              std::string what) {
  error e{errc::invalid_argument, field + ": " + what, std::move(field), {}, 0};
  e.rule = std::string(in.place) + "." + std::string(in.side) + "." + std::string(setting);
  return e;
}

/// SVG is a document that may carry scripts: no picture to whoever says "image/*".
bool is_active_image(std::string_view kind) {
  return kind.starts_with("image/svg");
}

std::string listed(std::uint16_t types) {
  std::string out;
  auto& names = config::message_type_names();
  for (std::size_t i = 0; i < names.size(); ++i) {
    if ((types >> i & 1) != 0) out += (out.empty() ? "" : ", ") + names[i];
  }
  return out;
}

std::string listed(const std::vector<std::string>& all) {
  std::string out;
  for (auto& one : all) out += (out.empty() ? "" : ", ") + one;
  return out;
}

}  // namespace

std::size_t message_type_of(std::string_view name) {
  auto& names = config::message_type_names();
  return static_cast<std::size_t>(std::ranges::find(names, name) - names.begin());
}

message_facts facts_of(std::string_view type, std::string_view packed_body) {
  message_facts m;
  m.type = message_type_of(type);
  codec::byte_reader r(packed_body);
  auto pairs = r.map();
  for (auto left = pairs.value_or(0); left > 0; --left) {
    auto key = r.text();
    if (!key) break;
    if (*key == "text" || *key == "form_id" || *key == "kind") {
      if (auto value = r.text()) {
        (*key == "text" ? m.text : *key == "kind" ? m.file_kind : m.form) = *value;
        continue;
      }
    } else if (*key == "size") {
      if (auto value = r.integer()) {
        m.file_size = *value;
        continue;
      }
    }
    if (!r.skip()) break;
  }
  return m;
}

bool is_silent(const config::input_settings& s) {
  return !s.types && !s.text_length && !s.file_size && s.file_kinds.empty() && s.forms.empty();
}

std::optional<error> check_input(const named_input& in, const message_facts& m) {
  auto& s = *in.settings;
  if (s.types && (*s.types >> m.type & 1) == 0) {
    return refusal(in, "types", "type", "expected " + listed(*s.types));
  }
  // A character is a byte at least.
  if (s.text_length && m.text.size() > static_cast<std::size_t>(*s.text_length)) {
    auto length = character_count(m.text);
    if (length > static_cast<std::size_t>(*s.text_length)) {
      return refusal(
          in, "text_length", "body.text",
          std::to_string(length) + " characters; at most " + std::to_string(*s.text_length));
    }
  }
  if (s.file_size && m.file_size && *m.file_size > *s.file_size) {
    return refusal(
        in, "file_size", "body.size",
        std::to_string(*m.file_size) + " bytes; at most " + std::to_string(*s.file_size));
  }
  if (!s.file_kinds.empty() && !m.file_kind.empty() &&
      std::ranges::none_of(s.file_kinds, [&](auto& k) { return kind_matches(m.file_kind, k); })) {
    return refusal(in, "file_kinds", "body.kind",
                   "is " + std::string(m.file_kind) + "; expected " + listed(s.file_kinds));
  }
  if (!s.forms.empty() && !m.form.empty() && std::ranges::find(s.forms, m.form) == s.forms.end()) {
    return refusal(in, "forms", "body.form_id", "expected " + listed(s.forms));
  }
  return {};
}

bool kind_matches(std::string_view kind, std::string_view pattern) {
  if (!pattern.ends_with("/*")) return kind == pattern;
  return kind.starts_with(pattern.substr(0, pattern.size() - 1)) && !is_active_image(kind);
}

bool kind_fits_type(std::string_view kind, std::string_view message_type) {
  if (message_type == "image") return kind.starts_with("image/") && !is_active_image(kind);
  if (message_type == "voice") return kind.starts_with("audio/");
  if (message_type == "video") return kind.starts_with("video/");
  return message_type == "file";
}

}  // namespace switchboard
