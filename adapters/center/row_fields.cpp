#include "adapters/center/row_fields.hpp"

#include <algorithm>
#include <charconv>

#include "adapters/center/row_source.hpp"
#include "runtime/base/text.hpp"
#include "runtime/text/contact_form.hpp"

namespace switchboard::center {
namespace {

using nlohmann::json;

constexpr std::size_t longest_id = 128;
constexpr std::size_t most_words = 64;

std::optional<std::string> scalar_text(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number() || value.is_boolean()) return value.dump();
  return {};
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 127; });
}

}  // namespace

void row_fields::refuse(const char* name, std::string message) {
  good_ = false;
  errors_.add(line_, path(name), std::move(message));
}

std::optional<std::string> row_fields::scalar(const char* name, presence p) {
  known_.emplace_back(name);
  auto at = row_.find(name);
  bool absent = at == row_.end() || at->is_null();
  auto text = absent ? std::nullopt : scalar_text(*at);
  if (text && !text->empty()) return text;
  if (!absent && !text) {
    refuse(name, "expected text or a number");
  } else if (p == presence::required) {
    refuse(name, "missing");
  }
  return {};
}

std::string row_fields::text(const char* name, presence p, std::size_t most) {
  auto value = scalar(name, p).value_or("");
  if (value.size() <= most) return value;
  refuse(name, "longer than " + std::to_string(most) + " bytes");
  return {};
}

std::string row_fields::id(const char* name, presence p) {
  auto value = text(name, p, longest_id);
  if (!has_control(value)) return value;
  refuse(name, "holds control characters");
  return {};
}

std::int64_t row_fields::integer(const char* name, std::int64_t otherwise, std::int64_t least,
                                 std::int64_t most) {
  auto text = scalar(name, presence::optional);
  if (!text) return otherwise;
  std::int64_t value = 0;
  auto [end, err] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (err == std::errc{} && end == text->data() + text->size() && value >= least && value <= most) {
    return value;
  }
  refuse(name,
         "expected a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  return otherwise;
}

std::int64_t row_fields::hundredths(const char* name, presence p) {
  auto text = scalar(name, p);
  if (!text) return 0;
  auto value = parse_hundredths(*text);
  if (!value) refuse(name, "expected an amount such as 129.90");
  return value.value_or(0);
}

timestamp row_fields::moment(const char* name, presence p) {
  auto at = row_.find(name);
  if (at != row_.end() && at->is_number_integer()) {
    return from_unix_ms(integer(name, 0, 0, std::int64_t{1} << 53));
  }
  auto text = scalar(name, p);
  if (!text) return {};
  auto value = parse_moment(*text);
  if (!value) refuse(name, "expected a time such as 2026-03-01 or 2026-03-01T10:20:30+08:00");
  return value.value_or(timestamp{});
}

std::string row_fields::phone(const char* name) {
  auto text = scalar(name, presence::optional);
  if (!text) return {};
  auto form = phone_form(*text);
  if (form.empty()) refuse(name, "expected digits");
  return form;
}

std::string row_fields::email(const char* name) {
  auto text = scalar(name, presence::optional);
  if (!text) return {};
  auto form = email_form(*text);
  if (form.empty()) refuse(name, "expected an e-mail address");
  return form;
}

std::vector<std::string> row_fields::words(const char* name) {
  std::vector<std::string> out;
  auto at = row_.find(name);
  if (at != row_.end() && at->is_array()) {
    known_.emplace_back(name);
    for (const auto& element : *at) {
      auto word = scalar_text(element);
      if (!word) return refuse(name, "expected a list of texts"), std::vector<std::string>{};
      out.push_back(std::move(*word));
    }
  } else if (auto text = scalar(name, presence::optional)) {
    for (std::size_t from = 0; from <= text->size();) {
      auto bar = std::min(text->find('|', from), text->size());
      out.push_back(text->substr(from, bar - from));
      from = bar + 1;
    }
  }
  std::erase(out, "");
  bool long_word =
      std::any_of(out.begin(), out.end(), [](const auto& w) { return w.size() > 128; });
  if (out.size() > most_words || long_word) {
    refuse(name, "expected at most 64 words of at most 128 bytes");
  }
  return out;
}

std::map<std::string, std::string> row_fields::attributes(const char* name) {
  std::map<std::string, std::string> out;
  auto object = inner(name);
  if (object.is_null()) return out;
  if (!object.is_object() || object.size() > 64) {
    refuse(name, "expected at most 64 names with values");
    return out;
  }
  for (const auto& [key, value] : object.items()) {
    auto text = scalar_text(value);
    if (text && text->size() <= 1024) {
      out[key] = std::move(*text);
    } else {
      refuse((std::string(name) + "." + key).c_str(), "expected text, a number or a flag");
    }
  }
  return out;
}

json row_fields::inner(const char* name) {
  known_.emplace_back(name);
  auto at = row_.find(name);
  if (at == row_.end() || !at->is_string()) return at == row_.end() ? json() : *at;
  if (auto parsed = json_of(at->get_ref<const std::string&>())) return std::move(*parsed);
  refuse(name, "expected JSON");
  return {};
}

void row_fields::finish() {
  for (const auto& [name, value] : row_.items()) {
    if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
    auto near = nearest_name(name, known_);
    refuse(name.c_str(),
           near.empty() ? "unknown field" : "unknown field; did you mean \"" + near + "\"?");
  }
}

}  // namespace switchboard::center
